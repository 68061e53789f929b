"""Whatever is in a file, reading it ends in words or in a table, and a table means the same in every way of writing."""

import csv
import io
import random
import unicodedata
import zipfile
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.sheets import ColumnKind, SheetRefused, read_column
from tests.examples import DRAWN
from tests.readiness.sheets.made import opened, part_of, rows, saved, table, with_parts

WORKBOOK = table(["Number", "Name", "From"], *([n, "Ann", date(2026, 3, 1) + timedelta(n)] for n in range(20)))
PARTS = zipfile.ZipFile(io.BytesIO(WORKBOOK)).namelist()
HEADINGS = ["Number", "Name", "From", "Hours", "Lead"]
# Words without what a spreadsheet or our reading changes on purpose, nor letters that in cp1252 may end one of UTF-8:
# where they do by chance, the file is in two encodings as far as anybody can tell.
ENDS = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
WORDS = st.text(st.characters(codec="cp1252", categories=("L", "N", "P", "Z"), exclude_characters=ENDS), max_size=20)
ROW = st.tuples(
    st.from_regex(r"[A-Z][0-9]{5}", fullmatch=True),
    WORDS.map(lambda text: "x" + " ".join(text.split())),
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=2).map(float),
    st.booleans(),
)
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
    }
)


def read_or_refused(content: bytes, name: str) -> bool:
    """Whether a file is read, all its sheets and rows with it. Anything but words for people is raised."""
    try:
        book = opened(content, name)
        for sheet in book.sheets:
            found = rows(content, sheet.name, sheet.header_row)
            for place in range(len(sheet.columns)):
                cells = {row.number: row.cells[place] for row in found if place < len(row.cells)}
                for kind in ColumnKind:
                    reading = read_column(kind, "Column", cells)
                    told = {each.row for each in reading.troubles}
                    assert told | set(reading.values) <= set(cells)
                    assert reading.asks or told | set(reading.values) == set(cells)
    except SheetRefused as refused:
        assert str(refused).endswith(".")
        return False
    return True


@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"A,B\n", b'A;B\n1;"']))
@DRAWN
def test_any_bytes_are_read_or_refused_in_words(content: bytes, start: bytes) -> None:
    read_or_refused(start + content, "staff.csv")


@given(text=st.text(max_size=200), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@DRAWN
def test_any_text_is_read_or_refused_in_words(text: str, encoding: str) -> None:
    read_or_refused(("A,B\n" + text).encode(encoding, "surrogatepass"), "staff.csv")


@given(seed=st.integers(0, 2**32), part=st.sampled_from([*PARTS, ""]))
@DRAWN
def test_any_change_of_a_workbook_is_read_or_refused_in_words(seed: int, part: str) -> None:
    read_or_refused(mutated(seed, part), "staff.xlsx")


def mutated(seed: int, part: str) -> bytes:
    """The workbook with bytes of a part changed, dropped or doubled; without a part, those of the file itself."""
    chance = random.Random(seed)
    data = bytearray(part_of(WORKBOOK, part) if part else WORKBOOK)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(max(1, len(data)))
        length = chance.choice((1, 1, 4, 40))
        what = chance.randrange(3)
        if what == 0:
            data[at : at + length] = chance.randbytes(length)
        elif what == 1:
            del data[at : at + length]
        else:
            data[at:at] = data[at : at + length] * chance.choice((1, 50))
    return with_parts(WORKBOOK, {part: bytes(data)}) if part else bytes(data)


@pytest.mark.night
@given(seed=st.integers(0, 2**32), part=st.sampled_from([*PARTS, ""]))
def test_many_changes_of_a_workbook_are_read_or_refused_in_words(seed: int, part: str) -> None:
    read_or_refused(mutated(seed, part), "staff.xlsx")


def canonical(content: bytes, sheet: str) -> dict[str, list[str]]:
    """What the columns of a table say, by their headings; the spreadsheet's own kinds and texts come to the same."""
    kinds = (ColumnKind.CODE, ColumnKind.TEXT, ColumnKind.DATE, ColumnKind.NUMBER, ColumnKind.FLAG)
    found = rows(content, sheet)
    said: dict[str, list[str]] = {}
    for place, (heading, kind) in enumerate(zip(HEADINGS, kinds, strict=True)):
        reading = read_column(kind, heading, {row.number: row.cells[place] for row in found})
        assert (reading.troubles, reading.asks) == ((), "")
        said[heading] = list(reading.values.values())
    return said


@given(
    lines=st.lists(ROW, min_size=1, max_size=6),
    dialect=DIALECTS,
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
@DRAWN
def test_table_means_the_same_in_every_way_of_writing(lines: list[Any], dialect: dict[str, Any], encoding: str) -> None:
    held = io.StringIO()
    csv.writer(held, **dialect).writerows([HEADINGS, *([str(cell) for cell in line] for line in lines)])
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Staff"
    sheet.append(HEADINGS)
    for line in lines:
        sheet.append(list(line))

    from_csv = canonical(held.getvalue().encode(encoding), "staff")

    assert from_csv == canonical(saved(book), "Staff")
    assert from_csv["Number"] == [line[0] for line in lines]
    assert from_csv["Name"] == [unicodedata.normalize("NFC", line[1]) for line in lines]
    assert from_csv["From"] == [line[2].isoformat() for line in lines]
    assert [float(number) for number in from_csv["Hours"]] == [line[3] for line in lines]
