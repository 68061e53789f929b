"""The parts of an XLSX, unpacked by counting: what the directory says of a size is checked, not believed."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from zipfile import ZipInfo

from readiness.reading.refusal import Unread

_LOCAL = struct.Struct("<4s22xHH")  # signature, …, length of the name, length of the extra field
_BLOCK = 2**16


def unpacked(content: bytes, part: ZipInfo) -> Iterator[bytes]:
    """A part in pieces. Raises Unread where it is longer or shorter than said, or is not what was packed."""
    signature, name, extra = _LOCAL.unpack_from(content, part.header_offset)
    start = part.header_offset + _LOCAL.size + name + extra
    packed = memoryview(content)[start : start + part.compress_size]
    if signature != b"PK\x03\x04" or len(packed) != part.compress_size:
        raise Unread("damaged")
    count, check = 0, 0
    for data in _inflated(packed) if part.compress_type == zipfile.ZIP_DEFLATED else _stored(packed):
        count += len(data)
        check = zlib.crc32(data, check)
        if count > part.file_size:
            raise Unread("bomb")
        yield data
    if count != part.file_size or check != part.CRC:
        raise Unread("damaged")


def _stored(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), _BLOCK):
        yield bytes(packed[start : start + _BLOCK])


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _BLOCK):
            data = inflater.decompress(packed[start : start + _BLOCK], _BLOCK)
            while data:
                yield data
                data = inflater.decompress(inflater.unconsumed_tail, _BLOCK)
    except zlib.error:
        raise Unread("damaged") from None
    if not inflater.eof or inflater.unused_data:
        raise Unread("damaged")
