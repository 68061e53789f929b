"""Cells of a list in words, as its page shows them."""

from collections.abc import Iterator, Sequence
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
    """What a cell says, "" for nothing; `numeric` aligns it right, `short` keeps it on one line."""

    label: str
    text: str
    numeric: bool
    short: bool


def shown_columns(listing: Listing) -> list[Column]:
    """The columns of the page: those in which something stands, but for what only a file holds.

    Why a row does not count stands in one cell with that it does not.
    """
    filled = {
        column.key
        for row in listing.rows
        for column, value in zip(listing.columns, row.cells, strict=True)
        if value is not None
    }
    apart = {column.key for column in listing.columns if column.key not in filled} | listing.files_only
    return [column for column in listing.all_columns if column != WHY and column.key not in apart]


def cells_of(listing: Listing, row: Row, columns: Sequence[Column]) -> Iterator[Cell]:
    """The cells of a row under some columns, but for the one that says whether it counts."""
    values = dict(zip([column.key for column in listing.all_columns], listing.values(row), strict=True))
    for column in columns:
        if column != COUNTS:
            text = in_words(values[column.key], column)
            yield Cell(str(column.label), text, column.kind in NUMERIC, column.kind == "day")


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
