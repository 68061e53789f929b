"""Columns of numbers."""

import re
from decimal import Decimal
from math import isfinite

from django.utils.translation import gettext as _

from readiness.sheets.cells import Cell
from readiness.sheets.columns.readings import Column, ColumnReading, Wrong

_PLAIN = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ ,'’])\d{3})(?:\1\d{3})*(?:\.\d{1,30})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,30},\d{1,30}", re.ASCII)


def read_numbers(column: Column) -> ColumnReading:
    """Numbers with a point, as short as they can be said. Whether commas are points is decided once for the column."""
    texts = [_tidy(cell) for cell in column.cells.values() if isinstance(cell, str)]
    comma = any(_DECIMAL_COMMA.fullmatch(text) and not _GROUPED.fullmatch(text) for text in texts)
    # Both in one column cannot be right: then a comma groups digits, and the rest is told as wrong.
    comma = comma and not any("." in text and _PLAIN.fullmatch(text) for text in texts)
    column.read(lambda cell: _number(cell, comma=comma))
    return column.reading(_("A comma is read as the decimal point.") if comma else "")


def _number(cell: Cell, *, comma: bool) -> str:
    if isinstance(cell, bool):
        raise _wrong()
    if isinstance(cell, int | float):
        if not isfinite(cell):
            raise _wrong()
        # Fifteen digits are what a spreadsheet shows and means: the rest is noise of its arithmetic.
        return _short(format(Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}"), "f"))
    if not isinstance(cell, str):
        raise _wrong()
    text = _tidy(cell)
    if comma and _DECIMAL_COMMA.fullmatch(text):
        return _short(text.replace(",", "."))
    if _PLAIN.fullmatch(text):
        return _short(text)
    if _GROUPED.fullmatch(text):
        return _short(re.sub(r"[ ,'’]", "", text))
    raise _wrong()


def _tidy(text: str) -> str:
    return " ".join(text.replace("\u2212", "-").split())


def _short(text: str) -> str:
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.lstrip("+"))
    whole, _point, rest = digits.partition(".")
    shown = (whole.lstrip("0") or "0") + (f".{rest.rstrip('0')}" if rest.rstrip("0") else "")
    return shown if shown == "0" else sign + shown


def _wrong() -> Wrong:
    return Wrong(_("Not a number. Enter a number such as 1234.5."))
