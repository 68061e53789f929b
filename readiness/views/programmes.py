"""Where a person starts, and the programmes they may see."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from readiness.dashboards.programmes import sites_address
from rollout.choices import Role
from rollout.models import Deployment, Programme
from rollout.permissions import be_logged_in, read_programme, rights_of
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted

# Roles whose work is one place: they start at it when there is only one.
OF_ONE_PLACE = frozenset({Role.SITE_LEAD, Role.WARD_MANAGER, Role.CHAMPION})


@require_safe
@permitted(be_logged_in)
def work(request: UserRequest) -> HttpResponse:
    """Go on to the page the person's roles make the first: their only site, their only programme, or the list."""
    if rights_of(request.user).roles <= OF_ONE_PLACE:
        deployments = Deployment.objects.current().visible_to(request.user)
        places = list(deployments.values_list("programme__code", "site__code").order_by("pk")[:2])
        if len(places) == 1:
            return redirect("readiness:deployment-detail", programme=places[0][0], site=places[0][1])
    programmes = list(Programme.objects.current().visible_to(request.user).order_by("pk")[:2])
    return redirect(sites_address(programmes[0]) if len(programmes) == 1 else "readiness:programme-list")


@require_safe
@permitted(read_programme, find_programme)
def programme_detail(request: UserRequest, programme: Programme) -> HttpResponse:
    """A programme's own page is its sites until it has more to say."""
    return redirect("readiness:deployment-list", programme=programme.code)
