"""How old the figures of a page are, and whether the run that should have renewed them is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from readiness.choices import RunState
from readiness.models import ReadinessScore, RecomputeRun
from readiness.querysets.runs import OPEN
from rollout.choices import Stage
from rollout.models import Deployment, Programme

# A run starts within 15 minutes of midnight at the site; an hour after that it is late.
LATE_AFTER = timedelta(hours=1, minutes=15)
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
    now = now or timezone.now()
    ended = [(now - LATE_AFTER).astimezone(ZoneInfo(zone)).date() - timedelta(days=1) for zone in zones]
    runs = list(RecomputeRun.objects.nightly().filter(programme=programme).order_by("-first_day")[:LOOK_BACK])
    if not ended or not runs or runs[-1].first_day > min(ended):
        return None
    due = min(ended)
    of_day = next((run for run in runs if run.first_day == due), None)
    if of_day is None:
        late = not _is_scored(programme, due)
    else:
        late = of_day.state in OPEN and now - (of_day.started_at or of_day.queued_at) >= LATE_AFTER
    if not late:
        return None
    finished = [run.first_day for run in runs if run.state not in OPEN and run.first_day <= due]
    return LateRun(max(finished, default=None), began=of_day is not None and of_day.state == RunState.RUNNING)


def _is_scored(programme: Programme, day: date) -> bool:
    """Whether the day was worked out by another run, so that the nightly one had nothing left to do."""
    closed = ReadinessScore.objects.current().filter(day=day, provisional=False)
    return closed.filter(deployment__programme=programme).exists()
