"""What is declared of a programme's sites beside what is computed: the ones that were declared longest ago first."""

from dataclasses import dataclass

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
    """A site, what was declared of it, and its band ("" without a score)."""

    deployment: Deployment
    declared: Declared
    band: str


def to_declare(deployments: QuerySet, *, differing: bool = False) -> QuerySet:
    """Sites whose status is declared, those that nobody declared yet first; or of them only those where it differs."""
    rows = with_declared(deployments.exclude(stage__in=DONE), None)
    rows = rows.annotate(band=ReadinessScore.objects.latest_of_each("band")).select_related("site")
    if differing:
        rows = only_differing(rows)
    return rows.order_by(F("declared_on").asc(nulls_first=True), Lower("site__name"), "pk")


def status_lines(rows: list[Deployment]) -> list[StatusLine]:
    """Rows of `to_declare` as the page shows them; no query."""
    return [StatusLine(row, declared_of(row, vars(row)["band"] or ""), vars(row)["band"] or "") for row in rows]
