"""The timeline of a site: everything that happened there, newest first."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from readiness.dashboards.timeline import KINDS, Timeline, kinds_with_counts, months, timeline_table
from readiness.views.asked import day_asked
from readiness.views.frame import deployment_frame
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment
from rollout.permissions import read_deployment
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted

PER_PAGE = 50


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_timeline(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """What happened at a site until a day, of one kind or of all, 50 entries a page."""
    day = day_asked(request)
    zone = deployment.site.time_zone
    today = timezone.localdate(timezone=ZoneInfo(zone))
    kind = request.GET.get("kind", "")
    timeline = Timeline(deployment, request.user, day or today, kind)
    files = {"timeline": lambda: timeline_table(timeline[:], KINDS, deployment.site.name)}
    if answer := download_answer(request, files):
        return answer
    page = Paginator(timeline, PER_PAGE).get_page(request.GET.get("page"))
    part = wants_part(request)
    context: dict[str, Any] = {
        "deployment": deployment,
        "programme": deployment.programme,
        "page": page,
        "months": months(page.object_list),
        "kinds": kinds_with_counts(timeline),
        "kind": kind if kind in KINDS else "",
        "site_zone": "" if zone == timezone.get_current_timezone_name() else zone,
        "part": part,
    }
    if not part:
        context |= deployment_frame(request, deployment, "timeline")
    return render_page(request, "readiness/deployment_timeline.html", context, partial="timeline")
