"""What was declared beside what is computed: never merged, and said aloud where the two do not agree."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from readiness.choices import Band
from rollout.choices import ChangeWhat, DeclaredStatus
from rollout.models import DeploymentChange

# What each declared colour agrees with. Paused and unscheduled are compared with nothing.
AGREES: dict[str, frozenset[str]] = {
    DeclaredStatus.GREEN: frozenset({Band.READY, Band.ON_TRACK}),
    DeclaredStatus.AMBER: frozenset({Band.AT_RISK}),
    DeclaredStatus.RED: frozenset({Band.OFF_TRACK}),
}
COMPARED = frozenset().union(*AGREES.values())


def differs(status: str, band: str) -> bool:
    """Whether a declared colour and a computed band do not agree; nothing declared agrees with everything."""
    return status in AGREES and band in COMPARED and band not in AGREES[status]


def differing(status: str = "declared_now", band: str = "band") -> Q:
    """The same as a condition on the named columns."""
    condition = Q(pk__in=[])
    for colour, agreeing in AGREES.items():
        condition |= Q(**{status: colour, f"{band}__in": sorted(COMPARED - agreeing)})
    return condition


@dataclass(frozen=True)
class Declared:
    """A declared status as it stood: `word` in the reader's language, "" where nobody had declared one."""

    status: str
    on: date | None
    differs: bool

    @property
    def word(self) -> str:
        """The colour in words, as it stands in a sentence."""
        return str(DeclaredStatus(self.status).label).lower() if self.status else ""


def with_declared(deployments: QuerySet, day: date | None) -> QuerySet:
    """Annotate `declared_now` and `declared_since`: the declared status and its date, as of a day if one is given.

    The past is read from the changes, by the day at the site. A deployment keeps its present status where it was
    declared by that day and no change tells otherwise.
    """
    if day is None:
        return deployments.annotate(declared_now=F("declared_status"), declared_since=F("declared_on"))
    changes = (
        DeploymentChange.objects.filter(deployment=OuterRef("pk"), what=ChangeWhat.DECLARED_STATUS, retired_at=None)
        .annotate(on=TruncDate("at"))
        .filter(on__lte=day)
        .order_by("-at")
    )
    return deployments.annotate(
        declared_now=Subquery(changes.values("after")[:1]),
        declared_since=Subquery(changes.values("on")[:1], output_field=DateField()),
    )


def declared_of(deployment: Any, band: str, day: date | None = None) -> Declared:
    """What was declared for a deployment that carries the annotations of `with_declared`."""
    status, on = deployment.declared_now, deployment.declared_since
    if day is not None and status is None and deployment.declared_on and deployment.declared_on <= day:
        status, on = deployment.declared_status, deployment.declared_on
    status = status if status in AGREES else ""
    return Declared(status, on, differs(status, band))
