"""Reads a file as it was matched: lines of canonical text, and what could not be read."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from readiness.imports.kinds import ImportKind, Line
from readiness.models import FileImport
from readiness.sheets import Cell, ColumnKind, Trouble, read_column, read_rows
from readiness.sheets.cells import text_of
from rollout.forms.patient_data import looks_like_nhs_number


@dataclass
class Read:
    """What a file holds. `asks` are the fields whose dates could be either way round; `doubtful` the rows with a number
    that looks like an NHS number; `cells` every cell of a row, by its number."""

    lines: list[Line] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    cells: dict[int, tuple[Cell, ...]] = field(default_factory=dict)

    def texts(self, number: int) -> list[str]:
        """The cells of a row as text; none for what is not in the file."""
        return [text_of(cell) for cell in self.cells.get(number, ())]


def read_file(file_import: FileImport, kind: ImportKind, content: bytes, step: Callable[[str, int, int], None]) -> Read:
    """The rows of the file by the fields its columns were matched to. Raises SheetRefused."""
    step("reading", 0, 0)
    sheet, header_row = file_import.sheet, file_import.header_row
    rows = read_rows(content, file_import.name, sheet=sheet, header_row=header_row)
    matched, headers = file_import.columns["fields"], file_import.columns["headers"]
    read = Read(cells={row.number: row.cells for row in rows})
    values: dict[int, dict[str, str]] = {row.number: {} for row in rows}
    unread: dict[int, set[str]] = {}
    doubtful: set[int] = set()
    fields = [each for each in kind.fields if each.name in matched]
    for done, each in enumerate(fields):
        step("reading", done, len(fields))
        place = matched[each.name]
        cells: dict[int, Cell] = {row.number: row.cells[place] if place < len(row.cells) else "" for row in rows}
        name = headers[place] or gettext("Column %(n)s") % {"n": place + 1}
        day_first = file_import.day_first.get(each.name)
        reading = read_column(each.kind, name, cells, day_first=day_first, choices=each.choices)
        for number, value in reading.values.items():
            values[number][each.name] = value
        for trouble in reading.troubles:
            unread.setdefault(trouble.row, set()).add(each.name)
        read.troubles += reading.troubles
        read.notes += [note for note in reading.notes if note not in read.notes]
        if reading.asks:
            read.asks.append(each.name)
        if each.kind is ColumnKind.TEXT:
            doubtful |= {number for number, value in reading.values.items() if looks_like_nhs_number(value)}
    read.lines = [Line(n, values[n], frozenset(unread.get(n, ()))) for n in values]
    read.doubtful = sorted(doubtful)
    return read
