"""Columns of words."""

from django.utils.translation import ngettext

from readiness.reading.letters import composed
from readiness.sheets.cells import Cell, text_of
from readiness.sheets.columns.readings import Column, ColumnReading


def read_texts(column: Column) -> ColumnReading:
    """Words as they were written, in composed letters, without blanks around them and what nobody sees."""
    column.read(lambda cell: plain(column, cell), dashes=False)
    return column.reading(invisible_note(column))


def plain(column: Column, cell: Cell) -> str:
    """A cell as text. What was left out is counted."""
    text, left_out = composed(text_of(cell).replace("\xa0", " "))
    column.noticed["invisible"] += left_out
    return text.strip()


def invisible_note(column: Column) -> str:
    """How many cells had invisible characters, which were left out; "" for none."""
    count = column.noticed["invisible"]
    words = ngettext(
        "Invisible characters were left out of %(n)s cell.", "Invisible characters were left out of %(n)s cells.", count
    )
    return words % {"n": count} if count else ""
