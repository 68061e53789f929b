"""Training: how a site comes along, and all sites of a programme, those furthest behind first."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from readiness.dashboards import training_list
from readiness.dashboards.training_seats import seat_words
from readiness.dashboards.training_tables import HIDDEN, bases, chart_of, files, lapse_rows, sessions_to_come
from readiness.dashboards.training_words import comings_and_goings, missing, sentences, warnings
from readiness.dashboards.trajectory import Rows, trajectory
from readiness.views.frame import deployment_frame
from readiness.views.standings import Listing, standing_list
from readiness.views.training_seats import count_seats, plan_of
from rollout.downloads import download_answer
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import (
    plan_deployment,
    read_deployment,
    read_programme,
    see_counts_of_few,
    see_names_in_training,
)
from rollout.requests import UserRequest
from rollout.views.access import find_deployment, find_programme, permitted

SESSIONS_SHOWN = 8
SHARE = {"label": gettext_lazy("Share"), "numeric": True}
COMPLETED = {"label": gettext_lazy("Completed"), "numeric": True}
REQUIRED = {"label": gettext_lazy("Required"), "numeric": True}
MISSING = {"label": gettext_lazy("Missing"), "numeric": True}
PRESENT = {"label": gettext_lazy("Without those absent from go-live"), "numeric": True}
COURSE_COLUMNS = (
    {"label": gettext_lazy("Course")},
    {"label": gettext_lazy("Taught")},
    SHARE,
    COMPLETED,
    REQUIRED,
    MISSING,
)
BASIS_COLUMNS = (
    {"label": gettext_lazy("Who is counted")},
    SHARE,
    COMPLETED,
    REQUIRED,
    {"label": gettext_lazy("People"), "numeric": True},
    {"label": gettext_lazy("Left out"), "numeric": True},
)
LAPSE_COLUMNS = (
    {"label": gettext_lazy("Week")},
    {"label": gettext_lazy("Course")},
    {"label": gettext_lazy("Run out"), "numeric": True},
)
SESSION_COLUMNS = (
    {"label": gettext_lazy("When")},
    {"label": gettext_lazy("Course")},
    {"label": gettext_lazy("Room or link")},
    {"label": gettext_lazy("Booked"), "numeric": True},
    {"label": gettext_lazy("Free"), "numeric": True},
    {"label": gettext_lazy("Waiting"), "numeric": True},
)

LISTING = Listing(
    name="training",
    heading=gettext_lazy("Training"),
    caption=gettext_lazy("Sites with their training"),
    site_url="readiness:deployment-training",
    rows="readiness/training_rows.html",
    columns=(
        {"label": gettext_lazy("Site"), "sort": "site"},
        {"label": gettext_lazy("Behind its plan"), "sort": "behind"},
        {**COMPLETED, "sort": "share"},
        {"label": gettext_lazy("Planned"), "sort": "planned", "numeric": True},
        {"label": gettext_lazy("Needed a week"), "sort": "needed", "numeric": True},
        {"label": gettext_lazy("Days to go"), "sort": "days", "numeric": True},
        {"label": gettext_lazy("Wave"), "sort": "wave"},
        {"label": gettext_lazy("Stage")},
    ),
    orders=(
        ("-behind", gettext_lazy("Furthest behind first")),
        ("days", gettext_lazy("Next to go live first")),
        ("share", gettext_lazy("Least completed first")),
        ("site", gettext_lazy("By name")),
    ),
    only=gettext_lazy("Only sites behind their plan"),
    nothing=gettext_lazy("The sites of the programme stand here once they are imported, each with its training."),
    lines=training_list.training_lines,
    ordered=training_list.ordered,
    keeps=lambda line: line.behind,
    sentences=training_list.sentences,
    table=training_list.table_of,
    filled=training_list.with_seats,
    more=(("readiness:session-list", gettext_lazy("Training sessions")),),
)


@require_safe
@permitted(read_programme, find_programme)
def programme_training(request: UserRequest, programme: Programme) -> Any:
    """All sites of a programme by their training, the furthest behind their plan first."""
    return standing_list(request, programme, LISTING)


@require_safe
@permitted(read_deployment, find_deployment)
def deployment_training(request: UserRequest, deployment: Deployment) -> Any:
    """A site's training on a day: the curve and where it is, by ward, group and course, and what is to come."""
    context = deployment_frame(request, deployment, "training")
    head = context["head"]
    if head is None:
        return download_answer(request, {}) or render_page(request, "readiness/deployment_training.html", context)
    user, today = request.user, None if context["as_of"] else context["today"]
    few = see_counts_of_few(user, deployment)
    # The parts of one day less those of another would tell of few, whatever each of the days keeps back.
    training = trajectory(deployment, head.score, few=few, split=few or today is not None)
    word = deployment.programme.ward_word or gettext("ward")
    # Places on courses are for those who book them; on another day than today nobody knows what was booked then.
    books = count_seats(user, deployment)
    sessions = partial(sessions_to_come, deployment, user) if books and today else None
    if answer := download_answer(request, files(training, sessions, word, today=today)):
        return answer
    coming = sessions() if sessions else []
    seats = seat_words(plan_of(training, deployment, head.score)) if sessions and not training.paused else []
    context |= {
        "training": training,
        "sentences": sentences(training, today=bool(today)),
        "warnings": warnings(training),
        "seats": seats[:2],
        "missing": missing(training, deployment),
        "bases": bases(training) if training.whole.required and not training.hidden else [],
        "basis_columns": BASIS_COLUMNS,
        "turnover": comings_and_goings(training),
        "chart": chart_of(training, today=today),
        "lapses": lapse_rows(training),
        "books": sessions is not None,
        "plans": today and plan_deployment(user, deployment),
        "sessions": coming[:SESSIONS_SHOWN],
        "more_sessions": len(coming) - SESSIONS_SHOWN,
        "missing_by": missing_addresses(deployment) if today and see_names_in_training(user, deployment) else {},
        "hidden_words": HIDDEN,
        "ward_columns": part_columns(word.capitalize(), training.wards),
        "group_columns": part_columns(gettext("Staff group"), training.groups),
        "course_columns": COURSE_COLUMNS,
        "lapse_columns": LAPSE_COLUMNS,
        "session_columns": SESSION_COLUMNS,
        "word": word,
    }
    return render_page(request, "readiness/deployment_training.html", context)


def missing_addresses(deployment: Deployment) -> dict[str, str]:
    """The list of who is missing, by what it is filtered by; the code follows."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    path = reverse("readiness:training-missing", kwargs=address)
    return {name: f"{path}?{name}=" for name in ("ward", "group", "course")}


def part_columns(first: str, rows: Rows) -> list[dict[str, Any]]:
    """The columns of a table of parts: the second basis only where it is shown."""
    return [{"label": first}, SHARE, COMPLETED, REQUIRED, MISSING, *((PRESENT,) if rows.both else ())]
