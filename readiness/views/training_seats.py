"""Seats that a site's training still needs, week by week, against the seats there are; refreshers until day 300."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.judged import models_of
from readiness.dashboards.training_seats import (
    SEAT_COLUMNS,
    SeatPlan,
    refreshers_table,
    seat_plan,
    seat_words,
    seats_table,
)
from readiness.dashboards.trajectory import Trajectory, trajectory
from readiness.models import ReadinessScore
from readiness.views.frame import deployment_frame
from rollout.downloads import download_answer
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.permissions import see_names_in_training, wards_with_names
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, permitted

NUMBERS = [{"label": column.label, "numeric": True} for column in SEAT_COLUMNS]
WEEK_COLUMNS = [{"label": _("Week")}, *NUMBERS]
COURSE_COLUMNS = [{"label": _("Course")}, *NUMBERS, {"label": _("Sessions to plan"), "numeric": True}]
REFRESHER_COLUMNS = [
    {"label": _("Course")},
    {"label": _("Run out"), "numeric": True},
    {"label": _("Booked again in time"), "numeric": True},
    {"label": _("Not booked"), "numeric": True},
    {"label": _("Free seats to come"), "numeric": True},
]
OUT_COLUMNS = [{"label": _("Week")}, *REFRESHER_COLUMNS[:4]]
# Weeks of refreshers on the page; the files have all of them.
WEEKS_SHOWN = 26


def count_seats(user: Somebody, deployment: Deployment) -> bool:
    """Whether the user may read how places on courses are taken: those who book people, each in their own part."""
    return see_names_in_training(user, deployment) or bool(wards_with_names(user, deployment))


def plan_of(training: Trajectory, deployment: Deployment, score: ReadinessScore) -> SeatPlan:
    """The seats of a site whose training is known."""
    return seat_plan(training, deployment, models_of([score])[score.model_id])


@require_safe
@permitted(count_seats, find_deployment)
def training_seats(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """What the planned curve needs from week to week against the seats there are, and refreshers. Shown as today."""
    context: dict[str, Any] = deployment_frame(request, deployment, "training")
    head = context["head"]
    if head is None or context["as_of"]:
        return download_answer(request, {}) or render_page(request, "readiness/training_seats.html", context)
    training = trajectory(deployment, head.score, few=True)
    plan = plan_of(training, deployment, head.score)
    files = {"seats": lambda: seats_table(plan), "refreshers": lambda: refreshers_table(plan)}
    if answer := download_answer(request, files):
        return answer
    context |= {
        "training": training,
        "plan": plan,
        "sentences": seat_words(plan),
        "week_columns": WEEK_COLUMNS,
        "course_columns": COURSE_COLUMNS,
        "refresher_columns": REFRESHER_COLUMNS,
        "out_columns": OUT_COLUMNS,
        "weeks_out": plan.refreshers[:WEEKS_SHOWN],
        "more_out": max(len(plan.refreshers) - WEEKS_SHOWN, 0),
    }
    return render_page(request, "readiness/training_seats.html", context)
