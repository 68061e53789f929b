"""Columns of yes and no, and of words from a closed list."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from readiness.sheets.cells import Cell, text_of
from readiness.sheets.columns.readings import Column, ColumnReading, Wrong
from readiness.sheets.columns.texts import plain

_YES = frozenset({"yes", "y", "true", "t", "1", "x", "✓", "✔", "on"})
_NO = frozenset({"no", "n", "false", "f", "0", "✗", "✘", "off"})
_BETWEEN = re.compile(r"[\s_\-–]+")


def read_flags(column: Column) -> ColumnReading:
    """Yes and no in the forms that people use, as true and false. An empty cell stays empty."""
    column.read(_flag)
    return column.reading()


def _flag(cell: Cell) -> str:
    word = text_of(cell).strip().casefold()
    if word in _YES:
        return "true"
    if word in _NO:
        return "false"
    raise Wrong(_("Neither yes nor no. Enter yes or no."))


def read_choices(column: Column, choices: Mapping[str, str]) -> ColumnReading:
    """Words of a closed list, whatever their case and what stands between their parts."""
    known = {_key(word): canonical for word, canonical in choices.items()}
    known |= {_key(canonical): canonical for canonical in choices.values()}
    offered = ", ".join(dict.fromkeys(choices.values()))

    def choice(cell: Cell) -> str:
        found = known.get(_key(plain(column, cell)))
        if found is None:
            raise Wrong(_("Not a word that is known here. Enter one of these: %(words)s.") % {"words": offered})
        return found

    column.read(choice)
    return column.reading()


def _key(word: str) -> str:
    return _BETWEEN.sub(" ", word).strip().casefold()
