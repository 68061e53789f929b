"""Reads one CSV file in chunks, checks its shape, and says of each record which row of a spreadsheet it is."""

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import inf
from typing import IO, Any

from readiness.packs.report import Problem
from readiness.packs.source import Part
from readiness.packs.spec import Table

# Few enough that a chunk stays in the processor's cache: 5,000 take three times as long a row.
CHUNK_ROWS = 300
CHUNK_BYTES = 4 * 2**20
BLOCK = 2**16
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

    numbers: Sequence[int]
    rows: list[list[str]]


@dataclass
class Header:
    """The first record of a file: its columns, where those of the table stand, and which are left unread."""

    length: int = 0
    places: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Guard(io.RawIOBase):
    """A file's bytes, counted; a line longer than the memory set aside for one is not read on."""

    def __init__(self, file: IO[bytes], longest: float) -> None:
        self.file = file
        self.longest = longest
        self.count = 0
        self.since_line_end = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        line_end = max(data.rfind(b"\n"), data.rfind(b"\r"))
        self.since_line_end = len(data) - line_end - 1 + (self.since_line_end if line_end < 0 else 0)
        if self.since_line_end > self.longest:
            raise csv.Error("line too long")
        return len(data)


class _Held:
    """The lines of a file, those of the record being read kept; of one that is too long, its beginning."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.lines = iter(lambda: text.readline(LINE_LENGTH), "")
        self.held: list[str] = []

    def __iter__(self) -> "_Held":
        return self

    def __next__(self) -> str:
        self.held.append(next(self.lines))
        return self.held[-1]


class Reader:
    """One file of a pack as records. `read_header` first, then `chunks`. Bytes that are not text stay as surrogates."""

    def __init__(self, part: Part, encoding: str) -> None:
        self.part = part
        self.encoding = encoding
        self.row = 0
        self.bytes_read = 0
        self.blank_rows = 0
        self.problems: list[Problem] = []

    def lines(self, file: IO[bytes], longest: float = LINE_LENGTH) -> tuple[_Guard, io.TextIOWrapper]:
        """The lines of an opened file without its byte order mark, and the guard that counts its bytes."""
        start = file.read(len(BYTE_ORDER_MARK))
        if start[:2] in UTF_16_MARKS:
            raise FileRefused(Problem(self.part.name, "UTF-16: save the file as UTF-8"))
        if start != BYTE_ORDER_MARK:
            file.seek(0)
        guard = _Guard(file, longest)
        buffer = io.BufferedReader(guard, BLOCK)
        return guard, io.TextIOWrapper(buffer, self.encoding, errors="surrogateescape", newline="")

    def chunks(self, table: Table, *, ignore_unknown: bool) -> Iterator[Header | Chunk]:
        """The header, then chunks of records. Rows of the wrong length are kept in `problems`. Raises FileRefused."""
        with self.part.open() as file:
            guard, lines = self.lines(file)
            records = csv.reader(lines, strict=True)
            header = read_header(table, self._next(records), ignore_unknown=ignore_unknown)
            yield header
            if header.problems:
                return
            while chunk := self._chunk(guard, records, header.length):
                yield chunk

    def _next(self, records: Iterator[list[str]]) -> list[str]:
        try:
            first = next(records, [])
        except csv.Error as error:
            raise FileRefused(self._diagnosis(error)) from None
        self.row = 1
        return first

    def _chunk(self, guard: _Guard, records: Iterator[list[str]], length: int) -> Chunk | None:
        """The next records, blank ones left out; None at the end."""
        rows: list[list[str]] = []
        most = guard.count + CHUNK_BYTES
        try:
            for row in records:
                rows.append(row)
                if len(rows) == CHUNK_ROWS or guard.count > most:
                    break
        except csv.Error as error:
            self.row += len(rows)
            raise FileRefused(self._diagnosis(error)) from None
        if not rows:
            return None
        numbers = range(self.row + 1, self.row + 1 + len(rows))
        self.row += len(rows)
        self.bytes_read = guard.count
        if set(map(len, rows)) == {length} and all(map(any, rows)):
            return Chunk(numbers, rows)
        return self._fitting(numbers, rows, length)

    def _fitting(self, numbers: range, rows: list[list[str]], length: int) -> Chunk:
        kept: list[int] = []
        fitting: list[list[str]] = []
        for number, row in zip(numbers, rows, strict=True):
            if not any(cell.strip() for cell in row):
                self.blank_rows += 1
            elif len(row) != length:
                words = f"{len(row)} cells, where the header has {length}"
                self.problems.append(Problem(self.part.name, words, number))
            else:
                kept.append(number)
                fitting.append(row)
        return Chunk(kept, fitting)

    def _diagnosis(self, error: csv.Error) -> Problem:
        """What is wrong with the record after row `self.row`, found by reading the file once more up to there."""
        with self.part.open() as file:
            held = _Held(self.lines(file, longest=inf)[1])
            header = None
            with contextlib.suppress(csv.Error):
                for record in csv.reader(held, strict=True):
                    header = header or record
                    held.held.clear()
            text = "".join(held.held)
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
    for mark, after in zip(text, text[1:] + "\n", strict=True):
        if mark == '"':
            quoted = not quoted
            if not quoted and after not in '",\r\n':
                return place
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
        records = csv.reader(Reader(part, encoding).lines(file)[1], strict=True)
        header = next(records)
        last = max(wanted)
        for number, record in enumerate(records, 2):
            for name in wanted.get(number, ()):
                if name in header:
                    found[number, name] = record[header.index(name)]
            if number >= last:
                break
    return found
