"""Columns of times of day, and of days with a time. A local time stays local: only a site knows its clock."""

import re
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from readiness.sheets.cells import Cell
from readiness.sheets.columns.dates import Order
from readiness.sheets.columns.days import Written, checked, written_date
from readiness.sheets.columns.readings import Column, ColumnReading, Wrong

_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:\.\d+)?)? ?([ap])\.?m\.?"
    r"|(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?|(\d{2})(\d{2})",
    re.I | re.ASCII,
)
_OFFSET = re.compile(r" ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})\Z", re.I | re.ASCII)
_ZONE = re.compile(r" ([A-Za-z]{3,5}|[A-Za-z]+/[A-Za-z_]+)\Z", re.ASCII)
_PARTS = re.compile(
    r"(.+?)(?:[T,]| at | )+ *(\d{1,2}(?:[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?)?(?: ?[ap]\.?m\.?)?|\d{4})", re.I | re.ASCII
)


def read_times(column: Column) -> ColumnReading:
    """Times of day as 07:30. The end of a day, 24:00, is 00:00."""
    column.read(_time)
    return column.reading()


def read_moments(column: Column, day_first: bool | None) -> ColumnReading:
    """Days with a time as 2026-03-14T07:30, with their offset where one is written. 24:00 stays as it is."""
    found = {row: parts[0] for row, cell in column.cells.items() if (parts := _parts_or_none(cell))}
    order = Order(found.values(), day_first)
    column.read(lambda cell: _moment(cell, order))
    for row in order.waiting(found):
        column.values.pop(row, None)
    return column.reading(*order.notes(column.cells.values()), asks=order.asks)


def _time(cell: Cell) -> str:
    if isinstance(cell, date | bool):
        raise Wrong(_no_time())
    if isinstance(cell, time):
        return _shown(cell.hour, cell.minute, cell.second)
    if isinstance(cell, int | float):
        # 730 is what a spreadsheet leaves of 0730.
        if float(cell).is_integer() and 100 <= cell <= 2400:
            return _clock(f"{int(cell):04}", ends=False)
        raise Wrong(_no_time())
    return _clock(cell.strip(), ends=False)


def _moment(cell: Cell, order: Order) -> str:
    if isinstance(cell, datetime):
        return f"{checked(cell.date()).isoformat()}T{_shown(cell.hour, cell.minute, cell.second)}"
    if isinstance(cell, date):
        raise Wrong(_("A day without a time. Enter a date and time like 2026-03-14T07:30."))
    if not isinstance(cell, str):
        raise Wrong(_no_moment())
    written, clock, offset = _parts(cell)
    return f"{written.day(day_first=order.day_first).isoformat()}T{_clock(clock, ends=True)}{offset}"


def _parts_or_none(cell: Cell) -> tuple[Written, str, str] | None:
    if not isinstance(cell, str) or not cell.strip():
        return None
    try:
        return _parts(cell)
    except Wrong:
        return None


def _parts(text: str) -> tuple[Written, str, str]:
    """The date, the time and the offset of a text. Raises Wrong."""
    text = " ".join(text.split())
    offset = ""
    if found := _OFFSET.search(text):
        text, offset = text[: found.start()], _offset(found[1])
    elif (named := _ZONE.search(text)) and named[1].lower() not in ("am", "pm"):
        words = _(
            "The zone “%(zone)s” is not read. Leave it out for the site's own time, or enter an offset such as +01:00."
        )
        raise Wrong(words % {"zone": named[1]})
    parts = _PARTS.fullmatch(text)
    if not parts:
        written_date(text)
        raise Wrong(_("A day without a time. Enter a date and time like 2026-03-14T07:30."))
    return written_date(parts[1]), parts[2], offset


def _offset(text: str) -> str:
    if text.upper() in ("Z", "UTC", "GMT"):
        return "Z"
    digits = text[1:].replace(":", "")
    if int(digits[:2]) > 14 or int(digits[2:]) > 59:
        raise Wrong(_no_moment())
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


def _clock(text: str, *, ends: bool) -> str:
    """A time of day in the ways people write it. 24:00 is kept where a day `ends` with it, else it is midnight."""
    found = _CLOCK.fullmatch(text)
    if not found:
        raise Wrong(_no_time())
    if found[4]:
        hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if not 1 <= hour <= 12:
            raise Wrong(_no_time())
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    else:
        hour, minute, second = int(found[5] or found[8]), int(found[6] or found[9]), int(found[7] or 0)
    if (hour, minute, second) == (24, 0, 0):
        return "24:00" if ends else "00:00"
    if hour > 23 or minute > 59 or second > 59:
        raise Wrong(_no_time())
    return _shown(hour, minute, second)


def _shown(hour: int, minute: int, second: int) -> str:
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def _no_time() -> str:
    return _("Not a time. Enter a time like 07:30.")


def _no_moment() -> str:
    return _("Not a date and time. Enter one like 2026-03-14T07:30.")
