"""Runs as the pages show them: how far, how long, what failed, and a mark that changes when any of it does."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import RunState
from readiness.models import Heartbeat, RecomputeChunk, RecomputeFailure, RecomputeRun
from readiness.querysets.runs import OPEN
from rollout.models import AuditMark, Programme
from rollout.templatetags.formats import minutes

Address = Callable[[RecomputeRun], str]
QUARTERS = 4
MINUTE = 60


@dataclass(frozen=True)
class RunRow:
    """One run. `done` and `failed` count deployment-days; `seconds` is None before it began."""

    run: RecomputeRun
    seconds: int | None
    href: str

    @property
    def ended(self) -> int:
        """Deployment-days that need nothing more, done or failed."""
        return self.run.done + self.run.failed

    @property
    def under_way(self) -> bool:
        """Whether the run waits or works."""
        return self.run.state in OPEN

    @property
    def quarter(self) -> int:
        """Quarters done, 0 to 4."""
        return QUARTERS * self.ended // self.run.total if self.run.total else 0

    @property
    def took(self) -> str:
        """The time since the run began, or until it ended, in words; "" before it began."""
        if self.seconds is None or self.seconds >= MINUTE:
            return minutes(self.seconds)
        return ngettext("%(count)d second", "%(count)d seconds", self.seconds) % {"count": self.seconds}

    @property
    def colour(self) -> str:
        """The colour of the state's tag, beside its word."""
        return {RunState.DONE: "green", RunState.INCOMPLETE: "orange", RunState.RUNNING: "blue"}.get(
            RunState(self.run.state), "grey"
        )


def with_names(runs: QuerySet[RecomputeRun]) -> QuerySet[RecomputeRun]:
    """Runs with what their rows name: programme, site, who asked."""
    return runs.select_related("programme", "site", "by")


def run_rows(runs: Iterable[RecomputeRun], address: Address, now: datetime | None = None) -> list[RunRow]:
    """Rows for runs; `address(run)` is the page of one."""
    now = now or timezone.now()
    return [RunRow(run, _seconds(run, now), address(run)) for run in runs]


def _seconds(run: RecomputeRun, now: datetime) -> int | None:
    if run.started_at is None:
        return None
    return int(((run.ended_at or now) - run.started_at) / timedelta(seconds=1))


def seen_mark(rows: Sequence[RunRow]) -> str:
    """A short mark of what the rows show: equal marks, nothing new. The quarters of what is under way come first."""
    shown = [(row.run.pk, row.run.state, row.ended, row.run.failed, row.run.written) for row in rows]
    quarters = "".join(str(row.quarter) for row in rows if row.under_way)
    return f"{quarters or '-'}.{hashlib.sha256(repr(shown).encode()).hexdigest()[:12]}"


def announcement(rows: Sequence[RunRow], seen: str) -> str:
    """What to say to a screen reader: at each quarter of a run, and at its end; "" when there is nothing to say."""
    before, now = seen.partition(".")[0], seen_mark(rows).partition(".")[0]
    if not before or before == now:
        return ""
    first = next((row for row in rows if row.under_way), None)
    if first is None:
        return gettext("All runs have ended.")
    return gettext("%(done)s of %(total)s scores worked out.") % {"done": first.ended, "total": first.run.total}


def working_on(programme: Programme) -> RunRow | None:
    """The oldest run under way that works on the programme's scores, alone or with others; None if there is none."""
    runs = RecomputeRun.objects.under_way().filter(Q(programme=programme) | Q(programme=None, site=None))
    return next(iter(run_rows(runs.order_by("pk")[:1], lambda run: "")), None)


@dataclass(frozen=True)
class Sign:
    """A part of the service, when it was last seen at work (None: never), and what its sign of life is."""

    name: Any
    seen_at: datetime | None
    late: bool
    about: Any = ""


@dataclass(frozen=True)
class Part:
    """What leaves a heartbeat: its name in words, what the sign shows, and how long it may be silent."""

    name: Any
    about: Any
    patience: timedelta


# By the names of the heartbeats.
PARTS: dict[str, Part] = {
    "worker": Part(
        _("Worker"), _("Answers the message that the clock (beat) sends every 30 seconds."), timedelta(seconds=90)
    ),
    "tick": Part(
        _("Nightly tick"), _("Asks every 15 minutes which sites' day has ended, and queues it."), timedelta(minutes=30)
    ),
    "seal": Part(
        _("Seal of the audit trail"), _("Seals each minute what can no longer change."), timedelta(minutes=10)
    ),
}


def signs_of_life(now: datetime | None = None) -> list[Sign]:
    """Every part that leaves a sign. One that was never seen at work is not late: it may be new."""
    now = now or timezone.now()
    seen = dict(Heartbeat.objects.filter(name__in=PARTS).values_list("name", "seen_at"))
    seen |= dict(AuditMark.objects.values_list(Value("seal"), "looked_at"))
    return [
        Sign(part.name, seen.get(name), name in seen and now - seen[name] > part.patience, part.about)
        for name, part in PARTS.items()
    ]


def interruptions_of(run: RecomputeRun) -> int:
    """How often the database broke a part of the run off: time-outs and lost connections, after which it goes on."""
    return RecomputeChunk.objects.filter(run=run).aggregate(sum=Sum("interruptions", default=0))["sum"]


def failures_of(run: RecomputeRun) -> QuerySet[RecomputeFailure]:
    """What could not be scored, site by site and day by day."""
    failures = RecomputeFailure.objects.filter(run=run)
    return failures.select_related("deployment__site", "deployment__programme").order_by(
        "deployment__site__name", "deployment_id", "day"
    )
