"""XLSX: its sheets as rows. Values come from a quick reader; what that one keeps to itself, from a look at the XML."""

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zipfile import ZipInfo

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from readiness.reading import limits
from readiness.reading.cells import BROKEN, Sent, sent
from readiness.reading.markup import Look, look_at, parse, sheets_of
from readiness.reading.notes import Note, note
from readiness.reading.refusal import Unread
from readiness.reading.shared import check_text, lengths_of
from readiness.reading.unpacking import unpacked

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Its reader does not mind how this is spelled.
_SHARED = "xl/sharedstrings.xml"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, whether people see it, and what was noticed in its XML."""

    name: str
    hidden: bool
    look: Look
    rows: Any

    def notes(self, header: int) -> list[Note]:
        """What a person should know before they trust what they see of the sheet, whose headings are in a row."""
        look = self.look
        merged = sum(last >= header for last in look.merged)
        said = [note("hidden_rows", n=look.hidden_rows)] if look.hidden_rows else []
        said += [note("hidden_columns", n=look.hidden_columns)] if look.hidden_columns else []
        said += [note("filtered")] if look.filtered and look.hidden_rows else []
        said += [note("merged", n=merged)] if merged else []
        return said

    def records(self) -> Iterator[tuple[int, list[Sent]]]:
        """The rows with their numbers, blank ones included. Raises Unread for a cell that is too long."""
        broken: dict[int, dict[int, str]] = {}
        for (row, column), words in self.look.broken.items():
            broken.setdefault(row, {})[column] = words
        last = max(broken, default=-1)
        # The reader leaves out the columns before the first that is used, but not the rows.
        before: list[Sent] = [""] * (self.rows.start[1] if self.rows.start else 0)
        number = 0
        for number, values in enumerate(self.rows.iter_rows(), 1):
            cells = before + [sent(value) for value in values]
            if any(len(cell) > limits.CELL_LENGTH for cell in cells if isinstance(cell, str)):
                raise Unread("cell_long", row=number, most=limits.CELL_LENGTH)
            yield number, _mended(cells, broken.get(number - 1))
        for row in range(number, last + 1):
            yield row + 1, _mended([], broken.get(row))


def _mended(cells: list[Sent], broken: dict[int, str] | None) -> list[Sent]:
    for column, words in (broken or {}).items():
        cells += [""] * (column + 1 - len(cells))
        cells[column] = [BROKEN, words]
    return cells


def open_sheets(content: bytes, only: str | None = None) -> Iterator[Sheet]:
    """The sheets with cells, one after the other, or `only` one. Raises Unread."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = {part.filename: part for part in packed.infolist()}
        named, lengths = _checked(content, parts)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            visible = {each.name: each.visible for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet}
            for name, path in named.items():
                if name not in visible or only not in (None, name):
                    continue
                if path not in parts:
                    raise Unread("damaged")
                part = parts[path]
                look = look_at(unpacked(content, part))
                check_text(look, lengths, partial(unpacked, content, part))
                yield Sheet(name, visible[name] != SheetVisibleEnum.Visible, look, book.get_sheet_by_name(name))
    except (CalamineError, zipfile.BadZipFile, ValueError, KeyError, OSError, struct.error):
        raise Unread("damaged") from None


def _checked(content: bytes, parts: dict[str, ZipInfo]) -> tuple[dict[str, str], Sequence[int]]:
    """The sheets by name, and the lengths of shared texts, once every part of XML is what it says it is."""
    if _WORKBOOK not in parts or _RELATIONS not in parts:
        raise Unread("damaged")
    named = sheets_of(unpacked(content, parts[_WORKBOOK]), unpacked(content, parts[_RELATIONS]))
    if len(named) > limits.SHEETS:
        raise Unread("sheets", n=len(named), most=limits.SHEETS)
    shared = next((name for name in parts if name.lower() == _SHARED), "")
    lengths = lengths_of(unpacked(content, parts[shared])) if shared else ()
    looked_at = {shared, *named.values()}
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")) and name not in looked_at:
            parse(unpacked(content, part))
    return named, lengths
