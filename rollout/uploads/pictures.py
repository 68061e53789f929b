"""Whether pictures are whole: from their first bytes to their last, by their own structure. Nothing is decoded."""

import struct
import zlib

_PNG_FIRST = 8  # bytes of the signature
_EXIF_AND_FRAMES = frozenset({*range(0xC0, 0xD0), *range(0xDB, 0xF0), 0xFE})


def is_whole_png(content: bytes) -> bool:
    """Whether the chunks follow one another, unharmed, from the head to the end, with nothing behind it."""
    at, first = _PNG_FIRST, True
    while at + 12 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content) or (first and kind != b"IHDR"):
            return False
        if struct.pack(">I", zlib.crc32(memoryview(content)[at + 4 : end - 4])) != content[end - 4 : end]:
            return False
        if kind == b"IEND":
            return end == len(content)
        at, first = end, False
    return False


def is_whole_jpeg(content: bytes) -> bool:
    """Whether the segments lead to a scan that ends. Cameras put more behind the picture: that alone is no fault."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == 0xDA:  # the scan
            return content.rfind(b"\xff\xd9") > at
        if marker not in _EXIF_AND_FRAMES:
            return False
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return False
