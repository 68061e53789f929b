"""When each site passes each gate, which of them come next, and what was decided where one was held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from readiness.choices import PASSED, GateKind, GateOutcome
from readiness.models import GateReview
from rollout.change_load import HALTED_STAGES, with_go_live
from rollout.models import Programme

LATE = timedelta(days=14)  # how long a gate that nobody passed on its day stands among the next ones
SOON = timedelta(days=60)


@dataclass(frozen=True)
class GateDay:
    """One gate of one site: the day it is due, and where a review was held its day and outcome ("" without one)."""

    name: str
    kind: str
    due_on: date
    site_name: str
    site_code: str
    programme_id: int
    code: str = ""
    held_on: date | None = None
    outcome: str = ""

    @property
    def passed(self) -> bool:
        """Whether the site may go on from it."""
        return self.outcome in PASSED

    @property
    def outcome_words(self) -> str:
        """The outcome in the reader's language."""
        return str(GateOutcome(self.outcome).label) if self.outcome else ""

    @property
    def kind_words(self) -> str:
        """The kind of gate in the reader's language."""
        return str(GateKind(self.kind).label)


def gate_days(deployments: QuerySet) -> QuerySet:
    """A row for each deployment and gate of its programme: gate_code, gate_name, gate_kind, gate_on, passed.

    A gate stands so many days before the go-live, or after it. Deployments without a date, and those deferred or
    stopped, have none ahead.
    """
    going = with_go_live(deployments.exclude(stage__in=HALTED_STAGES)).filter(
        programme__gates__retired_at=None, programme__gates__due_days__isnull=False, goes_live_on__isnull=False
    )
    paired = going.annotate(
        gate=F("programme__gates"),
        gate_code=F("programme__gates__code"),
        gate_name=F("programme__gates__name"),
        gate_kind=F("programme__gates__kind"),
        gate_on=ExpressionWrapper(F("goes_live_on") - F("programme__gates__due_days"), output_field=DateField()),
    )
    return paired.annotate(passed=Exists(_reviews().filter(outcome__in=PASSED)))


def _reviews() -> QuerySet:
    """The reviews of the gate and deployment of a row."""
    return GateReview.objects.filter(deployment=OuterRef("pk"), gate=OuterRef("gate"), retired_at=None)


def in_time(pairs: QuerySet) -> QuerySet:
    """The rows of `gate_days` by day, the same ones always in the same order."""
    return pairs.order_by("gate_on", Lower("site__name"), "pk", "gate")


def told(pairs: QuerySet) -> list[GateDay]:
    """Rows of `gate_days` as values, with the latest review of each; one query."""
    latest = _reviews().order_by("-held_on", "-pk")
    reviewed = pairs.annotate(
        held_on=Subquery(latest.values("held_on")[:1], output_field=DateField()),
        outcome=Coalesce(Subquery(latest.values("outcome")[:1]), Value("")),
    )
    of_site = ("site__name", "site__code", "programme_id")
    columns = ("gate_name", "gate_kind", "gate_on", *of_site, "gate_code", "held_on", "outcome")
    return [GateDay(*row) for row in reviewed.values_list(*columns)]


def next_gates(deployments: QuerySet, today: date) -> QuerySet:
    """The gates of the next 60 days, after those of the last 14 that were not passed."""
    late = Q(gate_on__range=(today - LATE, today - timedelta(days=1)), passed=False)
    return in_time(gate_days(deployments).filter(late | Q(gate_on__range=(today, today + SOON))))


def next_gate_of_each(programmes: Iterable[Programme], deployments: QuerySet, today: date) -> dict[int, GateDay]:
    """For each programme the next gate of the 60 days from today on, at whichever of the deployments; one query."""
    ahead = gate_days(deployments.filter(programme__in=programmes)).filter(
        gate_on__range=(today, today + SOON), passed=False
    )
    first = ahead.order_by("programme_id", "gate_on", Lower("site__name"), "pk", "gate").distinct("programme_id")
    return {each.programme_id: each for each in told(first)}
