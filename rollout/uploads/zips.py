"""What the directory of a zip file tells without unpacking anything: how much is in it, whether bytes are hidden."""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from zipfile import ZipInfo

# What reading a damaged or hostile zip file may raise.
DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_LOCAL = struct.Struct("<4s22xHH")  # signature, …, length of the name, length of the extra field
_END = struct.Struct("<4s6xHL6x")  # signature, …, number of parts, bytes of the directory, …: nothing comes after it
_DESCRIPTOR = 24  # bytes at most between two entries


def ends_with_directory(content: bytes, most: int = 65_535) -> bool:
    """Whether the file ends with its directory, and that tells of at most so many parts with names of usual length."""
    if len(content) < _END.size:
        return False
    signature, count, size = _END.unpack(content[-_END.size :])
    return signature == b"PK\x05\x06" and count <= most and size <= most * 1024


def unpacks_to_more(parts: Sequence[ZipInfo], *, most: int, ratio: int) -> bool:
    """Whether the parts say that they unpack to more than `most` bytes, or to `ratio` times what is packed."""
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    return unpacked > most or unpacked > ratio * max(packed, 1)


def has_password(parts: Sequence[ZipInfo]) -> bool:
    """Whether a part is locked."""
    return any(part.flag_bits & 1 for part in parts)


def is_gapless(content: bytes, parts: Sequence[ZipInfo], end: int) -> bool:
    """Whether the entries fill the file from its first byte to the directory, none over another, nothing between."""
    at = 0
    for part in sorted(parts, key=lambda each: each.header_offset):
        if not 0 <= part.header_offset - at <= (_DESCRIPTOR if at else 0):
            return False
        signature, name, extra = _LOCAL.unpack_from(content, part.header_offset)
        if signature != b"PK\x03\x04":
            return False
        at = part.header_offset + _LOCAL.size + name + extra + part.compress_size
    return 0 <= end - at <= _DESCRIPTOR
