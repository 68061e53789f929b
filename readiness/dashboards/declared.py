"""What was declared beside what is computed: never merged, and said aloud where the two do not agree."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat

from readiness.dashboards.past import changes_of_each
from readiness.declared import AGREES, COMPARED, differs
from rollout.choices import ChangeWhat, DeclaredStatus


def only_differing(deployments: QuerySet) -> QuerySet:
    """Deployments at which the two do not agree, by their annotations `declared_now` and `band`.

    The band, a probe of an index, is named once, so that it is looked up once a row.
    """
    pairs = [f"{status} {band}" for status in AGREES for band in sorted(COMPARED) if differs(status, band)]
    return deployments.alias(pair=Concat("declared_now", Value(" "), "band")).filter(pair__in=pairs)


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
    changes = changes_of_each(ChangeWhat.DECLARED_STATUS).filter(on__lte=day).order_by("-at")
    present = {name: Case(When(declared_on__lte=day, then=F(name))) for name in ("declared_status", "declared_on")}
    return deployments.annotate(
        declared_now=Coalesce(Subquery(changes.values("after")[:1]), present["declared_status"]),
        declared_since=Coalesce(Subquery(changes.values("on")[:1], output_field=DateField()), present["declared_on"]),
    )


def declared_of(deployment: Any, band: str) -> Declared:
    """What was declared for a deployment that carries the annotations of `with_declared`."""
    status = deployment.declared_now if deployment.declared_now in AGREES else ""
    return Declared(status, deployment.declared_since, differs(status, band))
