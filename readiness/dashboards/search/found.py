"""What was found, by kind: how many, and the best few or a page of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.search.asked import Asked
from readiness.dashboards.search.hits import Hit
from readiness.dashboards.search.items import item_hits, items
from readiness.dashboards.search.pages import pages
from readiness.dashboards.search.records import (
    decision_hit,
    decisions,
    hazard_hit,
    hazards,
    pilot_hit,
    pilots,
    programme_hit,
    programmes,
    site_hit,
    sites,
    ward_hit,
    wards,
)
from rollout.querysets.rights import Somebody

FEW = 10  # of each kind on the page of all kinds
PER_PAGE = 50

Rows = Callable[[Somebody, Asked], QuerySet]
Hits = Callable[[Somebody, Sequence[dict[str, Any]], Asked], Iterable[Hit]]


@dataclass(frozen=True)
class Kind:
    """A kind of thing: its name in addresses, its words, and how it is found. `rows` gives dictionaries."""

    key: str
    label: Any
    rows: Rows
    hits: Hits


def each(hit: Callable[[dict[str, Any]], Hit]) -> Hits:
    """Hits where each row says all that is shown."""
    return lambda _user, rows, _asked: map(hit, rows)


KINDS = (
    Kind("programmes", _("Programmes"), programmes, each(programme_hit)),
    Kind("sites", _("Sites"), sites, each(site_hit)),
    Kind("wards", _("Wards"), wards, each(ward_hit)),
    Kind("items", _("Checklist items"), items, item_hits),
    Kind("pilots", _("Pilots"), pilots, each(pilot_hit)),
    Kind("hazards", _("Hazards"), hazards, each(hazard_hit)),
    Kind("decisions", _("Decisions"), decisions, each(decision_hit)),
)


@dataclass(frozen=True)
class Group:
    """What was found of a kind: `total` in all, of which `hits` are shown."""

    key: str
    label: Any
    total: int
    hits: Sequence[Hit]

    @property
    def more(self) -> bool:
        """Whether there are more than are shown."""
        return self.total > len(self.hits)


def found(user: Somebody, asked: Asked) -> list[Group]:
    """The best few of every kind of which there is any, in one query a kind and one more for items."""
    return list(_groups(user, asked)) if asked.words else []


def _groups(user: Somebody, asked: Asked) -> Iterator[Group]:
    if hits := pages(user, asked):
        yield Group("pages", _("Pages and actions"), len(hits), hits)
    for kind in KINDS:
        rows = list(kind.rows(user, asked).annotate(total=Window(Count("pk")))[:FEW])
        if rows:
            yield Group(kind.key, kind.label, rows[0]["total"], list(kind.hits(user, rows, asked)))


def found_of_kind(user: Somebody, asked: Asked, key: str, page: str | None) -> tuple[Group, Page] | None:
    """A page of everything found of one kind. None where no kind has that name."""
    kind = next((kind for kind in KINDS if kind.key == key), None)
    if kind is None or not asked.words:
        return None
    shown = Paginator(kind.rows(user, asked), PER_PAGE).get_page(page)
    hits = list(kind.hits(user, list(shown.object_list), asked))
    return Group(kind.key, kind.label, shown.paginator.count, hits), shown
