"""Files that are no spreadsheet, or that are made to harm: refused by what they are, in words, unread or in a child."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from readiness.reading import limits
from readiness.sheets import SheetRefused, child, open_workbook, opening, read_rows
from tests.files import JPEG, PDF, PNG, TYPES, office, packed, spoilt
from tests.readiness.sheets.made import opened, part_of, refusal, table, with_parts

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SMALL = table(["Number", "Name"], [1, "Ann"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLD, "an old Office file, such as .xls. Save it as .xlsx"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "protected by a password. Save it as .xlsx without a password"),
        (OLD + "__substg1.0_".encode("utf-16-le"), "This is a mail."),
        (packed({"xl/workbook.bin": b"", "[Content_Types].xml": b""}), "a binary workbook (.xlsb)"),
        (packed({"mimetype": b"application", "content.xml": b""}), "an OpenDocument file (.ods)"),
        (packed({"Index/Document.iwa": b""}), "a Numbers file. Export it as Excel"),
        (packed({"a.csv": b"A,B"}), "a packed file. Unpack it"),
        (packed({"inner.zip": packed({"a": b"b"})}), "a packed file. Unpack it"),
        (office("docx"), "a document or a presentation"),
        (office("xlsx", types=b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "holds macros (.xlsm)"),
        (with_parts(SMALL, {"xl/vbaProject.bin": b"x"}), "holds macros (.xlsm)"),
        (b"MZ\x90\x00program", "This is a program"),
        (b"\n<!DOCTYPE html><table><tr><td>1", "This is a web page"),
        (b"\xef\xbb\xbf<html>", "This is a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "This is an XML file"),
        (b'[{"a": 1}]', "This is a JSON file"),
        (PNG, "This is a picture"),
        (JPEG, "This is a picture"),
        (PDF, "This is a PDF"),
        (b"RIFF....WAVE", "This is a film or a sound"),
        (b"{\\rtf1 x", "This is a rich text file"),
        (b"7z\xbc\xaf\x27\x1c", "This is a packed file"),
        (SMALL + b"<html>", "The workbook is damaged"),
        (SMALL[:-1], "The workbook is damaged"),
        (spoilt(SMALL, TYPES), "The workbook is damaged"),
        (spoilt(SMALL, SHEET), "The workbook is damaged"),
        (with_parts(SMALL, {SHEET: None}), "The workbook is damaged"),
        (with_parts(SMALL, {SHEET: b"<worksheet>"}), "The workbook is damaged"),
        (with_parts(SMALL, {}, zipfile.ZIP_BZIP2), "The workbook is damaged"),
        (with_parts(SMALL, {"xl/_rels/workbook.xml.rels": None}), "The workbook is damaged"),
        (with_parts(SMALL, {f"xl/media/{n}": b"" for n in range(500)}), "more than 500 parts"),
    ],
)
def test_other_files_are_refused_by_what_they_are(content: bytes, words: str) -> None:
    assert words in refusal(content, "staff.xlsx")


def sheet_of(rows: bytes) -> bytes:
    """The small workbook with other rows."""
    start = b'<worksheet xmlns="' + MAIN.encode() + b'"><sheetData>'
    return with_parts(SMALL, {SHEET: start + rows + b"</sheetData></worksheet>"})


def text_cell(place: str, text: str = "x") -> bytes:
    """A cell that holds its text itself."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def bomb() -> bytes:
    """A sheet that unpacks a thousandfold, and the directory says so."""
    return sheet_of(b"<row/>" * 4_000_000)


def lying_bomb() -> bytes:
    """A bomb whose directory says that it is small."""
    content = bomb()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        honest = struct.pack("<L", parts.getinfo(SHEET).file_size)
    return content.replace(honest, struct.pack("<L", 100_000))


def checked_lie() -> bytes:
    """The same, with a checksum that fits what is said to be there."""
    content = lying_bomb()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        honest = struct.pack("<L", parts.getinfo(SHEET).CRC)
    rows = part_of(bomb())
    return content.replace(honest, struct.pack("<L", zlib.crc32(rows[:100_000])))


