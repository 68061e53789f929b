"""Reads the timeline of a site: how many entries of each kind there are, and a page of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, overload

from django.db import connection
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.timeline.entries import Entry, entries_of
from readiness.dashboards.timeline.sources import IN_ORDER, union_of
from readiness.dashboards.timeline.words import Row
from rollout.models import Deployment
from rollout.permissions import see_counts_of_few, see_names_at
from rollout.querysets.rights import Somebody

JUMP = Decimal(5)  # points from one day to the next that are told
# The word of ?kind=, in the order of the links.
KINDS: dict[str, Any] = {
    "stages": _("Stages"),
    "dates": _("Dates and waves"),
    "declared": _("Declared status"),
    "decisions": _("Decisions"),
    "gates": _("Gates"),
    "items": _("Checklist and waivers"),
    "pilots": _("Pilots"),
    "engagement": _("Engagement"),
    "scores": _("Jumps in score"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of entries: the word of ?kind= ("" for all), its name, how many there are."""

    word: str
    label: Any
    count: int


class Timeline(Sequence[Entry]):
    """Everything that happened at a site until a day, of one kind or of all, newest first; a Paginator cuts it.

    `user` is whoever reads: names, and counts of fewer than 5 people, are shown by their rights. A slice takes at most
    five queries, however long it is.
    """

    def __init__(self, deployment: Deployment, user: Somebody, until: date, kind: str = "") -> None:
        self.deployment = deployment
        self.names = see_names_at(user, deployment)
        self.few = see_counts_of_few(user, deployment)
        self.kinds = (kind,) if kind in KINDS else tuple(KINDS)
        self.until = until
        self._counts: dict[str, int] | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """How many entries of each kind there are, chosen or not. One query, asked once."""
        if self._counts is None:
            rows = self._read(f"SELECT kind, count(*) FROM ({union_of(tuple(KINDS))}) AS counted GROUP BY kind")
            self._counts = dict(rows)
        return self._counts

    def __len__(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in self.kinds)

    @overload
    def __getitem__(self, part: int) -> Entry: ...

    @overload
    def __getitem__(self, part: slice) -> list[Entry]: ...

    def __getitem__(self, part: int | slice) -> Entry | list[Entry]:
        """The entries of a slice, newest first."""
        if isinstance(part, int):
            return self[part : part + 1][0]
        first = part.start or 0
        limit = None if part.stop is None else part.stop - first
        sql = f"{union_of(self.kinds)} {IN_ORDER} LIMIT %(limit)s OFFSET %(first)s"
        rows = [Row(*row) for row in self._read(sql, limit=limit, first=first)]
        return entries_of(rows, self.deployment, names=self.names, few=self.few)

    def _read(self, sql: str, **more: Any) -> Sequence[Any]:
        values: dict[str, Any] = {
            "id": self.deployment.pk,
            "programme": self.deployment.programme_id,
            "site": self.deployment.site_id,
            "zone": self.deployment.site.time_zone,
            "until": self.until,
            "jump": JUMP,
        }
        with connection.cursor() as cursor:
            cursor.execute(sql, values | more)
            return cursor.fetchall()


def kinds_with_counts(timeline: Timeline) -> list[Kind]:
    """All kinds together, then each that there is anything of."""
    counts = timeline.counts
    there = [Kind(word, label, counts[word]) for word, label in KINDS.items() if counts.get(word)]
    return [Kind("", _("Everything"), sum(counts.values())), *there]
