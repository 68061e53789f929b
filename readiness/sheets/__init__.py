"""Spreadsheets as people have them: what stands in a file, and in its columns. No models: others say what it means."""

from readiness.sheets.cells import Broken, Cell
from readiness.sheets.columns import ColumnKind, ColumnReading, Trouble, read_column
from readiness.sheets.opening import RawRow, SheetRefused, SheetSummary, Workbook, iter_rows, open_workbook, read_rows
from readiness.sheets.words import limits_words

__all__ = [
    "Broken",
    "Cell",
    "ColumnKind",
    "ColumnReading",
    "RawRow",
    "SheetRefused",
    "SheetSummary",
    "Trouble",
    "Workbook",
    "iter_rows",
    "limits_words",
    "open_workbook",
    "read_column",
    "read_rows",
]
