"""Columns of codes, such as employee numbers. What a spreadsheet did to a code is told; what is lost is not guessed."""

import re
from collections import Counter
from datetime import date, time

from django.utils.translation import gettext as _

from readiness.sheets.cells import Cell
from readiness.sheets.columns.readings import Column, ColumnReading, Wrong
from readiness.sheets.columns.texts import invisible_note, plain

_LONGEST = 10**15  # spreadsheets keep fifteen digits of a number
_SHORTENED = re.compile(r"-?\d(?:[.,]\d+)?E\+\d+", re.I | re.ASCII)
_LIKE_A_DATE = re.compile(
    r"\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}",
    re.I | re.ASCII,
)
_USUAL_SHARE = 0.9
_NAMED = 5


def read_codes(column: Column) -> ColumnReading:
    """Codes as they were written. Raises nothing: what a spreadsheet has spoilt is a trouble with its likely cause."""
    column.read(lambda cell: _code(column, cell), dashes=False)
    _look_for_dates(column)
    return column.reading(invisible_note(column), _look_for_zeros(column))


def _code(column: Column, cell: Cell) -> str:
    if isinstance(cell, bool):
        raise Wrong(_("The spreadsheet took this code for true or false. %(mend)s") % {"mend": _mend()})
    if isinstance(cell, date | time):
        raise Wrong(_as_a_date())
    if isinstance(cell, int | float) and abs(cell) >= _LONGEST:
        words = _("The spreadsheet took this code for a number, and keeps only its first 15 digits. %(mend)s")
        raise Wrong(words % {"mend": _mend()})
    text = plain(column, cell)
    if _SHORTENED.fullmatch(text):
        raise Wrong(
            _("The spreadsheet took this code for a number, and has shortened it. %(mend)s") % {"mend": _mend()}
        )
    return text


def _mend() -> str:
    return _("Format the column as text, type the code again, and choose the file again.")


def _as_a_date() -> str:
    return _("The spreadsheet took this code for a date. %(mend)s") % {"mend": _mend()}


def _look_for_dates(column: Column) -> None:
    """Few values such as 01-Mar among others that are no dates were codes once."""
    held = [value for value in column.values.values() if value]
    eaten = [row for row, value in column.values.items() if _LIKE_A_DATE.fullmatch(value)]
    if eaten and len(eaten) * 2 < len(held):
        for row in eaten:
            column.trouble(row, _as_a_date())


def _look_for_zeros(column: Column) -> str:
    """Numbers that are shorter than others that begin with zeros have lost theirs. A note where it is only likely."""
    numbers = {row: value for row, value in column.values.items() if value.isdecimal()}
    padded = Counter(len(value) for value in numbers.values() if value[0] == "0" and len(value) > 1)
    if padded:
        width = padded.most_common(1)[0][0]
        for row, value in numbers.items():
            if len(value) < width and value[0] != "0":
                words = _("Perhaps %(code)s: a spreadsheet takes zeros at the start away. %(mend)s")
                column.trouble(row, words % {"code": value.zfill(width), "mend": _mend()})
        return ""
    if not numbers:
        return ""
    width, count = Counter(map(len, numbers.values())).most_common(1)[0]
    short = [value for value in numbers.values() if len(value) < width]
    if not short or count < _USUAL_SHARE * len(numbers):
        return ""
    words = _("Most codes have %(width)s digits, but not %(codes)s. Look whether zeros at the start were lost.")
    return words % {"width": width, "codes": ", ".join(short[:_NAMED])}
