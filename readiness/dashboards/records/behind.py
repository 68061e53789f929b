"""The lists behind one indicator: chosen, filtered, in order, a page at a time, or whole for a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator

from readiness.dashboards.few import is_few
from readiness.dashboards.records import champions, engagement, people, programme
from readiness.dashboards.records.items import list_items
from readiness.dashboards.records.listing import Lister, Listing, Listings, Place, Row
from readiness.explain.evidence import CHECKLIST
from readiness.indicators import units_of
from readiness.scoring import Reading, Unit, reading_from_units
from rollout.downloads import Table

PER_PAGE = 50
# What ?counts= may say.
COUNTS = ("yes", "part", "no")
LISTERS: Mapping[str, Lister] = {
    "training.completion": people.list_pairs,
    "training.managers": people.list_pairs,
    "technical.access": people.list_tests,
    "champions.ratio": champions.list_wards,
    "champions.cover": champions.list_slots,
    "engagement.reach": engagement.list_groups,
    "engagement.confidence": engagement.list_answers,
    "goals.targets": programme.list_targets,
    "partnerships.commitments": programme.list_commitments,
    "pilots.outcome": programme.list_pilots,
    "governance.hazards": programme.list_hazards,
}


@dataclass(frozen=True)
class Choice:
    """What the query string asks of a list: words that a row must hold, ?counts=, ?sort=, ?page=."""

    words: str = ""
    counts: str = ""
    sort: str = ""
    page: str = ""

    @property
    def narrows(self) -> bool:
        """Whether rows are left out."""
        return bool(self.words.split() or self.counts in COUNTS)


@dataclass(frozen=True)
class Behind:
    """The records behind an indicator as its records are known now; `page` and `listing` are None without a list.

    `tallies` are the numbers of rows by ?counts=, before filters.
    """

    reading: Reading
    listings: Listings
    chosen: Sequence[Row]
    page: Page | None
    tallies: Mapping[str, int]

    @property
    def listing(self) -> Listing | None:
        """The list of single rows."""
        return self.listings.main

    @property
    def all(self) -> int:
        """The number of rows before filters."""
        return sum(self.tallies.values())

    def tables(self, about: Sequence[tuple[Any, Any]]) -> dict[str, Callable[[], Table]]:
        """Every list as a file: the single rows as they are filtered and ordered, the sums whole."""
        lists = [(listing, listing.rows) for listing in self.listings.sums]
        if self.listing is not None:
            lists.append((self.listing, self.chosen))
        return {listing.name: partial(_table, listing, rows, about) for listing, rows in lists}


def behind(code: str, place: Place, choice: Choice, *, hidden: bool = False) -> Behind:
    """The records behind an indicator; with `hidden` none that tell of people, since they are too few.

    At most eight queries, whatever the number of records.
    """
    units = units_of(place.model, place.deployment.pk, code, day=place.day)
    reading = reading_from_units(code, units, place.model)
    if hidden or (not place.viewer.few and is_few(reading)):
        return Behind(reading, Listings(None, (), hidden=True), (), None, {})
    listings = _listed(code, units, place)
    if listings.main is None:
        return Behind(reading, listings, (), None, {})
    chosen = in_order(listings.main, fitting(listings.main, choice), choice.sort)
    page = Paginator(chosen, PER_PAGE).get_page(choice.page)
    tallies = {word: sum(row.counts == word for row in listings.main.rows) for word in COUNTS}
    return Behind(reading, listings, chosen, page, tallies)


def _listed(code: str, units: Sequence[Unit], place: Place) -> Listings:
    lister = list_items if code.startswith(CHECKLIST) else LISTERS[code]
    return lister(code, units, place)


def fitting(listing: Listing, choice: Choice) -> list[Row]:
    """The rows that fit ?counts= and hold every word that was searched for."""
    words = choice.words.casefold().split()
    rows: Iterable[Row] = listing.rows
    if choice.counts in COUNTS:
        rows = (row for row in rows if row.counts == choice.counts)
    return [row for row in rows if all(word in _text(row) for word in words)]


def in_order(listing: Listing, rows: list[Row], sort: str) -> list[Row]:
    """Rows by a column of ?sort=, with "-" before it the other way round; empty cells last.

    Otherwise those that do not count come first. The same rows always come the same way.
    """
    by_cells = sorted(rows, key=lambda row: (row.credit, [_key(cell) for cell in row.cells]))
    name = sort.removeprefix("-")
    places = {column.key: place for place, column in enumerate(listing.all_columns)}
    if name not in places:
        return by_cells
    keyed = [(listing.values(row)[places[name]], row) for row in by_cells]
    filled = sorted(
        (pair for pair in keyed if pair[0] is not None), key=lambda pair: _key(pair[0]), reverse=sort.startswith("-")
    )
    return [row for _value, row in [*filled, *(pair for pair in keyed if pair[0] is None)]]


def _key(value: Any) -> tuple[bool, Any]:
    """Something that values of one column, empty ones among them, can be ordered by."""
    if value is None:
        return True, 0
    return False, value.casefold() if isinstance(value, str) else value


def _text(row: Row) -> str:
    """The words of a row that a search looks into."""
    cells = [str(cell) for cell in row.cells if cell is not None and not isinstance(cell, date | datetime)]
    return " ".join([*cells, row.verdict, row.why]).casefold()


def _table(listing: Listing, rows: Iterable[Row], about: Sequence[tuple[Any, Any]]) -> Table:
    return Table(listing.name, listing.title, listing.all_columns, [listing.values(row) for row in rows], about)
