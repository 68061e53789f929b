"""The sites of a programme, and one site of it."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.deployment import scored
from readiness.dashboards.freshness import freshness_of, late_run, zones_of
from readiness.dashboards.programmes import Bands, bands_by_programme, programme_band
from readiness.dashboards.runs import working_on
from readiness.dashboards.sites import chosen, in_order, page_of_sites
from readiness.forms.sites import SiteFilters
from readiness.views.asked import day_asked
from readiness.views.frame import deployment_frame
from readiness.views.trail import crumb_programmes
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.permissions import manage_programme, read_deployment, read_programme, see_counts_of_few
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, find_programme, permitted

# `sort` is the word of ?sort=; see readiness.dashboards.sites.SORTS. Score and band stand first, since a phone shows
# three columns.
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Site"), "sort": "site"},
    {"label": _("Score"), "sort": "score", "numeric": True},
    {"label": _("Band"), "sort": "band"},
    {"label": _("Expected"), "sort": "expected", "numeric": True},
    {"label": _("Days to go"), "sort": "days", "numeric": True},
    {"label": _("Wave"), "sort": "wave"},
    {"label": _("Stage"), "sort": "stage"},
    {"label": _("Declared")},
    {"label": _("Held by")},
)
POINTS: tuple[dict[str, Any], ...] = (
    {"label": _("Contribution"), "numeric": True},
    {"label": _("Lost points"), "numeric": True},
)
DOMAIN_COLUMNS = ({"label": _("Domain")}, {"label": _("Value"), "numeric": True}, *POINTS)
INDICATOR_COLUMNS = (
    {"label": _("Indicator")},
    {"label": _("Value"), "numeric": True},
    {"label": _("Counts"), "numeric": True},
    {"label": _("Target"), "numeric": True},
    *POINTS,
)
REVISION_COLUMNS = (
    {"label": _("Revision")},
    {"label": _("Score"), "numeric": True},
    {"label": _("Worked out")},
    {"label": _("Reason")},
    {"label": _("State")},
)
PROGRESS = "working"


@require_safe
@permitted(read_programme, find_programme)
def deployment_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The programme's sites: filtered, in order, 50 a page; or, for htmx, the table alone or the progress of a run."""
    if wants_part(request) and request.headers.get("HX-Target") == PROGRESS:
        progress = {"working": working_on(programme), "programme": programme, "was_working": True}
        return render_page(request, "readiness/deployment_list.html", progress, partial=PROGRESS)
    day = day_asked(request)
    deployments = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    form = SiteFilters(request.GET, waves=programme.waves.filter(retired_at=None))
    listed = in_order(chosen(deployments, form.choice, day), request.GET.get("sort", ""), day)
    page = page_of_sites(programme, listed, request.GET.get("page", ""), day)
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "columns": COLUMNS,
        "sort": request.GET.get("sort", ""),
        "as_of": day,
        "today": timezone.localdate(),
        "part": wants_part(request),
        "freshness": freshness_of(row.score for row in page.object_list if row.score),
    }
    if not wants_part(request):
        context |= {
            "programme": programme,
            "programme_band": programme_band(programme),
            "trail": [crumb_programmes()],
            "bands": bands_by_programme(deployments, day).get(programme.pk, Bands()),
            "late": None if day else late_run(programme, zones_of(programme)),
            "working": None if day else working_on(programme),
            "was_working": False,
            "manages": manage_programme(request.user, programme),
        }
    return render_page(request, "readiness/deployment_list.html", context, partial="sites")


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_detail(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """One site of a programme on a day: the score and everything it is made of."""
    context = deployment_frame(request, deployment, "overview")
    head, few = context["head"], see_counts_of_few(request.user, deployment)
    context |= {
        "shown": None if head is None else scored(deployment, head, few=few),
        "domain_columns": DOMAIN_COLUMNS,
        "indicator_columns": INDICATOR_COLUMNS,
        "revision_columns": REVISION_COLUMNS,
    }
    return render_page(request, "readiness/deployment_detail.html", context)
