"""Where a person starts."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from readiness.dashboards.programmes import sites_address
from rollout.choices import Role
from rollout.models import Deployment, Programme
from rollout.permissions import be_logged_in, rights_of
from rollout.requests import UserRequest
from rollout.views.access import permitted

# Roles whose work is one place: they start at it when there is only one.
OF_ONE_PLACE = frozenset({Role.SITE_LEAD, Role.WARD_MANAGER, Role.CHAMPION})


@require_safe
@permitted(be_logged_in)
def work(request: UserRequest) -> HttpResponse:
    """Go on to the page the person's roles make the first.

    That is their only site, their only programme or the list; for who is here for a board alone, the board dashboard.
    """
    roles = rights_of(request.user).roles
    if roles <= OF_ONE_PLACE:
        deployments = Deployment.objects.current().visible_to(request.user)
        places = list(deployments.values_list("programme__code", "site__code").order_by("pk")[:2])
        if len(places) == 1:
            return redirect("readiness:deployment-detail", programme=places[0][0], site=places[0][1])
    programmes = list(Programme.objects.current().visible_to(request.user).order_by("pk")[:2])
    if roles == {Role.BOARD_MEMBER} and len(programmes) == 1:
        return redirect("readiness:programme-board", programme=programmes[0].code)
    if roles == {Role.BOARD_MEMBER}:
        return redirect("readiness:board")
    return redirect(sites_address(programmes[0]) if len(programmes) == 1 else "readiness:programme-list")
