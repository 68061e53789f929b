"""The page of one programme: what it is for, how far it is, who is in it, what was decided."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.board.headline import headlines
from readiness.dashboards.board.scope import scope_of
from readiness.dashboards.board.survey import Survey
from readiness.dashboards.comments import closed_on
from readiness.dashboards.freshness import nothing_known
from readiness.dashboards.gates import next_gates, told
from readiness.dashboards.programme.decisions import decisions_of, decisions_table, lines
from readiness.dashboards.programme.records import (
    bundles_of,
    bundles_table,
    gates_table,
    interest_table,
    reviews_of,
    reviews_table,
    waiting,
)
from readiness.dashboards.programme.team import team_of, team_table
from readiness.dashboards.programme.waves import waves_of, waves_table
from readiness.dashboards.who import people_of
from readiness.views.asked import day_asked
from readiness.views.days_to_come import day_to_come
from readiness.views.frame import programme_frame
from rollout.downloads import Table, download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.permissions import manage_programme, places_with_names, read_programme
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted

GATES_SHOWN = 10
WAITING_SHOWN, ALL_WAITING = 10, 200
DECISIONS_PER_PAGE = 10
WAVE_COLUMNS = (
    {"label": _("Wave")},
    {"label": _("Window")},
    {"label": _("Sites by band")},
    {"label": _("Go-lives")},
)
GATE_COLUMNS = ({"label": _("Gate")}, {"label": _("Site")}, {"label": _("Day")}, {"label": _("State")})
TEAM_COLUMNS = ({"label": _("Seat")}, {"label": _("Discipline")}, {"label": _("Held by")}, {"label": _("Since")})
INTEREST_COLUMNS = (
    {"label": _("Place"), "numeric": True},
    {"label": _("Site")},
    {"label": _("Interest registered on")},
    {"label": _("Wave")},
    {"label": _("Go-live")},
)
BUNDLE_COLUMNS = (
    {"label": _("Bundle")},
    {"label": _("Planned on")},
    {"label": _("Modules")},
    {"label": _("Other programmes")},
)
REVIEW_COLUMNS = (
    {"label": _("Due on")},
    {"label": _("Held on")},
    {"label": _("Outcome")},
    {"label": _("Reason")},
    {"label": _("By")},
)
DECISION_COLUMNS = (
    {"label": _("What")},
    {"label": _("From")},
    {"label": _("For which sites")},
    {"label": _("Reason")},
    {"label": _("By")},
)


@require_safe
@permitted(read_programme, find_programme)
def programme_detail(request: UserRequest, programme: Programme) -> HttpResponse:
    """A programme on one page; with htmx the page of decisions alone."""
    day, today = day_asked(request), timezone.localdate()
    deployments = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    if nothing_known(day, deployments):
        return day_to_come(request, programme.name, programme_frame(request, programme, "overview"), part="decisions")
    visible = Programme.objects.current().visible_to(request.user)
    may_name = places_with_names(request.user, programme)
    if answer := download_answer(request, files(programme, deployments, visible, may_name, day, today)):
        return answer
    decided = decisions_of(programme, deployments)
    page = Paginator(decided, DECISIONS_PER_PAGE).get_page(request.GET.get("page"))
    decisions = list(page.object_list)
    part = wants_part(request)
    reviews = [] if part else reviews_of(programme)
    people = people_of([row.by_id for row in [*decisions, *reviews]], programme, may_name)
    context: dict[str, Any] = {
        "page": page,
        "decisions": lines(decisions, people),
        "decision_columns": DECISION_COLUMNS,
        "programme": programme,
        "part": part,
        "today": today,
    }
    if not part:
        context |= programme_frame(request, programme, "overview")
        context |= overview(programme, deployments, day, today)
        context["headline"] = present_value(request, programme, context["bands"].sites, day, today)
        everybody = request.GET.get("asked") == "all"
        rows = waiting(deployments)[: (ALL_WAITING if everybody else WAITING_SHOWN) + 1]
        context |= {
            "names": may_name(None),
            "manages": manage_programme(request.user, programme) and not day,
            "opened": None if day else closed_on(programme, request.user, programme=programme, counted=False),
            "review_late": next((row.due_on for row in reviews if not row.outcome and row.due_on < today), None),
            "reviews": [(row, people.words(row.by_id)) for row in reviews],
            "review_columns": REVIEW_COLUMNS,
            "bundles": bundles_of(programme, visible),
            "bundle_columns": BUNDLE_COLUMNS,
            "waiting": list(rows),
            "waiting_shown": ALL_WAITING if everybody else WAITING_SHOWN,
            "everybody": everybody,
            "interest_columns": INTEREST_COLUMNS,
        }
    return render_page(request, "readiness/programme_detail.html", context, partial="decisions")


def overview(programme: Programme, deployments: QuerySet, day: date | None, today: date) -> dict[str, Any]:
    """Waves, next gates and team, and of which day the scores are."""
    waves = waves_of(programme, deployments, day)
    gates = told(next_gates(deployments, today)[: GATES_SHOWN + 1])
    return {
        "waves": waves.rows,
        "bands": waves.bands,
        "asked": waves.asked,
        "begun": waves.begun,
        "freshness": waves.freshness,
        "wave_columns": WAVE_COLUMNS,
        "gates": gates[:GATES_SHOWN],
        "more_gates": len(gates) > GATES_SHOWN,
        "gate_columns": GATE_COLUMNS,
        "team": team_of(programme, today),
        "team_columns": TEAM_COLUMNS,
    }


def present_value(request: UserRequest, programme: Programme, sites: int, day: date | None, today: date) -> str:
    """The headline measure's newest value over the sites that the reader may see, in a sentence; "" without one."""
    scope = scope_of(request.user, [programme], today=today, as_of=day, since=today)
    found = headlines(scope, Survey()).get(programme.pk)
    return replace(found, all_sites=sites).sentence if found else ""


def files(
    programme: Programme,
    deployments: QuerySet,
    visible: QuerySet,
    may_name: Callable[[int | None], bool],
    day: date | None,
    today: date,
) -> dict[str, Callable[[], Table]]:
    """The tables of the page, whole, each made when it is asked for."""

    def decisions() -> Table:
        rows = list(decisions_of(programme, deployments))
        return decisions_table(lines(rows, people_of([row.by_id for row in rows], programme, may_name)))

    def reviews() -> Table:
        rows = reviews_of(programme)
        return reviews_table(rows, people_of([row.by_id for row in rows], programme, may_name).words)

    return {
        "waves": lambda: waves_table(waves_of(programme, deployments, day).rows),
        "gates": lambda: gates_table(told(next_gates(deployments, today))),
        "team": lambda: team_table(team_of(programme, today), may_name(None)),
        "interest": lambda: interest_table(deployments),
        "bundles": lambda: bundles_table(bundles_of(programme, visible)),
        "reviews": reviews,
        "decisions": decisions,
    }