def overlapping() -> bytes:
    """Every part but the first points at the first one's bytes."""
    data = bytearray(SMALL)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 42 : at + 46] = bytes(4)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def locked() -> bytes:
    """Every part is said to be locked by a password."""
    data = bytearray(SMALL)
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags_at] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def entities(part: str) -> bytes:
    """A part that would swell to a billion laughs, were its definitions read."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    definitions = f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">{lines}]>'.encode()
    return with_parts(SMALL, {part: definitions + b"<worksheet>&l9;</worksheet>"})


def outside_entity() -> bytes:
    """A part that asks for a file of the machine."""
    text = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet>&b;</worksheet>'
    return with_parts(SMALL, {SHEET: text})


def shared_text() -> bytes:
    """A short text kept once, named by so many cells that it would be read a hundred million times."""
    strings = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'.encode()
    rows = b"".join(b'<row><c t="s"><v>0</v></c><c><v>%d</v></c></row>' % row for row in range(5_000))
    relations = part_of(SMALL, "xl/_rels/workbook.xml.rels")
    if b"sharedStrings" not in relations:
        target = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        target += b'sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        relations = relations.replace(b"</Relationships>", target)
    parts: dict[str, bytes | None] = {STRINGS: strings, "xl/_rels/workbook.xml.rels": relations}
    return with_parts(sheet_of(rows), parts, zipfile.ZIP_DEFLATED)


def many_sheets() -> bytes:
    """A list of 21 sheets."""
    more = b"".join(b'<sheet name="%d" sheetId="%d"/>' % (n, n + 9) for n in range(20))
    return part_of(SMALL, "xl/workbook.xml").replace(b"</sheets>", more + b"</sheets>")


def endless() -> bytes:
    """More rows than are read."""
    return sheet_of(b"".join(b"<row><c><v>%d</v></c></row>" % row for row in range(100_051)))


def widest() -> bytes:
    """Two cells as far apart as is allowed: no refusal, but all between them is held."""
    return sheet_of(b"<row>" + text_cell("A1") + b'</row><row r="100000">' + text_cell("AD100000") + b"</row>")


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (bomb, "unpacks to far more than it should"),
    "lying bomb": (lying_bomb, "unpacks to far more than it should"),
    "checked lie": (checked_lie, "unpacks to far more than it should"),
    "overlapping": (overlapping, "The workbook is damaged"),
    "locked": (locked, "protected by a password"),
    "entities": (lambda: entities(SHEET), "holds definitions that no spreadsheet program writes"),
    "entities in texts": (lambda: entities("xl/styles.xml"), "holds definitions that no spreadsheet program writes"),
    "outside": (outside_entity, "holds definitions that no spreadsheet program writes"),
    "far column": (lambda: sheet_of(b"<row>" + text_cell("XFD1") + b"</row>"), "goes on beyond column 200"),
    "far corner": (
        lambda: sheet_of(b'<row r="1048576">' + text_cell("GR1048576") + b"</row>"),
        "has more than 3,000,000 cells",
    ),
    "beyond all": (lambda: sheet_of(b'<row r="1048577">' + text_cell("A1048577") + b"</row>"), "is damaged"),
    "no place": (lambda: sheet_of(b"<row>" + text_cell("1A") + b"</row>"), "is damaged"),
    "shared text": (shared_text, "more than 64 million characters of text"),
    "long cell": (lambda: sheet_of(b"<row>" + text_cell("A1", "x" * 32_768) + b"</row>"), "more than 32,767 char"),
    "many sheets": (
        lambda: with_parts(SMALL, {"xl/workbook.xml": many_sheets()}),
        "The workbook has 21 sheets; at most 20 are read",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_workbook_is_refused(case: str) -> None:
    build, words = HOSTILE[case]

    assert words in refusal(build(), "staff.xlsx")


@pytest.mark.parametrize(
    ("limit", "most", "rows", "words"),
    [
        ("XLSX_ROWS", 1, b"<row><c><v>1</v></c></row>" * 52, "There are more than 1 rows."),
        ("LAST_ROW", 9, b'<row r="1"/>' * 10, "is damaged"),
        ("CELLS", 9, b"<row>" + b'<c r="A1" s="1"/>' * 10 + b"</row>", "has more than 9 cells"),
        ("ELEMENTS", 9, b"<other/>" * 10, "cells"),
        ("XLSX_ROWS", 2, b'<mergeCell ref="A1:B2"/>' * 3, "is damaged"),
        ("TEXT", 9, b"<row>" + text_cell("A1", "x" * 10) + b"</row>", "of text"),
    ],
)
def test_sheet_is_counted_not_believed(
    limit: str, most: int, rows: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, limit, most)

    assert words in refusal(sheet_of(rows), "staff.xlsx")


def test_hostile_workbooks_take_little_memory(tmp_path: Path) -> None:
    """Those that pass the directory, each in a process of its own: none takes more than 150 MiB."""
    measure = (
        "import resource, subprocess, sys\n"
        "for name in sys.argv[1:]:\n"
        '    question = \'{"do": "open", "kind": "xlsx"}\'\n'
        "    command = [sys.executable, '-m', 'readiness.reading', question]\n"
        "    print(subprocess.run(command, stdin=open(name), capture_output=True, text=True).stdout[:30])\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
    )
    builders = {"bomb": lying_bomb, "text": shared_text, "rows": endless, "widest": widest}
    for name, build in builders.items():
        (tmp_path / name).write_bytes(build())

    # A process forked from this one would be counted with the memory of this one.
    command = [sys.executable, "-c", measure, *(str(tmp_path / name) for name in builders)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=settings.BASE_DIR).stdout.split()

    assert [line.split('"')[3] for line in said[:3]] == ["bomb", "text", "rows"]
    assert said[3].startswith('{"sheets":')
    assert int(said[4]) < 150


@pytest.mark.parametrize(
    ("takes", "words"),
    [
        ("memory", "takes too much memory"),
        ("room", "no room to read the file just now"),
        ("processor", "takes too long"),
    ],
)
def test_file_that_would_take_all_ends_its_process_only(
    takes: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody has thought of: the limits of the process itself."""
    monkeypatch.setattr(child, "_MODULE", "tests.readiness.sheets.greedy")

    with pytest.raises(SheetRefused, match=words):
        open_workbook(b"A,B\n1,2\n", f"{takes}.csv")


