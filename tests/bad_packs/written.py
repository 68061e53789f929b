"""What is wrong with the bytes of a file: encodings, quotes, line ends, emptiness."""

from collections.abc import Callable
from pathlib import Path

from tests.packs_small import table_bytes, write_tables

from .case import Builder, Case, Fault, Tables, edited, with_bytes

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)


def _encoded(encoding: str) -> Builder:
    """The staff file with accents and typographic marks, in another encoding."""

    def change(data: bytes) -> bytes:
        return data.decode().replace("Person One", "Amélie – O’Brien").encode(encoding)

    return with_bytes("staff.csv", change)


def _long_file(bad_row: int, bad: bytes) -> Builder:
    """A staff file of 5,000 rows; the name in one of them holds the bad bytes."""

    def build(folder: Path, tables: Tables) -> Path:
        tables["staff.csv"] += [
            ["ORG1", str(number), "Person", "", "nurse", "false"] for number in range(2000, 2000 + 4996 - 1)
        ]
        pack = write_tables(folder / "pack", tables)
        lines = table_bytes(tables["staff.csv"]).splitlines(keepends=True)
        lines[bad_row - 1] = lines[bad_row - 1].replace(b"Person", b"Per" + bad + b"son")
        (pack / "staff.csv").write_bytes(b"".join(lines))
        return pack

    return build


def _taken(name: str, change: Callable[[bytes], bytes]) -> Case:
    """An accepted case of a staff file written otherwise."""
    return Case(name, with_bytes("staff.csv", change), about="staff.csv")


def _two_lines_and_a_bad_row(tables: Tables) -> None:
    decisions = tables["decisions.csv"]
    decisions[1][3] = "Two\nlines"
    decisions.append(["DE2", "", "hope", "Text", "", "", ""])


CASES = [
    Case("cp1252", _encoded("cp1252"), (Fault("staff.csv", words=("cp1252",)),)),
    Case("cp1252-asked-for", _encoded("cp1252"), options=("--encoding", "cp1252"), about="staff.csv"),
    Case("utf-16", _encoded("utf-16"), (Fault("staff.csv", words=("UTF-16",)),)),
    Case("utf-16-without-mark", _encoded("utf-16-le"), (Fault("staff.csv"),)),
    Case("byte-order-mark", _encoded("utf-8-sig"), about="staff.csv"),
    Case("invalid-utf-8-in-row-4000", _long_file(4000, b"\xff\xfe"), (Fault("staff.csv", 4000, words=("UTF-8",)),)),
    Case("half-a-surrogate-pair", _long_file(7, b"\xed\xa0\x80"), (Fault("staff.csv", 7, words=("UTF-8",)),)),
    Case("overlong-utf-8", _long_file(7, b"\xc0\xaf"), (Fault("staff.csv", 7, words=("UTF-8",)),)),
    Case("a-picture", with_bytes("staff.csv", lambda _: _PNG), (Fault("staff.csv"),)),
    Case("empty-file", with_bytes("staff.csv", lambda _: b""), (Fault("staff.csv", words=("empty",)),)),
    Case("only-blanks", with_bytes("staff.csv", lambda _: b"\n\n \n"), (Fault("staff.csv"),)),
    Case("only-a-byte-order-mark", with_bytes("staff.csv", lambda _: b"\xef\xbb\xbf"), (Fault("staff.csv"),)),
    Case(
        "quote-left-open",
        with_bytes("staff.csv", lambda data: data.replace(b"Person Two", b'"Person Two')),
        (Fault("staff.csv", 3, words=("quot",)),),
    ),
    Case(
        "text-after-a-closing-quote",
        with_bytes("staff.csv", lambda data: data.replace(b"Person Two", b'"Person" Two')),
        (Fault("staff.csv", 3, words=("quot",)),),
    ),
    Case("semicolons", with_bytes("staff.csv", lambda data: data.replace(b",", b";")), (Fault("staff.csv"),)),
    Case("tabs", with_bytes("staff.csv", lambda data: data.replace(b",", b"\t")), (Fault("staff.csv"),)),
    _taken("line-ends-of-windows", lambda data: data.replace(b"\n", b"\r\n")),
    _taken("line-ends-of-carriage-returns", lambda data: data.replace(b"\n", b"\r")),
    _taken("no-line-end-at-the-end", lambda data: data.rstrip(b"\n")),
    _taken("blank-row-in-the-middle", lambda data: data.replace(b"ORG2", b"\n\nORG2")),
    _taken("blank-rows-at-the-end", lambda data: data + b"\n" * 10_000),
    _taken("rows-of-commas", lambda data: data + b",,,,,\n" * 3),
    Case(
        "line-end-inside-quotes",
        with_bytes(
            "decisions.csv", lambda data: data.replace(b"One pilot", b'"One\npilot').replace(b"only,", b'only",')
        ),
        about="decisions.csv",
    ),
    Case(
        "row-after-a-line-end-inside-quotes",
        edited(_two_lines_and_a_bad_row),
        (Fault("decisions.csv", 3, "kind", "hope"),),
    ),
]
