"""Cells of a list in words, as its page shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from readiness.dashboards.records.listing import COUNTS, WHY, Listing, Row
from readiness.scoring import rounded
from rollout.downloads import Column
from rollout.templatetags.formats import count, day, percent

NUMERIC = frozenset({"whole", "number", "percent"})


@dataclass(frozen=True)
class Cell:
    """What a cell says, "" for nothing; `numeric` aligns it right."""

    text: str
    numeric: bool


def cells_of(listing: Listing, row: Row) -> Iterator[Cell]:
    """The cells of a row but for those that say whether it counts, which the page shows as one."""
    for column, value in zip(listing.all_columns, listing.values(row), strict=True):
        if column not in (COUNTS, WHY):
            yield Cell(in_words(value, column), column.kind in NUMERIC)


def in_words(value: Any, column: Column) -> str:
    """A plain value as a page shows it; numbers with at most two decimals."""
    if value is None:
        return ""
    if column.kind == "day":
        return day(value)
    if column.kind == "whole":
        return count(value)
    if column.kind == "percent":
        return percent(value)
    if column.kind == "yes_no":
        return gettext("yes") if value else gettext("no")
    if column.kind == "number":
        shortest = rounded(Fraction(value), 2).normalize()
        return number_format(f"{shortest:f}", use_l10n=True, force_grouping=True)
    return str(value)
