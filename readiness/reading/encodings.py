"""Which encoding a file of text is in. Never a guess without saying so."""

import codecs
import io
from collections.abc import Iterable, Iterator
from typing import IO

UTF_8, UTF_16, CP1252 = "utf-8", "utf-16", "cp1252"
_CHUNK = 2**20
# Bytes that mean nothing in cp1252.
_UNDEFINED = frozenset("\udc81\udc8d\udc8f\udc90\udc9d")


def is_escaped(text: str) -> bool:
    """Whether some bytes of a text, decoded with surrogateescape, were not UTF-8."""
    return not text.isascii() and any("\udc80" <= mark <= "\udcff" for mark in text)


def looks_like_cp1252(texts: Iterable[str]) -> bool:
    """Whether all that is not ASCII has a meaning in cp1252, and none of it is good UTF-8 (texts as above)."""
    seen = False
    for text in texts:
        strange = set() if text.isascii() else {mark for mark in text if mark > "\x7f"}
        if any(not "\udc80" <= mark <= "\udcff" for mark in strange) or strange & _UNDEFINED:
            return False
        seen = seen or bool(strange)
    return seen


def escaped_texts(file: IO[bytes]) -> Iterator[str]:
    """The rest of a file as UTF-8, in pieces; bytes that are not UTF-8 as surrogates."""
    decoder = codecs.getincrementaldecoder(UTF_8)(errors="surrogateescape")
    while data := file.read(_CHUNK):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def encoding_of(content: bytes) -> tuple[str, int]:
    """The encoding of a text, and how many bytes its byte order mark has. A broken one is read as UTF-8, with marks."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # The codec takes the mark out by itself.
        return UTF_16, 0
    mark = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    if content.isascii() or not any(map(is_escaped, escaped_texts(io.BytesIO(content)))):
        return UTF_8, mark
    if not mark and looks_like_cp1252(escaped_texts(io.BytesIO(content))):
        return CP1252, 0
    return UTF_8, mark
