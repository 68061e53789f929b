"""What became of a column, and how its cells are gone through."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from readiness.sheets.cells import Broken, Cell, text_of

_SHOWN = 80  # characters of a value in a trouble
_DASHES = frozenset({"-", "–", "—"})


class ColumnKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    FLAG = "flag"
    NUMBER = "number"
    MOMENT = "moment"
    TIME = "time"
    CHOICE = "choice"


@dataclass(frozen=True)
class Trouble:
    """A cell that cannot be read: where it stands, what stands there, what is wrong and how to mend it."""

    row: int
    column: str
    value: str
    words: str


@dataclass(frozen=True)
class ColumnReading:
    """A column that was read.

    `values` has the canonical text of each row ("" for empty: dates as 2026-03-14, flags true or false) but of those in
    `troubles`. `notes` say how the column was understood. Where it could be understood in two ways, `asks` names the
    question ("day_first"); the cells it is about are then in neither.
    """

    values: dict[int, str]
    troubles: tuple[Trouble, ...]
    notes: tuple[str, ...]
    asks: str = ""


class Wrong(ValueError):
    """A cell that cannot be read; the message says what is wrong with it, and how to mend it."""


class Column:
    """A column that is being read: cells, values, troubles and notes."""

    def __init__(self, name: str, cells: Mapping[int, Cell]) -> None:
        self.name = name
        self.cells = cells
        self.values: dict[int, str] = {}
        self.troubles: list[Trouble] = []
        self.noticed: Counter[str] = Counter()

    def read(self, read: Callable[[Cell], str], *, dashes: bool = True) -> None:
        """Go through the cells. A dash alone means nothing but in words and codes."""
        for row, cell in self.cells.items():
            try:
                self.values[row] = self._read(cell, read, dashes=dashes)
            except Wrong as wrong:
                self.trouble(row, str(wrong))

    def _read(self, cell: Cell, read: Callable[[Cell], str], *, dashes: bool) -> str:
        if isinstance(cell, Broken):
            raise Wrong(_broken(cell))
        if isinstance(cell, str):
            if not cell.strip():
                return ""
            if dashes and cell.strip() in _DASHES:
                self.noticed["dash"] += 1
                return ""
        return read(cell)

    def trouble(self, row: int, words: str) -> None:
        """Say what is wrong with the cell of a row."""
        self.values.pop(row, None)
        self.troubles.append(Trouble(row, self.name, text_of(self.cells[row])[:_SHOWN], words))

    def reading(self, *notes: str, asks: str = "") -> ColumnReading:
        """What became of it."""
        said = [note for note in notes if note]
        if self.noticed["dash"]:
            said.append(_("A dash alone is read as empty."))
        return ColumnReading(self.values, tuple(sorted(self.troubles, key=lambda each: each.row)), tuple(said), asks)


def _broken(cell: Broken) -> str:
    if not cell:
        return _("A formula without a value. Open the file in a spreadsheet program, save it, and choose it again.")
    return _("The spreadsheet shows an error here: %(error)s. Mend the cell, or empty it.") % {"error": str(cell)}
