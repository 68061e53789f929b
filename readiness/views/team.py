"""The team of a site: its seats, and its readiness group."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.group import group_of
from readiness.dashboards.seat_book import seat_book
from readiness.views.frame import deployment_frame
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.permissions import keep_checklist, read_deployment, see_names_at
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.views.access import find_deployment, permitted

SEAT_COLUMNS = ({"label": _("Seat")}, {"label": _("Held by")}, {"label": _("Before")})
CHANGE = {"label": _("Change"), "classes": "app-screen-only"}
ACTION_COLUMNS = ({"label": _("Action")}, {"label": _("Owner")}, {"label": _("Due on")})
MEETING_COLUMNS = ({"label": _("Held on")}, {"label": _("Who came")}, {"label": _("Notes")})


def seat_columns(keeps: bool) -> list[dict[str, Any]]:
    """The columns of a table of seats."""
    return [*SEAT_COLUMNS, *([CHANGE] if keeps else [])]


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_team(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Who sits where at a site, and its readiness group. Those who may know no names read how things stand."""
    context = deployment_frame(request, deployment, "team")
    day = context["as_of"] or today_at(deployment)
    keeps = keep_checklist(request.user, deployment) and not context["as_of"]
    context |= {
        "book": seat_book(deployment.programme, deployment.site, day),
        "group": group_of(deployment, day),
        "names": see_names_at(request.user, deployment),
        "keeps": keeps,
        "seat_columns": seat_columns(keeps),
        "action_columns": ACTION_COLUMNS,
        "meeting_columns": MEETING_COLUMNS,
        "site_day": day,
    }
    return render_page(request, "readiness/deployment_team.html", context)
