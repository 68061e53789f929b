"""Updating the status of a programme: what is declared of each of its sites, beside what is computed."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.programme.statuses import status_lines, to_declare
from readiness.dashboards.sites import PER_PAGE
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programme, crumb_programmes
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import manage_programme
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted

COLUMNS = (
    {"label": _("Site")},
    {"label": _("Declared")},
    {"label": _("Computed")},
    {"label": _("In words")},
    {"label": _("Change"), "classes": "app-screen-only"},
)


@require_safe
@permitted(manage_programme, find_programme)
def programme_status(request: UserRequest, programme: Programme) -> HttpResponse:
    """The sites whose status is to be declared; with `?differs=on` those where the two do not agree."""
    deployments = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    differing = request.GET.get("differs") == "on"
    page = Paginator(to_declare(deployments, differing=differing), PER_PAGE).get_page(request.GET.get("page"))
    context = programme_frame(request, programme, "overview") | {
        "trail": [crumb_programmes(), crumb_programme(programme)],
        "page": page,
        "lines": status_lines(list(page.object_list)),
        "columns": COLUMNS,
        "differing": differing,
        "apart": to_declare(deployments, differing=True).count(),
        "today": timezone.localdate(),
    }
    return render_page(request, "readiness/programme_status.html", context)
