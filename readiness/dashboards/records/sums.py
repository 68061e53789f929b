"""The same units summed by ward and by staff group, for readers who may see no names.

Board members get no sums: other pages split the same people otherwise, and from two splits of which each keeps its
small rows back a small row can be worked out. The page of training splits them in one safe way.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.records.listing import COUNTED, Listing, Listings, Place, Row
from readiness.scoring import Unit
from rollout.downloads import Column

ALL = Column("all", _("Of"), "whole")
SHARE = Column("share", _("Share"), "percent")


class Where(Protocol):
    """Knows the ward and the staff group of a unit."""

    def ward(self, unit: Unit) -> str:
        """The ward in which the person counts."""

    def group(self, unit: Unit) -> str:
        """The person's staff group."""


def by_people(units: Sequence[Unit], people: Where, place: Place) -> Listings:
    """Units about people by ward and by staff group, and none of them alone."""
    if not place.viewer.few:
        return Listings(None, ())
    return Listings(
        None,
        (
            summed("by-ward", place.ward_word, units, people.ward),
            summed("by-group", _("Staff group"), units, people.group),
        ),
    )


def summed(name: str, label: Any, units: Iterable[Unit], of: Callable[[Unit], str]) -> Listing:
    """One row for each value of `of`, the lowest share first: how many units count, of how many."""
    sums: dict[str, tuple[Fraction, int]] = {}
    for unit in units:
        counted, total = sums.get(of(unit), (Fraction(0), 0))
        sums[of(unit)] = counted + unit.weight * unit.credit, total + unit.weight
    rows = sorted((counted / total, of, counted, total) for of, (counted, total) in sums.items())
    return Listing(
        name,
        gettext("By %(what)s") % {"what": str(label).lower()},
        (Column("of", label), COUNTED, ALL, SHARE),
        [Row((of, counted, total, share), total, share) for share, of, counted, total in rows],
        sums=True,
    )
