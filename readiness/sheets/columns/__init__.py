"""Reads a column as what a person says it holds: each cell becomes canonical text, or a trouble in words."""

from collections.abc import Callable, Mapping

from readiness.sheets.cells import Cell
from readiness.sheets.columns.choices import read_choices, read_flags
from readiness.sheets.columns.codes import read_codes
from readiness.sheets.columns.dates import read_dates
from readiness.sheets.columns.moments import read_moments, read_times
from readiness.sheets.columns.numbers import read_numbers
from readiness.sheets.columns.readings import Column, ColumnKind, ColumnReading, Trouble
from readiness.sheets.columns.texts import read_texts

__all__ = ["ColumnKind", "ColumnReading", "Trouble", "read_column"]

_PLAIN: dict[ColumnKind, Callable[[Column], ColumnReading]] = {
    ColumnKind.TEXT: read_texts,
    ColumnKind.CODE: read_codes,
    ColumnKind.FLAG: read_flags,
    ColumnKind.NUMBER: read_numbers,
    ColumnKind.TIME: read_times,
}
_NO_CHOICES: Mapping[str, str] = {}


def read_column(
    kind: ColumnKind,
    column: str,
    cells: Mapping[int, Cell],
    *,
    day_first: bool | None = None,
    choices: Mapping[str, str] = _NO_CHOICES,
) -> ColumnReading:
    """The cells of a column by row number, read as one kind.

    `day_first` is what a person said where an earlier reading asked; `choices` maps words (any case) to canonical ones.
    """
    held = Column(column, cells)
    if kind == ColumnKind.DATE:
        return read_dates(held, day_first)
    if kind == ColumnKind.MOMENT:
        return read_moments(held, day_first)
    if kind == ColumnKind.CHOICE:
        return read_choices(held, choices)
    return _PLAIN[kind](held)
