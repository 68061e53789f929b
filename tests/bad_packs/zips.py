"""Packs as one file: zips that lie, swell, leave their folder or are no zips at all."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.packs_small import small_tables, table_bytes

from .case import Builder, Case, Fault, Tables

_SWELLS_TO = 64 * 2**20
_STORED = zipfile.ZIP_STORED
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def _pack_zip(*extra: tuple[str, bytes], without: str = "") -> bytes:
    """The small pack as the bytes of a zip, with more parts behind it."""
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parts:
        # A second part of one name is what one of the cases is about.
        warnings.simplefilter("ignore", UserWarning)
        for name, table in small_tables().items():
            if name != without:
                parts.writestr(name, table_bytes(table))
        for name, data in extra:
            parts.writestr(name, data)
    return held.getvalue()


def _bomb() -> bytes:
    """A zip of some 64 KiB whose staff file unpacks to 64 MiB of blanks in one cell."""
    held = io.BytesIO(_pack_zip(without="staff.csv"))
    blanks = b" " * 2**20
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("staff.csv", "w") as part:
        part.write(b"organisation,number,name\nORG1,1001,")
        for _ in range(_SWELLS_TO // len(blanks)):
            part.write(blanks)
    return held.getvalue()


def _lying_bomb() -> bytes:
    """The same, but both headers say that the staff file holds a hundred bytes."""
    data = _bomb()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        honest = struct.pack("<L", parts.getinfo("staff.csv").file_size)
    return data.replace(honest, struct.pack("<L", 100))


def _encrypted() -> bytes:
    """The pack with every part marked as encrypted."""
    data = bytearray(_pack_zip())
    for mark, flags_at in ((_LOCAL, 6), (_CENTRAL, 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags_at] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _overlapping() -> bytes:
    """The pack with every part but the first pointing at the first part's bytes."""
    data = bytearray(_pack_zip())
    at = data.find(_CENTRAL)
    while at >= 0:
        data[at + 42 : at + 46] = bytes(4)
        at = data.find(_CENTRAL, at + 4)
    return bytes(data)


def _damaged() -> bytes:
    """The pack with one byte of a stored part changed after its checksum was made."""
    data = _pack_zip(without="sites.csv")
    held = io.BytesIO(data)
    with zipfile.ZipFile(held, "a", _STORED) as parts:
        parts.writestr("sites.csv", table_bytes(small_tables()["sites.csv"]))
    return held.getvalue().replace(b"North Hospital", b"Nurth Hospital")


def _workbook() -> bytes:
    """The parts of a spreadsheet file, as far as one tells it from a pack."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return held.getvalue()


def _file(name: str, data: bytes) -> Builder:
    def build(folder: Path, _: Tables) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return build


def _made(make: Callable[[], bytes]) -> Builder:
    """A zip made only when it is asked for: some take a second."""
    return lambda folder, tables: _file("pack.zip", make())(folder, tables)


def _nowhere(folder: Path, _: Tables) -> Path:
    return folder / "not-here"


def _empty_folder(folder: Path, _: Tables) -> Path:
    path = folder / "pack"
    path.mkdir()
    return path


_ONE_PART = b"code,name\nX,Y\n"

CASES = [
    Case("zip-as-it-should-be", _made(_pack_zip)),
    Case("zip-bomb", _made(_bomb), (Fault("staff.csv"),)),
    Case("zip-bomb-that-lies", _made(_lying_bomb), (Fault("staff.csv"),)),
    Case("zip-part-leaves-upwards", _made(lambda: _pack_zip(("../x.csv", _ONE_PART))), (Fault("../x.csv"),)),
    Case("zip-part-leaves-deeper", _made(lambda: _pack_zip(("a/../../x.csv", _ONE_PART))), (Fault("a/../../x.csv"),)),
    Case("zip-part-absolute", _made(lambda: _pack_zip(("/x.csv", _ONE_PART))), (Fault("/x.csv"),)),
    Case("zip-part-on-a-drive", _made(lambda: _pack_zip(("C:\\x.csv", _ONE_PART))), (Fault("C:"),)),
    Case("zip-part-leaves-by-backslash", _made(lambda: _pack_zip(("..\\x.csv", _ONE_PART))), (Fault(".."),)),
    Case("zip-in-a-zip", _made(lambda: _pack_zip(("more.zip", _pack_zip()))), (Fault("more.zip"),)),
    Case(
        "zip-of-many-parts",
        _made(lambda: _pack_zip(*((f"part-{number}.csv", b"code\n") for number in range(2000)))),
        (Fault("pack.zip", words=("2045",)),),
    ),
    Case(
        "zip-with-a-part-twice",
        _made(lambda: _pack_zip(("sites.csv", _ONE_PART))),
        (Fault("sites.csv", words=("twice",)),),
    ),
    Case("zip-encrypted", _made(_encrypted), (Fault("pack.zip", words=("encrypt",)),)),
    Case("zip-overlapping", _made(_overlapping), (Fault("pack.zip"),)),
    Case("zip-damaged", _made(_damaged), (Fault("pack.zip"),)),
    Case("zip-cut-short", _made(lambda: _pack_zip()[:2000]), (Fault("pack.zip"),)),
    Case("zip-of-nothing", _made(lambda: b""), (Fault("pack.zip"),)),
    Case("text-called-zip", _file("pack.zip", b"not a zip at all\n"), (Fault("pack.zip"),)),
    Case("workbook", _file("pack.xlsx", _workbook()), (Fault("pack.xlsx", words=("spreadsheet",)),)),
    Case("workbook-called-zip", _file("pack.zip", _workbook()), (Fault("pack.zip"),)),
    Case("one-table", _file("sites.csv", table_bytes(small_tables()["sites.csv"])), (Fault("sites.csv"),)),
    Case("path-to-nothing", _nowhere, (Fault("not-here"),)),
    Case("empty-folder", _empty_folder, (Fault("programme.csv"),)),
]
