"""Files of spreadsheets, made here, and a way to read them without starting a process for each."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from readiness.reading.__main__ import answer
from readiness.reading.refusal import Unread
from readiness.sheets import RawRow, SheetRefused, Workbook, open_workbook, opening, read_rows


@contextmanager
def in_this_process(question: dict[str, Any], content: bytes) -> Iterator[Iterator[Any]]:
    """Stands in for `child.answer_to`: the same reading, the same lines, no process."""
    out = io.StringIO()
    try:
        answer(question, content, out)
    except Unread as refusal:
        held = refusal

        def refused() -> Iterator[Any]:
            raise held
            yield

        yield refused()
    else:
        yield map(json.loads, out.getvalue().splitlines())


@contextmanager
def without_a_process() -> Iterator[None]:
    """Within it, files are read by the process of the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "answer_to", in_this_process)
        yield


def opened(content: bytes, name: str = "staff.csv") -> Workbook:
    """What a file holds, read here."""
    with without_a_process():
        return open_workbook(content, name)


def rows(content: bytes, sheet: str = "staff", header_row: int = 1) -> list[RawRow]:
    """The rows of a sheet, read here."""
    with without_a_process():
        return read_rows(content, "staff.csv", sheet=sheet, header_row=header_row)


def refusal(content: bytes, name: str = "staff.csv") -> str:
    """Why a file is refused; "" where it is read."""
    try:
        opened(content, name)
    except SheetRefused as refused:
        return str(refused)
    return ""


def workbook(fill: Callable[[Worksheet], object], *more: str) -> bytes:
    """A workbook whose first sheet, "Staff", is filled, with empty sheets after it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Staff"
    fill(sheet)
    for name in more:
        book.create_sheet(name)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def table(*lines: Sequence[Any]) -> bytes:
    """A workbook with one sheet of these rows."""
    return workbook(lambda sheet: [sheet.append(list(line)) for line in lines])


def with_parts(content: bytes, parts: Mapping[str, bytes | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with some parts changed, added, or (None) taken out."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(held, "w", method) as after:
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, data in parts.items():
            if data is not None:
                after.writestr(name, data)
    return held.getvalue()


def part_of(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """One part of a workbook, unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name)
