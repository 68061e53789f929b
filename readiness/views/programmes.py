"""Where a person starts, and the programmes they may see."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.choices import Band
from readiness.dashboards.programmes import BAND_ORDER, programme_rows, sites_address, why_nothing
from readiness.dashboards.sites import PER_PAGE
from rollout.choices import Role
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import be_logged_in, read_programme, rights_of
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted

COLUMNS = (
    {"label": _("Programme")},
    {"label": _("State")},
    {"label": _("Sites"), "numeric": True},
    *({"label": Band(band).label, "numeric": True} for band in BAND_ORDER),
)
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
@permitted(be_logged_in)
def programme_list(request: UserRequest) -> HttpResponse:
    """The programmes the person may see, with the sites they may see of each, by band."""
    programmes = Programme.objects.current().visible_to(request.user)
    page = Paginator(programmes, PER_PAGE).get_page(request.GET.get("page"))
    deployments = Deployment.objects.current().visible_to(request.user)
    rows = programme_rows(list(page.object_list), deployments)
    nothing = "" if rows else why_nothing(rights_of(request.user))
    context = {"rows": rows, "page": page, "columns": COLUMNS, "nothing": nothing}
    return render_page(request, "readiness/programme_list.html", context)


@require_safe
@permitted(read_programme, find_programme)
def programme_detail(request: UserRequest, programme: Programme) -> HttpResponse:
    """A programme's own page is its sites until it has more to say."""
    return redirect("readiness:deployment-list", programme=programme.code)
