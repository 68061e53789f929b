"""Why a site has its score, and why it moved between two days."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.head import score_shown
from readiness.dashboards.moved import movement
from readiness.dashboards.since import days_of, quick_links
from readiness.dashboards.why import why_page
from readiness.dashboards.why_files import moved_files, why_files
from readiness.forms.why import SinceForm
from readiness.scoring import CODES
from readiness.views.asked import day_asked, revision_asked
from readiness.views.frame import deployment_frame
from rollout.downloads import download_answer
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.permissions import read_deployment, see_counts_of_few, see_names_at
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted

POINTS: tuple[dict[str, Any], ...] = (
    {"label": _("Contribution"), "numeric": True},
    {"label": _("Lost points"), "numeric": True},
)
INDICATOR_COLUMNS = (
    {"label": _("Indicator")},
    {"label": _("Value"), "numeric": True},
    {"label": _("Counts"), "numeric": True},
    {"label": _("Target"), "numeric": True},
    *POINTS,
)
BASES_COLUMNS = (
    {"label": _("Indicator")},
    {"label": _("All staff"), "numeric": True},
    {"label": _("Staff not absent"), "numeric": True},
)
REVISION_COLUMNS = (
    {"label": _("Revision")},
    {"label": _("Score"), "numeric": True},
    {"label": _("Worked out")},
    {"label": _("Reason")},
    {"label": _("State")},
)
CAUSE_COLUMNS = (
    {"label": _("Cause")},
    {"label": _("Points"), "numeric": True},
    {"label": _("Before limits"), "numeric": True},
)


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_why(request: UserRequest, deployment: Deployment) -> Any:
    """Why this number; with `?since=` why it moved since a day."""
    frame = deployment_frame(request, deployment, "why")
    if "since" in request.GET:
        return _moved(request, deployment, frame)
    head = frame["head"]
    if head is None:
        return download_answer(request, {}) or render_page(request, "readiness/deployment_why.html", frame)
    user = request.user
    page = why_page(
        deployment,
        head,
        few=see_counts_of_few(user, deployment),
        names=see_names_at(user, deployment),
        records=addresses(request, deployment),
    )
    if answer := download_answer(request, why_files(page, deployment)):
        return answer
    context = {
        **frame,
        "page": page,
        "shown": page.shown,
        "indicator_columns": INDICATOR_COLUMNS,
        "bases_columns": BASES_COLUMNS,
        "revision_columns": REVISION_COLUMNS,
        "quick": quick_links(days_of(deployment, head.score), head.score, frame["as_of"]),
        "since_form": SinceForm(shown=None, initial={"since": head.since.day, "as_of": frame["as_of"]}),
    }
    return render_page(request, "readiness/deployment_why.html", context)


def addresses(request: UserRequest, deployment: Deployment) -> dict[str, str]:
    """The address of the records behind each indicator, on the day and of the revision shown."""
    asked = {"as_of": day_asked(request), "revision": revision_asked(request)}
    query = urlencode({name: value for name, value in asked.items() if value})
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    paths = {code: reverse("readiness:indicator-records", kwargs={**address, "indicator": code}) for code in CODES}
    return {code: f"{path}?{query}" if query else path for code, path in paths.items()}


def _moved(request: UserRequest, deployment: Deployment, frame: dict[str, Any]) -> Any:
    """Why the score moved between two days; what cannot be compared is said in words."""
    head = frame["head"]
    after = head.score if head else None
    form = SinceForm(request.GET if request.GET["since"] else None, shown=after.day if after else None)
    since = form.cleaned_data["since"] if form.is_valid() else None
    before = score_shown(deployment, since) if since and after else None
    moved, embedded = None, False
    if before is not None and after is not None:
        try:
            few, records = see_counts_of_few(request.user, deployment), addresses(request, deployment)
            moved = movement(deployment, before, after, few=few, records=records)
        except LookupError:
            embedded = True
    if answer := download_answer(request, moved_files(moved, deployment) if moved else {}):
        return answer
    days = days_of(deployment, after)
    context = {
        **frame,
        "form": form,
        "since": since,
        "moved": moved,
        "embedded": embedded,
        "days": days,
        "cause_columns": CAUSE_COLUMNS,
        "quick": quick_links(days, after, frame["as_of"]),
    }
    status = 422 if form.errors else 200
    return render_page(request, "readiness/deployment_moved.html", context, partial="moved", status=status)
