"""How a file is read: its header, its rows, its cells; and the bar that shows how far."""

import io
import os
from contextlib import nullcontext

import pytest

from readiness.management.bars import FileBar
from readiness.packs import cells
from readiness.packs.reader import CHUNK_ROWS, Chunk, FileRefused, Header, Reader, read_header
from readiness.packs.report import PackRefused, Problem
from readiness.packs.source import Part, open_pack
from readiness.packs.tables import BY_FILE, TABLES
from tests.packs_small import write_small_pack

WARDS = BY_FILE["wards.csv"]
START = b"site,code,name\n"


def read(data: bytes, table=WARDS) -> tuple[Header, list[Chunk], Reader]:
    """A file's header and chunks, and the reader with what it noted."""
    part = Part(table.file, len(data), lambda: nullcontext(io.BytesIO(data)))
    reader = Reader(part, "utf-8")
    header, *chunks = reader.chunks(table, ignore_unknown=False)
    assert isinstance(header, Header)
    return header, [chunk for chunk in chunks if isinstance(chunk, Chunk)], reader


def test_rows_are_numbered_as_a_spreadsheet_does():
    data = START + b'S1,W1,"two\nlines"\n\nS1,W2,x\n,,\nS1,W3,y\n'

    _, chunks, reader = read(data)

    assert [(chunk.numbers, [row[1] for row in chunk.rows]) for chunk in chunks] == [([2, 4, 6], ["W1", "W2", "W3"])]
    assert (reader.blank_rows, reader.problems) == (2, [])


def test_long_file_comes_in_chunks_without_a_gap():
    data = START + b"".join(b"S1,W%d,x\n" % number for number in range(2 * CHUNK_ROWS + 10))

    _, chunks, _ = read(data)

    assert [number for chunk in chunks for number in chunk.numbers] == list(range(2, 2 * CHUNK_ROWS + 12))
    assert max(len(chunk.rows) for chunk in chunks) == CHUNK_ROWS


def test_row_of_another_length_is_named_and_left_out():
    _, chunks, reader = read(START + b"S1,W1\nS1,W2,x\n")

    assert [chunk.numbers for chunk in chunks] == [[3]]
    assert reader.problems == [Problem("wards.csv", "2 cells, where the header has 3", 2)]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (START + b'S1,W1,"x\n', "wards.csv row 2, name: a quotation mark that is never closed"),
        (START + b'S1,W1,x\nS1,"W2"2,x\n', "wards.csv row 3, code: text after a closing quotation mark"),
        (
            START + b"S1,W1," + b"x" * 200_000 + b"\n",
            "wards.csv row 2, name: a quotation mark that is never closed, or a cell of more than 131,072 characters",
        ),
        (
            START + b"S1," + b"x" * 3_000_000,
            "wards.csv row 2, code: a quotation mark that is never closed, or a cell of more than 131,072 characters",
        ),
        ("site,code".encode("utf-16"), "wards.csv: UTF-16: save the file as UTF-8"),
    ],
)
def test_file_that_breaks_off_is_refused_where_it_does(data, problem):
    with pytest.raises(FileRefused) as refused:
        read(data)

    assert str(refused.value) == problem


def test_column_that_completes_a_name_may_not_be_missing():
    header = read_header(
        BY_FILE["access_checks.csv"], ["organisation", "number", "checked_at", "ward"], ignore_unknown=False
    )

    assert [str(problem) for problem in header.problems] == [
        "access_checks.csv, site: this column is missing beside ward"
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_description_of_a_file_fits_its_model(table):
    columns = [column.name for column in table.columns]

    assert len(columns) == len(set(columns))
    assert set(table.key) <= set(columns)
    assert set(table.kinds) == set(table.empties) == set(columns)
    assert all(table.field(attr) for attr in table.identity)


@pytest.mark.parametrize(
    ("kind", "written", "read_as"),
    [
        (cells.Text(), "a\tb\\c", r"a\tb\\c"),
        (cells.Text(), "Ame\u0301lie", "Am\u00e9lie"),
        (cells.Label(60), " nurse ", "nurse"),
        (cells.Items(cells.Text(60)), ' a "b"; ;c\\', r'{"a \\"b\\"","c\\\\"}'),
        (cells.Moment(), "2026-03-29T07:00", "\\N\t2026-03-29 07:00:00"),
        (cells.Moment(), "2026-03-29T07:00:05.25Z", "2026-03-29 07:00:05.25Z\t\\N"),
        (cells.Moment(), "2026-12-31T24:00+01:00", "2027-01-01 00:00:00+01:00\t\\N"),
        (cells.DueDay(), "default", "\\N\ttrue"),
        (cells.DueDay(), "2026-03-29", "2026-03-29\tfalse"),
        (cells.Decimal(6, 2), "-0012.50", "-0012.50"),
        (cells.Uuid(), "6F1F3F0E-5A49-4D43-8A3F-000000000001", "6f1f3f0e-5a49-4d43-8a3f-000000000001"),
    ],
)
def test_cell_is_read_as_the_database_takes_it(kind, written, read_as):
    assert kind.read(written) == (read_as, "")


@pytest.mark.parametrize(
    ("written", "remark"),
    [
        ("call 943 476 5919 back", cells.NHS_WORDS),
        ("call 943 476 5918 back", ""),
        ("9434765919", cells.NHS_WORDS),
        ("0000000000", ""),
        ("zero\u200bwidth", cells.INVISIBLE_WORDS),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", ""),
    ],
)
def test_text_is_remarked_upon(written, remark):
    assert cells.Text(free=True).read(written)[1] == remark


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_bar_moves_file_by_file_on_a_terminal_only():
    with FileBar(Terminal()) as bar, FileBar(io.StringIO()) as silent:
        bar.show("a.csv", 5, 10)
        first = bar.bar
        bar.show("a.csv", 7, 10)
        silent.show("a.csv", 5, 10)

        assert (bar.bar is first, first.n, first.total, silent.bar) == (True, 7, 10, None)
        bar.show("b.csv", 1, 4)
        assert (bar.bar.n, bar.bar.total) == (1, 4)


def test_bar_of_files_stays_one():
    with FileBar(Terminal(), unit="files") as bar:
        bar.show("a.csv", 1, 45)
        first = bar.bar
        bar.show("b.csv", 2, 45)

        assert (bar.bar is first, bar.bar.n) == (True, 2)


@pytest.mark.parametrize(
    ("make", "words"), [(os.mkfifo, "not a file"), (lambda path: path.symlink_to(__file__), "a link")]
)
def test_pack_folder_holds_files_alone(tmp_path, make, words):
    write_small_pack(tmp_path)
    (tmp_path / "waves.csv").unlink()
    make(tmp_path / "waves.csv")

    with pytest.raises(PackRefused) as refused:
        open_pack(tmp_path)

    assert [(problem.file, words in problem.words) for problem in refused.value.problems] == [("waves.csv", True)]
