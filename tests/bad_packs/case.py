"""What a case of the corpus is, and the small tools that its builders share."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.packs_small import Table, small_tables, table_bytes, write_tables

Tables = dict[str, Table]
# Spoils the tables, writes them inside an empty folder and says where: a folder or a file.
Builder = Callable[[Path, Tables], Path]


@dataclass(frozen=True)
class Fault:
    """One line that the report must hold: all that is given here stands in that one line.

    Rows count as a spreadsheet counts them: the header is row 1. Words are compared without regard to case.
    """

    file: str
    row: int | None = None
    column: str = ""
    value: str = ""
    words: tuple[str, ...] = ()

    def stands_in(self, line: str) -> bool:
        """Whether a line of a report names this fault."""
        row = rf"{re.escape(self.file)} row {self.row}\b" if self.row else re.escape(self.file)
        return (
            re.match(row, line) is not None
            and self.column in line
            and (f"'{self.value}'" in line or not self.value)
            and all(word.casefold() in line.casefold() for word in self.words)
        )


@dataclass(frozen=True)
class Case:
    """A pack, and what importing it into an empty database must do.

    With faults it is refused, and the report names each of them. Without, it is accepted: the report holds every one
    of `says`, and where `same` is set the database ends up with as many rows as from the tables unspoilt. `about` is
    the file that matters (empty: that of the first fault): the pack holds it and what it names. With neither, it is
    the whole small pack.
    """

    name: str
    spoil: Builder
    faults: tuple[Fault, ...] = ()
    options: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    same: bool = True
    about: str = ""

    def build(self, folder: Path) -> Path:
        """Write the pack inside an empty folder and give its path."""
        return self.spoil(folder, self.tables())

    def tables(self) -> Tables:
        """The tables as they are before they are spoilt."""
        return small_tables(self.about or next((fault.file for fault in self.faults), ""))


def edited(change: Callable[[Tables], object]) -> Builder:
    """The tables after a change, as a folder."""

    def build(folder: Path, tables: Tables) -> Path:
        change(tables)
        return write_tables(folder / "pack", tables)

    return build


def with_bytes(name: str, change: Callable[[bytes], bytes]) -> Builder:
    """The tables after a change of one file's bytes, as a folder."""

    def build(folder: Path, tables: Tables) -> Path:
        pack = write_tables(folder / "pack", tables)
        (pack / name).write_bytes(change(table_bytes(tables[name])))
        return pack

    return build


def set_cell(tables: Tables, file: str, row: int, column: str, value: str) -> None:
    """Write one cell; rows count from the header's 1."""
    table = tables[file]
    table[row - 1][table[0].index(column)] = value


def with_cells(*cells: tuple[str, int, str, str]) -> Builder:
    """The tables with other values in some cells, each given as file, row, column and value."""

    def change(tables: Tables) -> None:
        for file, row, column, value in cells:
            set_cell(tables, file, row, column, value)

    return edited(change)


def with_cell(file: str, row: int, column: str, value: str) -> Builder:
    """The tables with another value in one cell."""
    return with_cells((file, row, column, value))


def with_row(file: str, *cells: str) -> Builder:
    """The tables with one more row at the end of a file."""
    return edited(lambda tables: tables[file].append(list(cells)))


def bad_cell(file: str, row: int, column: str, value: str, *words: str) -> Case:
    """A case of one wrong cell: the report names it, shows it and says each word."""
    shown = re.sub(r"[^\w.:+/-]+", "_", value[:30]) or "empty"
    return Case(
        f"{file.removesuffix('.csv')}-{column}-{shown}",
        with_cell(file, row, column, value),
        (Fault(file, row, column, value if len(value) <= 30 else "", words),),
    )
