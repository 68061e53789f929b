"""What may be added as a file, by its content: each kind whole, and everything that only looks like one."""

import pytest

from rollout.uploads import Unfit, harmless_name, kind_of
from rollout.uploads.kinds import ENDINGS
from rollout.uploads.names import LONGEST, ending_of
from tests.files import GOOD, JPEG, MAIN, PDF, PNG, TYPES, office, packed, spoilt

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
MACROS = "Files with macros are not taken."
HIDDEN = "Something else is hidden in this file."
DAMAGED = "The file is damaged, or something is hidden in it."
BOMB = office("xlsx", {"xl/worksheets/sheet1.xml": b" " * 5_000_000})


def encrypted() -> bytes:
    """A workbook whose directory says that its parts are encrypted."""
    content = bytearray(office("xlsx"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying_about_its_place() -> bytes:
    """A document whose second entry claims to begin where the first one does."""
    content = bytearray(office("docx"))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = b"\0\0\0\0"
    return bytes(content)


def with_a_gap() -> bytes:
    """A document with a page between its parts and its directory; the end says where the directory went."""
    content = office("docx")
    start = content.index(b"PK\x01\x02")
    moved = bytearray(content[:start] + HTML + content[start:])
    end = moved.rindex(b"PK\x05\x06") + 16
    moved[end : end + 4] = (start + len(HTML)).to_bytes(4, "little")
    return bytes(moved)


@pytest.mark.parametrize("name", GOOD)
def test_whole_file_is_of_its_kind(name: str):
    assert kind_of(name, GOOD[name]) == ENDINGS[ending_of(name)]


BAD = [
    ("empty.pdf", b"", "The file is empty."),
    ("blank.txt", b" \r\n\t", "The file is empty."),
    ("report.pdf", b"MZ\x90\x00" + b"\0" * 60, "This is a program."),
    ("report.txt", b"#!/bin/sh\nrm -rf /\n", "This is a program."),
    ("report.docx", b"\x7fELF" + b"\0" * 60, "This is a program."),
    ("report.png", HTML, "This is a web page"),
    ("report.txt", b"Notes\n<iframe src=//evil.example>", "This is a web page"),
    ("page.html", HTML, "This is a web page"),
    ("picture.svg", b"<svg onload=alert(1)></svg>", "This is a web page"),
    ("report.pdf", PNG, "By its content this is: PNG picture."),
    ("report", PDF, "By its content this is: PDF."),
    ("report.md", b"Plain words", "By its content this is: Text."),
    ("report.docx", office("xlsx"), "By its content this is: Excel workbook."),
    ("report.pdf", PDF[:-8], "The PDF is not whole."),
    ("report.pdf", PDF + packed({"a.html": HTML}), HIDDEN),
    ("report.pdf", PDF + HTML, HIDDEN),
    ("report.pdf", PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "This PDF holds scripts"),
    ("report.pdf", PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFiles 3 0 R"), "This PDF holds scripts"),
    ("a.png", PNG[:-4], "The picture is not whole"),
    ("a.png", PNG[:20] + b"\xff" + PNG[21:], "The picture is not whole"),
    ("a.png", PNG + HTML, "The picture is not whole"),
    ("a.png", PNG[:8] + b"\0" * 40, "The picture is not whole"),
    ("a.jpg", JPEG[:-2], "The picture is not whole."),
    ("a.jpg", JPEG[:3] + b"\x01", "The picture is not whole."),
    ("a.jpg", JPEG + packed({"a.txt": b"x"}), HIDDEN),
    ("a.jpg", JPEG + b"<html>", HIDDEN),
    ("a.docx", spoilt(office("docx", types=b"<Types/>" * 20), TYPES), DAMAGED),
    ("a.heic", b"\0\0\0\x18ftypheic", "a photo as some phones keep it"),
    ("a.gif", b"GIF89a", "This is a GIF picture."),
    ("a.zip", packed({"a.txt": b"x"}), "This is a packed file."),
    ("a.xlsx", packed({"xl/workbook.bin": b"x", TYPES: b""}), "This is a binary workbook."),
    ("a.odt", packed({"mimetype": b"x", "content.xml": b"x"}), "This is an OpenDocument file."),
    ("a.xlsx", packed({TYPES: b"", MAIN["xlsx"]: b"", MAIN["docx"]: b""}), "This is a packed file."),
    ("a.xlsm", office("xlsx"), MACROS),
    ("a.xlsx", office("xlsx", {"xl/vbaProject.bin": b"x"}), MACROS),
    ("a.docx", office("docx", types=b"<Types macroEnabled/>"), MACROS),
    ("a.docx", office("docx", {"word/embeddings/oleObject1.bin": b"x"}), "Another file is embedded"),
    ("a.pptx", office("pptx", {"ppt/media/run.exe": b"x"}), "Another file is embedded"),
    (
        "a.docx",
        office("docx", {"word/_rels/settings.xml.rels": b'<Relationship TargetMode="External"/>'}),
        "takes its template from elsewhere",
    ),
    ("a.xlsx", BOMB, "Unpacked, this file is too large."),
    ("a.xlsx", encrypted(), "This file is protected by a password."),
    ("a.xlsx", OLD + "EncryptedPackage".encode("utf-16-le"), "This file is protected by a password."),
    ("mail.msg", OLD + "__substg1.0_0037".encode("utf-16-le"), "This is a mail."),
    ("a.xls", OLD + b"Workbook", "This is an old Office file."),
    ("a.docx", HTML + office("docx"), "This kind of file is not taken."),
    ("a.docx", office("docx") + HTML, DAMAGED),
    ("a.docx", packed({TYPES: b"", MAIN["docx"]: b""}, comment=HTML), DAMAGED),
    ("a.docx", lying_about_its_place(), DAMAGED),
    ("a.docx", with_a_gap(), DAMAGED),
    ("a.docx", office("docx")[:-30], DAMAGED),
    ("a.docx", b"PK\x03\x04" + b"\0" * 40, DAMAGED),
    ("a.txt", b"\0\1\2\3", "This kind of file is not taken."),
    ("a.txt", b"\xef\xbb\xbf\xff\xfe", "This kind of file is not taken."),
    ("a.txt", b"\xff\xfeabc", "This kind of file is not taken."),
    ("a.csv", b"name\n=HYPERLINK(1)\n", "Line 2 has a cell"),
    ("a.csv", b'a;b\nc;"@SUM(A1)"\n', "Line 2 has a cell"),
    ("a.csv", b"a,b,+cmd|x\n", "Line 1 has a cell"),
]


@pytest.mark.parametrize(("name", "content", "words"), BAD, ids=range(len(BAD)))
def test_other_file_is_refused_in_words(name: str, content: bytes, words: str):
    with pytest.raises(Unfit) as refusal:
        kind_of(name, content)

    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/x.csv", "x.csv"),
        ("C:\\Users\\ana\\r\u00e9sum\u00e9.pdf", "r\u00e9sum\u00e9.pdf"),
        ("re\u0301sume\u0301.pdf", "r\u00e9sum\u00e9.pdf"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u200b\ufeff.", "file"),
        ("...", "file"),
        ("", "file"),
        ("con", "con"),
        ("a  \u2028 b.txt", "a b.txt"),
        ("\"'<script>.png", "\"'<script>.png"),
        ("x" * 300 + ".docx", "x" * (LONGEST - 5) + ".docx"),
        ("x" * 300, "x" * LONGEST),
    ],
)
def test_name_is_made_harmless(name: str, harmless: str):
    assert harmless_name(name) == harmless
