"""How a site's score went against what was expected of it, day by day, with what happened to the site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from django.utils.translation import gettext

from readiness.choices import Band, GateOutcome
from readiness.dashboards.site.dates import day_written
from readiness.dashboards.site.history import Happening, stage_words
from readiness.models import ReadinessScore
from readiness.scoring import Model
from rollout.charts import Chart, Line, Mark, time_chart
from rollout.choices import ChangeWhat, DecisionKind
from rollout.models import Deployment
from rollout.templatetags.formats import day as written_day
from rollout.templatetags.formats import points as signed_points
from rollout.templatetags.formats import score as whole_score

NAME = "score"
RECENT = timedelta(days=90)
ALL = "all"  # ?period=all: from the first score on; anything else: the last 90 days
JUMP = Decimal(5)  # a change from one day to the next that is worth a mark
# Decisions that a gate's outcome of the same day says already.
OF_GATES = {
    DecisionKind.GO: (GateOutcome.GO, GateOutcome.GO_WITH_CONDITIONS),
    DecisionKind.NO_GO: (GateOutcome.NO_GO,),
    DecisionKind.DEFER: (GateOutcome.DEFER,),
}


@dataclass(frozen=True)
class DayScore:
    """The score of a day, 0–100, and what was expected (None: nothing was, or the site was compared with nothing)."""

    day: date
    score: Decimal
    expected: Decimal | None


def course_of(deployment: Deployment, until: date, *, whole: bool, exact: bool) -> list[DayScore]:
    """The current scores of the last 90 days, or (`whole`) of every day. One query.

    Not `exact`: rounded down, as above the page, since decimals could tell what one person more did to the score.
    """
    scores = ReadinessScore.objects.current().filter(deployment=deployment, day__lte=until)
    if not whole:
        scores = scores.filter(day__gte=until - RECENT)
    rows = scores.order_by("day", "model_id").values_list("day", "score", "expected", "band")
    return list(
        {
            day: DayScore(day, score if exact else _down(score), None if band == Band.PAUSED else expected)
            for day, score, expected, band in rows
        }.values()
    )


def _down(score: Decimal) -> Decimal:
    return score.to_integral_value(ROUND_FLOOR)


def course_chart(days: Sequence[DayScore], history: Iterable[Happening], model: Model | None, *, today: date) -> Chart:
    """The chart of score against expected. Without days it says that there is nothing to draw yet."""
    lines = [Line(gettext("Score"), [(each.day, each.score) for each in days])]
    if any(each.expected is not None for each in days):
        lines.append(Line(gettext("Expected"), [(each.day, each.expected) for each in days], "expected"))
    if model and days:
        lines.append(Line(gettext("Ready"), [(days[-1].day, model.ready_at)], "target"))
    within = (days[0].day, days[-1].day) if days else (today, today)
    return time_chart(
        name=NAME,
        title=message(days),
        lines=lines if days else [],
        marks=[mark for mark in marks_of(days, history) if within[0] <= mark.day <= within[1]],
        today=today,
        low=0,
        high=100,
        first=within[0],
        last=within[1],
        unit=gettext("Points of 100"),
        empty=gettext("The first score is worked out tonight. From then on its course is drawn here."),
    )


def message(days: Sequence[DayScore]) -> str:
    """What the chart says, in a sentence."""
    if not days:
        return gettext("No score yet")
    first, last = days[0], days[-1]
    words = {
        "first": whole_score(first.score),
        "last": whole_score(last.score),
        "day": written_day(first.day),
        "expected": whole_score(last.expected),
    }
    if first.day == last.day:
        told = gettext("The score is %(last)s")
    elif first.score == last.score:
        told = gettext("The score is %(last)s, as on %(day)s")
    elif first.score < last.score:
        told = gettext("The score rose from %(first)s on %(day)s to %(last)s")
    else:
        told = gettext("The score fell from %(first)s on %(day)s to %(last)s")
    if last.expected is not None:
        told = gettext("%(told)s; %(expected)s is expected") % {"told": told, "expected": "%(expected)s"}
    return told % words


def marks_of(days: Sequence[DayScore], history: Iterable[Happening]) -> list[Mark]:
    """What to mark: dates and stages changed, decisions, gates with their outcome, jumps from one day to the next."""
    history = list(history)
    decided = {(each.on, each.after) for each in history if each.source == "gate"}
    marks = [Mark(each.on, label) for each in history if (label := _label(each, decided))]
    for before, after in pairwise(days):
        jump = after.score - before.score
        if (after.day - before.day).days == 1 and abs(jump) >= JUMP:
            marks.append(Mark(after.day, gettext("Score %(points)s") % {"points": signed_points(jump)}))
    return sorted(marks, key=lambda mark: mark.day)


def _label(each: Happening, decided: set[tuple[date, str]]) -> str:
    """A happening as a mark tells it; "" for what is not marked."""
    if each.source == "gate":
        return f"{each.text}: {GateOutcome(each.after).label}"
    if each.source == "decision":
        kind = DecisionKind(each.what)
        said = any((each.on, outcome) in decided for outcome in OF_GATES.get(kind, ()))
        return "" if said else gettext("Decision: %(kind)s") % {"kind": kind.label}
    if each.what == ChangeWhat.STAGE:
        return stage_words(each.after)
    if each.what in (ChangeWhat.GO_LIVE, ChangeWhat.TECHNICAL_GO_LIVE):
        return _date_label(each)
    return ""


def _date_label(each: Happening) -> str:
    to = day_written(each.after)
    what = ChangeWhat(each.what).label
    if to is None:
        return gettext("%(what)s: no date") % {"what": what}
    return gettext("%(what)s moved to %(day)s") % {"what": what, "day": written_day(to)}
