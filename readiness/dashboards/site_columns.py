"""What a list of sites can show: its columns, their order, and what each is called."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from readiness.dashboards.words import domain_name, order_in_words
from readiness.scoring import DOMAINS

NAME = "site"
LIST, HEATMAP = "list", "heatmap"
VIEWS = (LIST, HEATMAP)


@dataclass(frozen=True)
class SiteColumn:
    """One column: the word of ?columns= and, where `sorts`, of ?sort=.

    `phone` says that a card on a phone shows it, `only_phone` that nothing else does; `usual`: without being asked for.
    """

    key: str
    label: Any
    sorts: bool = True
    numeric: bool = False
    phone: bool = False
    only_phone: bool = False
    usual: bool = True

    @property
    def sort(self) -> str:
        """The key of the link in the header, "" where the column has none."""
        return self.key if self.sorts else ""

    @property
    def domain(self) -> bool:
        """Whether it is a domain of the heat map."""
        return self.key in DOMAINS

    @property
    def classes(self) -> str:
        """The class of its cells that says where they are left out."""
        return "app-cell--card" if self.only_phone else "" if self.phone else "app-cell--wide"


# Score and band stand right after the name: they are what one looks for first.
COLUMNS: tuple[SiteColumn, ...] = (
    SiteColumn("score", _("Score"), numeric=True, phone=True),
    SiteColumn("band", _("Band"), phone=True),
    SiteColumn("expected", _("Expected"), numeric=True, phone=True),
    SiteColumn("days", _("Days to go"), numeric=True, phone=True),
    SiteColumn("wave", _("Wave")),
    SiteColumn("stage", _("Stage")),
    SiteColumn("declared", _("Declared"), sorts=False, phone=True),
    SiteColumn("held", _("Held by"), sorts=False, phone=True),
    SiteColumn("gate", _("Next gate"), sorts=False),
    SiteColumn("lead", _("Lead"), sorts=False),
    SiteColumn("coverage", _("Based on evidence"), numeric=True, usual=False),
)
BY_KEY = {column.key: column for column in COLUMNS}
USUAL = tuple(column.key for column in COLUMNS if column.usual)
# What stands before the domains of the heat map.
HEAT_FIRST = (BY_KEY["score"], BY_KEY["band"])
SITE = SiteColumn(NAME, _("Site"), phone=True)
CHANGE = SiteColumn("change", _("Change"), sorts=False, numeric=True, phone=True)
WEAKEST = SiteColumn("weakest", _("Most to win"), sorts=False, only_phone=True)
# What stands after the domains of the heat map, on a card.
HEAT_LAST = (replace(BY_KEY["held"], only_phone=True), WEAKEST)


def domain_columns(sortable: Sequence[str] = DOMAINS) -> tuple[SiteColumn, ...]:
    """The eleven domains as columns of the heat map; ?sort= knows those that are sortable."""
    return tuple(SiteColumn(domain, domain_name(domain), sorts=domain in sortable, numeric=True) for domain in DOMAINS)


def columns_asked(written: str) -> tuple[str, ...]:
    """The columns of ?columns=score,band in their own order; unknown ones are passed over, none at all is the usual."""
    asked = set(written.split(","))
    return tuple(column.key for column in COLUMNS if column.key in asked) or USUAL


# How each order reads, from its start and, with "-" before the word, from its end.
_NUMBERS = (_("lowest first"), _("highest first"))
_ENDS: dict[str, tuple[Any, Any]] = {
    NAME: (_("A to Z"), _("Z to A")),
    "band": (_("furthest behind first"), _("furthest ahead first")),
    "days": (_("soonest first"), _("latest first")),
    "wave": (_("first to last"), _("last to first")),
    "stage": (_("first to last"), _("last to first")),
}


def order_words(sort: str) -> str:
    """An order of ?sort= in words: "Score, lowest first". Raises KeyError for one that there is not."""
    name = sort.removeprefix("-")
    label = {NAME: SITE.label, **{key: column.label for key, column in BY_KEY.items()}}.get(name)
    start, end = _ENDS.get(name, _NUMBERS)
    return order_in_words(label or domain_name(name), end if sort.startswith("-") else start)


def orders(columns: Sequence[SiteColumn]) -> list[tuple[str, str]]:
    """What a person may put sites in the order of, as choices: each column that sorts, both ways."""
    names = dict.fromkeys([NAME, *(column.key for column in columns if column.sorts)])
    return [(sort, order_words(sort)) for name in names for sort in (name, f"-{name}")]
