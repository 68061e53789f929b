"""Opens a file of a person, and reads the rows of one of its sheets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from readiness.reading.cells import NO_VALUE, received
from readiness.reading.kinds import CSV, XLSX
from readiness.reading.refusal import Unread
from readiness.sheets.cells import Broken, Cell
from readiness.sheets.child import answer_to
from readiness.sheets.recognising import kind_of_sheet
from readiness.sheets.words import note_words, refusal_words
from rollout.uploads.names import ending_of, harmless_name


class SheetRefused(Exception):
    """A file that is not read. The text says why, and how to mend it."""


@dataclass(frozen=True)
class SheetSummary:
    """One sheet of a file, as far as a person has to know it to say what its columns are.

    `rows` are those below the headings that hold something; `header_row` counts as a spreadsheet does, 0 where no
    headings were found; `columns` are their texts as they stand ("" for none, duplicates kept); `samples` are for each
    column the first three values that are not empty.
    """

    name: str
    hidden: bool
    rows: int
    header_row: int
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Workbook:
    """A file that can be read: its kind (csv or xlsx) by its content, its sheets (one of a CSV), what was noticed."""

    kind: str
    sheets: tuple[SheetSummary, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in a sheet: its number as a spreadsheet counts, its cells from the first column on.

    A row is as long as it is filled: what stands beyond its end is empty.
    """

    number: int
    cells: tuple[Cell, ...]


def open_workbook(content: bytes, name: str) -> Workbook:
    """What a file holds. Raises SheetRefused. Hostile files end a process of their own, never this one."""
    try:
        kind = kind_of_sheet(content)
        with answer_to({"do": "open", "kind": kind, "name": _sheet_name(name)}, content) as lines:
            found = next(lines)["sheets"]
        sheets = tuple(_summary(each) for each in found if each["columns"] or each["rows"])
        if not sheets:
            raise Unread("empty" if kind == CSV else "no_sheets")
    except Unread as refusal:
        raise SheetRefused(refusal_words(refusal.code, refusal.facts)) from None
    return Workbook(kind, sheets, tuple(_notes_on_file(kind, name)))


def read_rows(content: bytes, name: str, *, sheet: str, header_row: int) -> list[RawRow]:
    """The rows of a sheet below its headings (0: from the first on), blank ones left out. Raises SheetRefused."""
    return list(iter_rows(content, name, sheet=sheet, header_row=header_row))


def iter_rows(content: bytes, name: str, *, sheet: str, header_row: int, most: int | None = None) -> Iterator[RawRow]:
    """The same, one by one, and at most so many: never all of them are held here. What follows them is not read."""
    try:
        question = {
            "do": "rows",
            "kind": kind_of_sheet(content),
            "sheet": sheet,
            "header_row": header_row,
            "most": most,
        }
        with answer_to(question, content) as lines:
            for line in lines:
                if isinstance(line, dict):
                    return
                yield RawRow(line[0], tuple(_cell(cell) if isinstance(cell, list) else cell for cell in line[1:]))
    except Unread as refusal:
        raise SheetRefused(refusal_words(refusal.code, refusal.facts)) from None


def _cell(sent: list[str]) -> Cell:
    value = received(sent)
    if isinstance(value, tuple):
        return Broken("" if value[1] == NO_VALUE else value[1])
    return value


def _summary(found: dict[str, Any]) -> SheetSummary:
    return SheetSummary(
        found["name"],
        found["hidden"],
        found["rows"],
        found["header_row"],
        tuple(found["columns"]),
        tuple(tuple(each) for each in found["samples"]),
        tuple(note_words(code, facts) for code, facts in found["notes"]),
    )


def _sheet_name(name: str) -> str:
    """What the only sheet of a CSV file is called: the file's name without its ending."""
    plain = harmless_name(name)
    return plain.removesuffix("." + plain.rpartition(".")[2]) if "." in plain else plain


def _notes_on_file(kind: str, name: str) -> Iterator[str]:
    ending = ending_of(name)
    if (kind == CSV and ending == XLSX) or (kind == XLSX and ending == CSV):
        yield note_words("name_differs", {"kind": kind.upper(), "ending": ending})
