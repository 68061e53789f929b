"""What the lists of Your work are made of: one record and one verb a row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.text import Truncator

from rollout.change_load import HALTED_STAGES, HALTED_STATES
from rollout.choices import Stage
from rollout.models import Deployment
from rollout.querysets.rights import Somebody

LONGEST = 160  # characters of a text that has no name
# Where nothing is asked of anybody any more, or for the time being.
OVER = (*HALTED_STAGES, Stage.EMBEDDED)
# Columns of a record from which `deployment` leads to its programme and site, as `at_site` reads them.
PLACE = ("programme__code", "programme__name", "site__code", "site__name")


@dataclass(frozen=True)
class Duty:
    """One row: what to do (`verb`) with which record (`what`, of a `kind`), where, and the day that matters.

    `on` is the day by which, or with `since` the day from which it waits. `site` is "" for a whole programme.
    """

    verb: Any
    what: str
    kind: Any
    href: str
    programme: str
    site: str = ""
    on: date | None = None
    since: bool = False
    note: Any = ""


@dataclass(frozen=True)
class Changed:
    """One change: what it is of, what happened to it, where and when. `before` and `band` are of a score alone."""

    what: str
    happened: Any
    verb: Any
    href: str
    at: datetime
    programme: str
    site: str = ""
    before: str = ""
    band: str = ""


@dataclass(frozen=True)
class Duties:
    """A list cut to what is shown, and how many there are in all."""

    rows: Sequence[Duty]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


def put_together(parts: Iterable[Duties], most: int, *, by_day: bool) -> Duties:
    """Several lists as one, cut at `most`: by day, those without one last; else one list after the other."""
    found = list(parts)
    rows = [row for part in found for row in part.rows]
    if by_day:
        rows.sort(key=lambda row: (row.on or date.max, row.programme, row.site, row.what))
    return Duties(tuple(rows[:most]), sum(part.total for part in found))


def counted(rows: QuerySet, most: int) -> tuple[list[dict[str, Any]], int]:
    """The first rows of a queryset of values, and how many there are in all. One query."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:most])
    return found, found[0]["in_all"] if found else 0


def under_way(user: Somebody) -> QuerySet:
    """The deployments that the user may know of and that somebody works on."""
    deployments = Deployment.objects.current().visible_to(user)
    return deployments.exclude(stage__in=OVER).exclude(programme__state__in=HALTED_STATES)


def of_place(to: str = "deployment") -> tuple[str, ...]:
    """The columns of PLACE, of a row from which `to` leads to the deployment."""
    return tuple(f"{to}__{column}" for column in PLACE) if to else PLACE


def at_site(row: Mapping[str, Any], name: str, to: str = "deployment", **more: str) -> dict[str, Any]:
    """Where a row of `of_place` stands, in words and as the address of a page of that site."""
    prefix = f"{to}__" if to else ""
    programme, site = row[f"{prefix}programme__code"], row[f"{prefix}site__code"]
    return {
        "programme": row[f"{prefix}programme__name"],
        "site": row[f"{prefix}site__name"],
        "href": reverse(f"readiness:{name}", kwargs={"programme": programme, "site": site, **more}),
    }


def shortened(text: str) -> str:
    """A text of people as a row names it."""
    return Truncator(" ".join(text.split())).chars(LONGEST)
