"""What a list of the records behind a count is made of: who reads it, its columns, its rows, what each row counts."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.scoring import Model, Unit, rounded
from rollout.downloads import Column
from rollout.models import Deployment
from rollout.permissions import (
    see_champions_at,
    see_counts_of_few,
    see_names_at,
    see_names_in_training,
    wards_with_names,
)
from rollout.querysets.rights import Somebody

# Columns at the end of each list; the page shows both in one cell.
COUNTS = Column("counts", _("Counts"))
WHY = Column("why", _("Why"))
WEIGHT = Column("weight", _("Weight"), "whole")
COUNTED = Column("counted", _("Counted"), "number")


@dataclass(frozen=True)
class Viewer:
    """What somebody may read of people at a deployment.

    `names`: of all staff; `wards`: of staff of these wards; `courses`: beside courses alone; `champions`: of champions;
    `few`: counts of fewer than 5 people. `user` says of each single person whether the name may be read.
    """

    user: Somebody
    names: bool
    wards: AbstractSet[int]
    courses: bool
    champions: bool
    few: bool


def viewer_of(user: Somebody, deployment: Deployment) -> Viewer:
    """The rights of somebody at a deployment."""
    return Viewer(
        user=user,
        names=see_names_at(user, deployment),
        wards=wards_with_names(user, deployment),
        courses=see_names_in_training(user, deployment),
        champions=see_champions_at(user, deployment),
        few=see_counts_of_few(user, deployment),
    )


@dataclass(frozen=True)
class Place:
    """Where and when: records are told as they stood at the end of `day` at the site."""

    deployment: Deployment
    day: date
    model: Model
    viewer: Viewer

    @property
    def ward_word(self) -> str:
        """The programme's own word for a ward, as it heads a column."""
        word = self.deployment.programme.ward_word or gettext("ward")
        return word[:1].upper() + word[1:]

    @property
    def day_ends_at(self) -> datetime:
        """The instant at which the day is over at the site."""
        return datetime.combine(self.day + timedelta(days=1), clock(), self.zone)

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.deployment.site.time_zone)

    def known(self, on: date | None) -> date | None:
        """A day of a record, None where it was not known yet on the day shown."""
        return on if on is not None and on <= self.day else None


@dataclass(frozen=True)
class Row:
    """One unit: its cells, how much of its weight counts, and why not all of it; `href` is its own page, if any."""

    cells: tuple[Any, ...]
    weight: int
    credit: Fraction
    why: str = ""
    href: str = ""

    @property
    def counts(self) -> str:
        """One of the words of ?counts=: yes, part or no."""
        return "no" if not self.credit else "yes" if self.credit == 1 else "part"

    @property
    def verdict(self) -> str:
        """Whether the row counts, in words."""
        if self.counts == "part":
            return gettext("Counts %(credit)s") % {"credit": rounded(self.credit, 2).normalize()}
        return gettext("Counts") if self.credit else gettext("Does not count")

    @property
    def counted(self) -> Fraction:
        """What the row adds to the numerator."""
        return self.weight * self.credit


@dataclass(frozen=True)
class Listing:
    """All the rows of one list, each of one unit. `weighed` says that rows weigh unequally, and shows by how much.

    `sums` says that a row sums up several units, and that none of them stands here alone. `files_only` are keys of
    columns that the page leaves to the file.
    """

    name: str
    title: Any
    columns: Sequence[Column]
    rows: Sequence[Row]
    weighed: bool = False
    sums: bool = False
    about: str = ""
    files_only: AbstractSet[str] = frozenset()

    @property
    def all_columns(self) -> list[Column]:
        """The columns with those that tell what counts."""
        own = list(self.columns)
        if self.sums:
            return own
        return [*own, *([WEIGHT, COUNTED] if self.weighed else []), COUNTS, WHY]

    def values(self, row: Row) -> list[Any]:
        """The plain values of a row, in the order of `all_columns`."""
        if self.sums:
            return list(row.cells)
        weights = [row.weight, row.counted] if self.weighed else []
        return [*row.cells, *weights, row.verdict, row.why or None]


@dataclass(frozen=True)
class Listings:
    """The lists behind one indicator: `main` may be None for somebody who may see none of its rows alone."""

    main: Listing | None
    sums: Sequence[Listing] = field(default=())
    hidden: bool = False


# From the units of one indicator to what a reader may see of them.
Lister = Callable[[str, Sequence[Unit], Place], Listings]


def only(listing: Listing) -> Listings:
    """One list that everybody may read."""
    return Listings(listing)