def test_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_MODULE", "tests.readiness.sheets.greedy")
    monkeypatch.setattr(child, "_WAIT", 0.5)

    with pytest.raises(SheetRefused, match="takes too long"):
        open_workbook(b"A,B\n1,2\n", "alarm.csv")


def test_process_that_reads_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_MODULE", "tests.readiness.sheets.greedy")
    monkeypatch.setenv("SECRET_KEY", "secret")

    assert set(open_workbook(b"A,B\n1,2\n", "secrets.csv").sheets[0].columns) <= {"LC_ALL", "LC_CTYPE"}


def test_process_that_reads_answers_as_here() -> None:
    content = table(["Number", "Name"], ["00123", "Ann Özil"], ["00124", "=1+1"])
    here = opened(content, "staff.xlsx")

    assert open_workbook(content, "staff.xlsx") == here
    assert [row.cells for row in read_rows(content, "staff.xlsx", sheet="Staff", header_row=1)] == [
        ("00123", "Ann Özil"),
        ("00124", ""),
    ]


def test_large_files_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CSV_BYTES", 3)
    monkeypatch.setattr(limits, "XLSX_BYTES", 100)
    monkeypatch.setattr(opening, "answer_to", None)

    for content, words in ((b"A,B\n", "larger than 0 MB. Split it"), (SMALL, "larger than 0 MB. Save the sheet alone")):
        with pytest.raises(SheetRefused, match=words):
            open_workbook(content, "staff")
