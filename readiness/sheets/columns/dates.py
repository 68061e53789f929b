"""Columns of dates. Whether the day or the month comes first is decided once for the whole column, or asked."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.sheets.cells import Cell
from readiness.sheets.columns.days import Written, checked, not_a_date, serial_words, written_date
from readiness.sheets.columns.readings import Column, ColumnReading, Wrong

ASK_DAY_FIRST = "day_first"
# Days before this are what spreadsheets make of 0, of a time of day, or of a day that never was.
_FIRST_DAY = date(1900, 3, 1)
_TIME = re.compile(r"[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?(?:Z|[+-]\d{2}:?\d{2})?", re.I | re.ASCII)
_MIDNIGHT = re.compile(r"[T ,]+(?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? ?am)", re.I | re.ASCII)


def read_dates(column: Column, day_first: bool | None) -> ColumnReading:
    """Dates as 2026-03-14, of texts, dates and moments."""
    found = {row: written for row, cell in column.cells.items() if (written := _written(cell))}
    order = Order(found.values(), day_first)
    column.read(lambda cell: _day(column, cell, order))
    for row in order.waiting(found):
        column.values.pop(row, None)
    return column.reading(*order.notes(column.cells.values()), _times_note(column), asks=order.asks)


class Order:
    """Whether the day or the month comes first in the dates of one column."""

    def __init__(self, written: Iterable[Written], said: bool | None) -> None:
        opened = [each for each in written if each.open]
        self.any = bool(opened)
        self.short_years = any(each.short_year for each in opened) or any(each.short_year for each in written)
        votes: Counter[bool] = Counter()
        self.undecided = False
        for each in opened:
            orders = each.orders()
            if len(orders) == 1:
                votes.update(orders)
            elif orders and each.first != each.second:
                self.undecided = True
        self.said = said
        self.decided = bool(votes)
        self.day_first = said if said is not None else votes[True] >= votes[False]

    @property
    def asks(self) -> str:
        """The question to a person, where the column cannot tell."""
        return ASK_DAY_FIRST if self.undecided and not self.decided and self.said is None else ""

    def waiting(self, written: dict[int, Written]) -> list[int]:
        """The rows that nothing can be said of until somebody has answered."""
        if not self.asks:
            return []
        return [
            row for row, each in written.items() if each.open and len(each.orders()) == 2 and each.first != each.second
        ]

    def notes(self, cells: Iterable[Cell]) -> list[str]:
        """How the dates were read."""
        said = []
        if self.any and not self.asks:
            first, month = (
                _("Dates are read with the day first, as in 31/03/2026."),
                _("Dates are read with the month first, as in 03/31/2026."),
            )
            said.append(first if self.day_first else month)
        if self.short_years:
            said.append(_("Years of two digits are read as 20xx."))
        days = [cell for cell in cells if isinstance(cell, date)]
        if self.decided and not self.day_first and days and all(each.day <= 12 for each in days):
            said.append(
                _(
                    "Some cells are dates already, and others are texts with the month first. The spreadsheet may have "
                    "swapped day and month of those dates: look at them."
                )
            )
        return said


def _written(cell: Cell) -> Written | None:
    """What a text says of a date, if it says anything."""
    if not isinstance(cell, str) or not cell.strip():
        return None
    try:
        return written_date(_without_time(cell))
    except Wrong:
        return None


def _without_time(text: str) -> str:
    return _TIME.sub("", text.strip()) if ":" in text else text.strip()


def _day(column: Column, cell: Cell, order: Order) -> str:
    if isinstance(cell, datetime):
        column.noticed["times"] += cell.time() != time()
        return _spreadsheet_day(cell.date())
    if isinstance(cell, date):
        return _spreadsheet_day(cell)
    if isinstance(cell, bool | time):
        raise Wrong(not_a_date())
    if isinstance(cell, int | float):
        return _number(cell)
    written = written_date(_without_time(cell))
    column.noticed["times"] += ":" in cell and not _MIDNIGHT.search(cell)
    return written.day(day_first=order.day_first).isoformat()


def _spreadsheet_day(day: date) -> str:
    if day < _FIRST_DAY:
        raise Wrong(not_a_date())
    return checked(day).isoformat()


def _number(cell: float) -> str:
    """A number is a day only where it is written like one: 20260314."""
    if float(cell).is_integer() and len(str(int(cell))) == 8:
        return written_date(str(int(cell))).day(day_first=True).isoformat()
    raise Wrong(serial_words(cell))


def _times_note(column: Column) -> str:
    count = column.noticed["times"]
    words = ngettext("The time of day is left out of %(n)s cell.", "The time of day is left out of %(n)s cells.", count)
    return words % {"n": count} if count else ""
