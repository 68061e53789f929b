"""Small files of each kind that people may add, made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TYPES = "[Content_Types].xml"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda\x00\x02scan\xff\xd9"


def packed(parts: Mapping[str, bytes], *, comment: bytes = b"") -> bytes:
    """A zip file of the parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return held.getvalue()


def spoilt(content: bytes, name: str) -> bytes:
    """A zip file where what is packed as one part cannot be unpacked; its directory is whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        part = parts.getinfo(name)
    start = part.header_offset + 30 + len(name.encode())
    return content[:start] + b"\xff" * part.compress_size + content[start + part.compress_size :]


def office(ending: str, more: Mapping[str, bytes] | None = None, types: bytes = b"<Types/>") -> bytes:
    """A document, workbook or presentation, with more parts."""
    return packed({TYPES: types, MAIN[ending]: b"<main/>", **(more or {})})


GOOD = {
    "a.pdf": PDF,
    "a.png": PNG,
    "a.jpg": JPEG,
    "a.jpeg": JPEG + b"what a phone adds",
    "A.DOCX": office("docx", {"word/media/image1.png": PNG, "word/embeddings/table.xlsx": office("xlsx")}),
    "a.xlsx": office("xlsx", {"xl/printerSettings/printerSettings1.bin": b"\0"}),
    "a.pptx": office("pptx"),
    "a.csv": "ward;score\nA;-3\nB;+44 20\n\u00e9;3,5\n".encode(),
    "b.csv": b'name,note\nAna,"caf\xe9"\n',
    "a.txt": "Seen by two of us: \u201cfine\u201d = good".encode("utf-16"),
}
