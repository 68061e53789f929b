"""A table written as CSV or XLSX into a temporary file, so that an error is a page and never half a file."""

import csv
import io
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from rollout.downloads.cells import exact, harmless, local, words
from rollout.downloads.tables import Column, Kind, Table

IN_MEMORY = 4 * 1024 * 1024  # bytes; a longer file goes to disk
FORMATS: dict[Kind, str] = {
    "whole": "#,##0",
    "percent": "0.0%",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
WIDTHS: dict[Kind, int] = {"text": 32, "moment": 18}
OTHER_WIDTH = 14
SHEET_NAME_LENGTH = 31


def new_file() -> IO[bytes]:
    """An empty file that vanishes when it is closed."""
    return SpooledTemporaryFile(IN_MEMORY)


def write_csv(table: Table) -> IO[bytes]:
    """The table as CSV: one header row, UTF-8 with the mark that spreadsheets look for."""
    file = new_file()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines = csv.writer(text)
    lines.writerow([harmless(_heading(column)) for column in table.columns])
    kinds = [column.kind for column in table.columns]
    lines.writerows([words(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in table.rows)
    text.flush()
    text.detach()
    file.seek(0)
    return file


def write_xlsx(table: Table) -> IO[bytes]:
    """The table as a workbook that opens with a sheet "About", then the rows: real dates, no merged cells."""
    book = Workbook(write_only=True)
    about = book.create_sheet(gettext("About"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 72
    for what, value in table.about:
        about.append([_bold(about, what), harmless(str(value))])
    sheet = book.create_sheet(_sheet_name(table))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.kind, OTHER_WIDTH)
    sheet.append([_bold(sheet, column.label) for column in table.columns])
    for row in table.rows:
        sheet.append(list(_cells(sheet, row, table)))
    file = new_file()
    book.save(file)
    file.seek(0)
    return file


def _heading(column: Column) -> str:
    return f"{column.label} (%)" if column.kind == "percent" else str(column.label)


def _cells(sheet: Any, row: Any, table: Table) -> Iterator[Any]:
    for value, column in zip(row, table.columns, strict=True):
        if value is None:
            yield None
        elif column.kind == "text":
            yield harmless(str(value))
        elif column.kind == "yes_no":
            yield words(value, "yes_no")
        else:
            cell = WriteOnlyCell(sheet, _plain(value, column.kind))
            cell.number_format = FORMATS.get(column.kind, "General")
            yield cell


def _plain(value: Any, kind: Kind) -> Any:
    """What a workbook holds: moments are on the reader's clock, since it knows no zones."""
    if kind == "moment":
        return local(value).replace(tzinfo=None)
    return value if kind == "day" else exact(value)


def _bold(sheet: Any, text: Any) -> Any:
    cell = WriteOnlyCell(sheet, harmless(str(text)))
    cell.font = Font(bold=True)
    return cell


def _sheet_name(table: Table) -> str:
    """The title as a sheet may be called."""
    kept = "".join(" " if letter in "[]:*?/\\'" else letter for letter in harmless(str(table.title)))
    return kept.strip()[:SHEET_NAME_LENGTH] or table.name
