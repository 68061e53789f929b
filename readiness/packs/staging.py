"""Brings a file's rows into a temporary table, each cell checked and typed, a chunk at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper

from readiness.packs.cells import NULL, Kind, Wrong
from readiness.packs.findings import Findings
from readiness.packs.reader import Chunk, FileRefused, Header, Reader
from readiness.packs.report import Problem
from readiness.packs.source import Part
from readiness.packs.spec import Table

# Answers kept for cells that come again; dropped when there are many, so that memory stays flat.
MOST_KNOWN = 20_000
# Tables smaller than this are planned well enough without statistics.
ANALYZE_FROM_ROWS = 1_000
# The header is row 1.
FIRST_ROW = 2
Progress = Callable[[str, int, int], None]


@dataclass
class Staged:
    """A file whose rows stand in a temporary table: which of its columns the file has, and how many rows.

    `numbers` are, for rows that were derived from another file, that file's row of each, from row 2 on. `revive` takes
    records that the undoing of an import retired for new ones, where they stand in the file again.
    """

    table: Table
    part: Part
    encoding: str
    columns: tuple[str, ...] = ()
    rows: int = 0
    notes: list[str] = field(default_factory=list)
    numbers: Sequence[int] = ()
    revive: bool = False

    def number_of(self, row: int) -> int:
        """The number by which people know a row."""
        return self.numbers[row - FIRST_ROW] if self.numbers else row


class _CellReader:
    """Reads the cells of one column; each different cell is read once."""

    def __init__(self, name: str, kind: Kind, empty: str | None) -> None:
        self.name = name
        self.kind = kind
        self.empty = empty
        self.known: dict[str, str] = {}
        self.wrong: dict[str, str] = {}
        self.odd: dict[str, str] = {}

    def read(self, values: tuple[str, ...]) -> list[str]:
        """What COPY takes for each cell. Those in `wrong` are not to be used, those in `odd` deserve a remark."""
        if len(self.known) > MOST_KNOWN:
            self.known.clear()
        self.wrong.clear()
        self.odd.clear()
        for value in set(values).difference(self.known):
            self.known[value] = self._read(value)
        cells = list(map(self.known.__getitem__, values))
        for value in (*self.wrong, *self.odd):
            # Not kept, so that the same cell is remarked upon in the next chunk too.
            self.known.pop(value, None)
        return cells

    def _read(self, value: str) -> str:
        try:
            if value.strip():
                text, remark = self.kind.read(value)
                if remark:
                    self.odd[value] = remark
                if text:
                    return text
            if self.empty is None:
                raise Wrong("empty, but it is needed")
        except Wrong as error:
            bytes_only = any("\udc80" <= mark <= "\udcff" for mark in value)
            self.wrong[value] = "not UTF-8" if bytes_only else "a NUL character" if "\x00" in value else str(error)
            return NULL
        return self.empty


def stage(
    cursor: CursorWrapper,
    table: Table,
    part: Part,
    encoding: str,
    findings: Findings,
    *,
    ignore_unknown: bool,
    progress: Progress,
) -> Staged | None:
    """Make the table's staging table and fill it. None where the file cannot be read; the findings say why."""
    staged = Staged(table, part, encoding)
    reader = Reader(part, encoding)
    try:
        chunks = reader.chunks(table, ignore_unknown=ignore_unknown)
        header = next(chunks)
        if isinstance(header, Chunk) or header.problems:
            findings.add(*(header.problems if isinstance(header, Header) else ()))
            return None
        staged.columns = tuple(column.name for column in table.columns if column.name in header.places)
        staged.notes += [f"{table.file}: unknown column {name} ignored" for name in header.ignored]
        _create(cursor, staged)
        _copy(cursor, staged, header, reader, chunks, findings, progress)
    except FileRefused as error:
        findings.add(error.problem)
        return None
    finally:
        findings.add(*reader.problems)
    if reader.blank_rows:
        staged.notes.append(f"{table.file}: {reader.blank_rows:,} blank rows left out")
    if staged.rows >= ANALYZE_FROM_ROWS:
        cursor.execute(f"ANALYZE {table.staging}")
    return staged


def _create(cursor: CursorWrapper, staged: Staged) -> None:
    columns = [
        f'"{name}{suffix}" {sql_type}'
        for name in staged.columns
        for suffix, sql_type in staged.table.kinds[name].staged
    ]
    cursor.execute(
        f"CREATE TEMP TABLE {staged.table.staging} (row integer NOT NULL, {', '.join(columns)}) ON COMMIT DROP"
    )


def _copy(
    cursor: CursorWrapper,
    staged: Staged,
    header: Header,
    reader: Reader,
    chunks: Iterable[Header | Chunk],
    findings: Findings,
    progress: Progress,
) -> None:
    table = staged.table
    cells = [_CellReader(name, table.kinds[name], table.empties[name]) for name in staged.columns]
    places = [header.places[name] for name in staged.columns]
    broken: FileRefused | None = None
    with cursor.copy(f"COPY {table.staging} FROM STDIN") as copy:
        try:
            for chunk in chunks:
                if isinstance(chunk, Chunk) and chunk.rows:
                    copy.write(_lines(staged, chunk, cells, places, findings))
                    staged.rows += len(chunk.rows)
                    progress(table.file, reader.bytes_read, staged.part.size)
        except FileRefused as error:
            # Raised in here, it would break off the COPY and with it the transaction.
            broken = error
    if broken:
        raise broken
    progress(table.file, staged.part.size, staged.part.size)


def _lines(staged: Staged, chunk: Chunk, readers: list[_CellReader], places: list[int], findings: Findings) -> bytes:
    """A chunk as COPY takes it, without the rows that cannot be used."""
    columns = list(zip(*chunk.rows, strict=True))
    cells = [reader.read(columns[place]) for reader, place in zip(readers, places, strict=True)]
    lines: Iterable[str] = map("\t".join, zip(map(str, chunk.numbers), *cells, strict=True))
    if any(reader.wrong or reader.odd for reader in readers):
        bad = _remarks(staged, chunk, readers, places, findings)
        lines = [line for line, number in zip(lines, chunk.numbers, strict=True) if number not in bad]
    kept = "\n".join(lines)
    return f"{kept}\n".encode() if kept else b""


def _remarks(
    staged: Staged, chunk: Chunk, readers: list[_CellReader], places: list[int], findings: Findings
) -> set[int]:
    """Note what is wrong or odd in a chunk; give the rows that are not to be staged."""
    bad: set[int] = set()
    file = staged.table.file
    for number, row in zip(chunk.numbers, chunk.rows, strict=True):
        for reader, place in zip(readers, places, strict=True):
            value = row[place]
            if value in reader.wrong:
                findings.add(Problem(file, reader.wrong[value], number, ((reader.name, value),)))
                bad.add(number)
            elif value in reader.odd:
                findings.warn(Problem(file, reader.odd[value], number, ((reader.name, None),)))
        if number in bad:
            key = [row[place] for reader, place in zip(readers, places, strict=True) if reader.name in staged.table.key]
            findings.drop(file, key)
    return bad
