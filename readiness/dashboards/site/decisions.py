"""Decisions that hold at a site: once something is decided for it, nobody there should hear two messages."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from rollout.choices import DecisionKind
from rollout.models import Decision, Deployment

MOST = 10


@dataclass(frozen=True)
class Holding:
    """A standard that holds, or will from a day on: for this site alone, or for all of the programme."""

    text: str
    reason: str
    from_on: date
    everywhere: bool


def standards_at(deployment: Deployment, as_of: date | None) -> list[Holding]:
    """The standards decided for the site and for all sites, the newest first. One query.

    Of a past day, those that held then; of today, also those that will.
    """
    here = Q(deployment=deployment.pk) | Q(deployment=None)
    rows = Decision.objects.filter(
        here, programme=deployment.programme_id, kind=DecisionKind.STANDARD, from_on__isnull=False, retired_at=None
    )
    if as_of is not None:
        rows = rows.filter(from_on__lte=as_of)
    columns = ("text", "reason", "from_on", "deployment")
    found = rows.order_by("-from_on", "-pk").values_list(*columns)[:MOST]
    return [Holding(text, reason, from_on, where is None) for text, reason, from_on, where in found]
