"""What is declared of a programme's sites beside what is computed: the ones that were declared longest ago first."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import F, QuerySet
from django.db.models.functions import Lower

from readiness.dashboards.declared import Declared, declared_of, only_differing, with_declared
from readiness.models import ReadinessScore
from rollout.choices import Stage
from rollout.models import Deployment

# A site that is done, or stopped, has no status to declare.
DONE = (Stage.EMBEDDED, Stage.STOPPED)


@dataclass(frozen=True)
class StatusLine:
    """A site, what was declared of it, and what is computed: band and score, "" and None without a score."""

    deployment: Deployment
    declared: Declared
    band: str
    score: Decimal | None


def to_declare(deployments: QuerySet, *, differing: bool = False) -> QuerySet:
    """Sites whose status is declared, those that nobody declared yet first; or of them only those where it differs."""
    rows = with_declared(deployments.exclude(stage__in=DONE), None)
    scores = ReadinessScore.objects
    rows = rows.annotate(band=scores.latest_of_each("band"), score=scores.latest_of_each("score"))
    if differing:
        rows = only_differing(rows)
    return rows.select_related("site").order_by(F("declared_on").asc(nulls_first=True), Lower("site__name"), "pk")


def status_lines(rows: list[Deployment]) -> list[StatusLine]:
    """Rows of `to_declare` as the page shows them; no query."""
    return [
        StatusLine(row, declared_of(row, row.band or ""), row.band or "", row.score) for row in cast("list[Any]", rows)
    ]
