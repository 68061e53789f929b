"""The own page of a site: how it stands, what to do next, how it came here."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.comments import closed_on
from readiness.dashboards.site.course import ALL
from readiness.dashboards.site.overview import overview
from readiness.dashboards.site.reader import reader_of
from readiness.views.frame import deployment_frame
from readiness.views.plan import plan_address
from rollout.downloads import download_answer
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.permissions import plan_deployment, read_deployment
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted

POINT_COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Domain")},
    {"label": _("Contribution"), "numeric": True},
    {"label": _("Lost points"), "numeric": True},
    {"label": _("Value"), "numeric": True},
)
DATE_COLUMNS = tuple({"label": label} for label in (_("Changed on"), _("Date"), _("From"), _("To"), _("Who"), _("Why")))


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_detail(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """One site of a programme on a day. `?actions=all` shows every action, `?period=all` the whole course."""
    frame = deployment_frame(request, deployment, "overview")
    page = overview(
        deployment,
        frame["head"],
        reader_of(request.user, deployment),
        as_of=frame["as_of"],
        all_actions=request.GET.get("actions") == "all",
        whole_course=request.GET.get("period") == ALL,
    )
    if answer := download_answer(request, page.tables):
        return answer
    context = {**frame, "page": page, "point_columns": POINT_COLUMNS, "date_columns": DATE_COLUMNS}
    user, programme = request.user, deployment.programme
    may_declare = not frame["as_of"] and plan_deployment(user, deployment)
    context["declare_href"] = plan_address(deployment, "status") if may_declare else ""
    context["opened"] = (
        None if frame["as_of"] else closed_on(deployment, user, programme=programme, deployment=deployment)
    )
    return render_page(request, "readiness/deployment_detail.html", context)
