"""Reads one CSV file in chunks, checks its shape, and says of each record which row of a spreadsheet it is."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import IO

from readiness.packs.report import Problem
from readiness.packs.source import Part
from readiness.packs.spec import Table

CHUNK_ROWS = 5_000
CHUNK_CHARACTERS = 4 * 2**20
LINE_LENGTH = 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
QUOTES = "a quotation mark that is never closed, or a cell of more than 131,072 characters"


class FileRefused(Exception):
    """A file that cannot be read on: the problem says where and why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass
class Chunk:
    """Records of a file: the spreadsheet row of each, and their cells, every record as long as the header."""

    numbers: list[int]
    rows: list[list[str]]


@dataclass
class Header:
    """The first record of a file: its columns, where those of the table stand, and which are left unread."""

    length: int = 0
    places: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Lines:
    """The lines of a file for `csv.reader`, never longer than the memory set aside for one."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.characters = 0
        self.held: list[str] | None = None

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(LINE_LENGTH)
        if not line:
            raise StopIteration
        self.characters += len(line)
        if self.held is not None:
            self.held.append(line)
        if len(line) == LINE_LENGTH and line[-1] not in "\r\n":
            raise csv.Error("line too long")
        return line


class Reader:
    """One file of a pack as records. `read_header` first, then `chunks`. Bytes that are not text stay as surrogates."""

    def __init__(self, part: Part, encoding: str) -> None:
        self.part = part
        self.encoding = encoding
        self.row = 0
        self.blank_rows = 0
        self.problems: list[Problem] = []

    def records(self, file: IO[bytes], *, hold: bool = False) -> tuple[_Lines, Iterator[list[str]]]:
        """The records of an opened file from its start, and the lines they come from."""
        start = file.read(len(BYTE_ORDER_MARK))
        if start[:2] in UTF_16_MARKS:
            raise FileRefused(Problem(self.part.name, "UTF-16: save the file as UTF-8"))
        if start != BYTE_ORDER_MARK:
            file.seek(0)
        text = io.TextIOWrapper(file, self.encoding, errors="surrogateescape", newline="")
        lines = _Lines(text)
        lines.held = [] if hold else None
        return lines, csv.reader(lines, strict=True)

    def chunks(self, table: Table, *, ignore_unknown: bool) -> Iterator[Header | Chunk]:
        """The header, then chunks of records. Rows of the wrong length are kept in `problems`. Raises FileRefused."""
        with self.part.open() as file:
            lines, records = self.records(file)
            first = self._next(records)
            header = read_header(table, first, ignore_unknown=ignore_unknown)
            yield header
            if header.problems:
                return
            while chunk := self._chunk(lines, records, header.length):
                yield chunk

    def _next(self, records: Iterator[list[str]]) -> list[str]:
        try:
            first = next(records, [])
        except csv.Error as error:
            raise FileRefused(self._diagnosis(error)) from None
        self.row = 1
        return first

    def _chunk(self, lines: _Lines, records: Iterator[list[str]], length: int) -> Chunk | None:
        """The next records, blank ones left out; None at the end."""
        rows: list[list[str]] = []
        most = lines.characters + CHUNK_CHARACTERS
        try:
            for row in records:
                rows.append(row)
                if len(rows) == CHUNK_ROWS or lines.characters > most:
                    break
        except csv.Error as error:
            self.row += len(rows)
            raise FileRefused(self._diagnosis(error)) from None
        if not rows:
            return None
        numbers = list(range(self.row + 1, self.row + 1 + len(rows)))
        self.row += len(rows)
        if all(len(row) == length for row in rows) and all(map(any, rows)):
            return Chunk(numbers, rows)
        return self._fitting(numbers, rows, length)

    def _fitting(self, numbers: list[int], rows: list[list[str]], length: int) -> Chunk:
        chunk = Chunk([], [])
        for number, row in zip(numbers, rows, strict=True):
            if not any(cell.strip() for cell in row):
                self.blank_rows += 1
            elif len(row) != length:
                words = f"{len(row)} cells, where the header has {length}"
                self.problems.append(Problem(self.part.name, words, number))
            else:
                chunk.numbers.append(number)
                chunk.rows.append(row)
        return chunk

    def _diagnosis(self, error: csv.Error) -> Problem:
        """What is wrong with the record after row `self.row`, found by reading the file once more up to there."""
        with self.part.open() as file:
            lines, records = self.records(file, hold=True)
            header = None
            try:
                for record in records:
                    header = header or record
                    lines.held = []
            except csv.Error:
                pass
            text = "".join(lines.held or [])
        place = _cells_before_the_end(text)
        name = header[place] if header and place < len(header) else ""
        if "expected after" in str(error):
            words = "text after a closing quotation mark"
        elif "unexpected end" in str(error):
            words = "a quotation mark that is never closed"
        elif "\x00" in text[:100]:
            words = "NUL characters: not a UTF-8 text file"
        else:
            words = QUOTES
        return Problem(self.part.name, words, self.row + 1, ((name, None),) if name else ())


def _cells_before_the_end(text: str) -> int:
    """How many cells of a broken record stand before the one where reading stopped."""
    place, quoted = 0, False
    for mark in text:
        if mark == '"':
            quoted = not quoted
        elif mark == "," and not quoted:
            place += 1
    return place


def read_header(table: Table, first: list[str], *, ignore_unknown: bool) -> Header:
    """The header's columns, and what is wrong with it."""
    header = Header(length=len(first))
    known = [column.name for column in table.columns]
    if not any(cell.strip() for cell in first):
        header.problems.append(Problem(table.file, "empty: not even a header"))
        return header
    for place, name in enumerate(first):
        if name in header.places or name in header.ignored:
            header.problems.append(Problem(table.file, "this column stands twice", 1, ((name, None),)))
        elif name in known:
            header.places[name] = place
        elif ignore_unknown and name.strip():
            header.ignored.append(name)
        else:
            header.problems.append(_unknown(table.file, name, place, known))
    for name in table.key:
        if name not in header.places:
            header.problems.append(Problem(table.file, "this key column is missing", None, ((name, None),)))
    named = [reference.columns for reference in table.references]
    named += [(*links.within, links.column) for links in table.links]
    for *others, last in named:
        if last in header.places:
            missing = [name for name in others if name not in header.places and name not in table.key]
            words = f"this column is missing beside {last}"
            header.problems += [Problem(table.file, words, None, ((name, None),)) for name in missing]
    return header


def _unknown(file: str, name: str, place: int, known: list[str]) -> Problem:
    if any("\udc80" <= mark <= "\udcff" or mark == "\x00" for mark in name):
        return Problem(file, "the header is not UTF-8 text", 1)
    if not name.strip():
        return Problem(file, f"column {place + 1} has no name", 1)
    words = "unknown column"
    if any(mark in name for mark in ";\t"):
        words = "unknown column: a pack's columns are separated by commas"
    elif near := get_close_matches(name.lower().strip(), known, 1):
        words = f"unknown column: perhaps {near[0]}"
    return Problem(file, words, 1, ((name, None),))


def wanted_cells(part: Part, encoding: str, wanted: dict[int, set[str]]) -> dict[tuple[int, str], str]:
    """What stands in some columns of some rows of a file, by row and column."""
    found: dict[tuple[int, str], str] = {}
    with part.open() as file:
        _, records = Reader(part, encoding).records(file)
        header = next(records)
        last = max(wanted)
        for number, record in enumerate(records, 2):
            for name in wanted.get(number, ()):
                if name in header:
                    found[number, name] = record[header.index(name)]
            if number >= last:
                break
    return found
