"""Small packs for tests: the tables of `tests.packs_small` with a few cells changed, imported."""

from pathlib import Path

from readiness.packs import ImportReport, import_pack
from tests.packs_small import Table, small_tables, write_tables

Tables = dict[str, Table]


def load(folder: Path, tables: Tables, **options) -> ImportReport:
    """Write the tables as a pack, over those of an earlier call, and import it."""
    for file in folder.glob("*.csv"):
        file.unlink()
    return import_pack(write_tables(folder, tables), **options)


def put(tables: Tables, file: str, row: int, column: str, value: str) -> None:
    """Write one cell; rows count from the header's 1."""
    tables[file][row - 1][tables[file][0].index(column)] = value


def without_column(tables: Tables, file: str, column: str) -> None:
    """Take a column out of a file."""
    place = tables[file][0].index(column)
    tables[file] = [row[:place] + row[place + 1 :] for row in tables[file]]


def other_programme(tables: Tables) -> Tables:
    """The same places and people for a second programme."""
    put(tables, "programme.csv", 2, "code", "OTHER")
    return tables


__all__ = ["Tables", "load", "other_programme", "put", "small_tables", "without_column"]
