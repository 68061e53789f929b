"""How old the figures of a page are, and whether the run that should have renewed them is late."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, DateField, Exists, F, Func, OuterRef, QuerySet, TextField, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from readiness.choices import RunState
from readiness.models import ReadinessScore, RecomputeRun
from readiness.querysets.runs import OPEN
from rollout.choices import Stage
from rollout.models import Deployment, Programme

# A run starts within 15 minutes of midnight at the site; an hour after that it is late.
LATE_AFTER = timedelta(hours=1, minutes=15)
# What tells how new a score is, in the order of days.
AGE = ("day", "computed_at", "provisional")
LOOK_BACK = 7  # nightly runs read to find the last one that finished


@dataclass(frozen=True)
class Freshness:
    """Of which day the newest of some scores is, when it was worked out, and whether that day is still running."""

    day: date | None = None
    at: datetime | None = None
    provisional: bool = False


def freshness_of(scores: Iterable[ReadinessScore]) -> Freshness:
    """The freshness of the newest of the scores shown."""
    newest = max(scores, key=lambda score: (score.day, score.computed_at), default=None)
    return Freshness() if newest is None else Freshness(newest.day, newest.computed_at, newest.provisional)


def aged(*columns: Any) -> Func:
    """Day, moment and state of a score and then some columns, as one text: one probe of the index brings them all.

    The order of such texts is that of the days. No column may hold "|"; an empty one is left out: give it by Coalesce.
    """
    return Func(Value("|"), *AGE, *columns, function="CONCAT_WS", output_field=TextField())


def newest_of(ages: Iterable[str | None]) -> Freshness:
    """The freshness of the newest of some texts of `aged`; deployments without a score have none."""
    newest = max((age for age in ages if age), default="")
    if not newest:
        return Freshness()
    day, at, provisional = newest.split("|")[: len(AGE)]
    return Freshness(date.fromisoformat(day), datetime.fromisoformat(at), provisional == "t")


def zones_of(programme: Programme) -> list[str]:
    """The time zones of the programme's sites that are scored."""
    scored = Deployment.objects.current().filter(programme=programme).exclude(stage=Stage.EMBEDDED)
    return list(scored.values_list("site__time_zone", flat=True).distinct().order_by("site__time_zone"))


@dataclass(frozen=True)
class LateRun:
    """A nightly run that should be over: `scores_from` is the last day that was worked out, None if there is none."""

    scores_from: date | None
    began: bool


def late_run(programme: Programme, zones: Iterable[str], now: datetime | None = None) -> LateRun | None:
    """The programme's nightly run, if it is more than an hour late. `zones` are those of its sites that are scored.

    The day that counts is the last one that had ended at every site long enough ago. A programme that never had a
    nightly run is not late: its first one is still to come.
    """
    return late_runs({programme.pk: list(zones)}, now).get(programme.pk)


def late_runs(zones: Mapping[int, Sequence[str]], now: datetime | None = None) -> dict[int, LateRun]:
    """The same for programmes by their ids, in two queries at most; those that are not late are left out."""
    now = now or timezone.now()
    newest: defaultdict[int | None, list[RecomputeRun]] = defaultdict(list)
    for run in newest_nightly_runs(zones):
        newest[run.programme_id].append(run)
    dues: dict[int, date] = {}
    for pk, places in zones.items():
        ended = [(now - LATE_AFTER).astimezone(ZoneInfo(zone)).date() - timedelta(days=1) for zone in places]
        if ended and newest[pk] and newest[pk][-1].first_day <= min(ended):
            dues[pk] = min(ended)
    of_day = {pk: next((run for run in newest[pk] if run.first_day == due), None) for pk, due in dues.items()}
    scored = _scored_otherwise({pk: due for pk, due in dues.items() if of_day[pk] is None})
    late = {}
    for pk, due in dues.items():
        its = of_day[pk]
        waits = its is not None and its.state in OPEN and now - (its.started_at or its.queued_at) >= LATE_AFTER
        if waits or (its is None and pk not in scored):
            finished = [run.first_day for run in newest[pk] if run.state not in OPEN and run.first_day <= due]
            began = its is not None and its.state == RunState.RUNNING
            late[pk] = LateRun(max(finished, default=None), began=began)
    return late


def newest_nightly_runs(programmes: Iterable[int], each: int = LOOK_BACK) -> QuerySet[RecomputeRun]:
    """The newest nightly runs of each programme, newest first."""
    order = Window(RowNumber(), partition_by="programme", order_by=F("first_day").desc())
    runs: QuerySet[RecomputeRun] = RecomputeRun.objects.nightly().filter(programme__in=list(programmes))
    return runs.annotate(number=order).filter(number__lte=each).order_by("programme", "-first_day")


def _scored_otherwise(days: Mapping[int, date]) -> set[int]:
    """Programmes whose day was worked out by another run, so that the nightly one had nothing left to do."""
    if not days:
        return set()
    closed = ReadinessScore.objects.current().filter(day=OuterRef("due"), provisional=False)
    due = Case(*(When(pk=pk, then=Value(day)) for pk, day in days.items()), output_field=DateField())
    programmes = Programme.objects.filter(pk__in=days).annotate(due=due)
    return set(
        programmes.filter(Exists(closed.filter(deployment__programme=OuterRef("pk")))).values_list("pk", flat=True)
    )


def nothing_known(day: date | None, deployments: QuerySet) -> bool:
    """Whether a day is still to come and has no score of the deployments. Asks the database only for such a day.

    Where the day has begun at a site in the east there is a score of it, and the list can be shown.
    """
    if day is None or day <= timezone.localdate():
        return False
    of_it = ReadinessScore.objects.current().filter(deployment=OuterRef("pk"), day=day)
    return not deployments.filter(Exists(of_it)).exists()
