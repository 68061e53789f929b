"""Which encoding a file is in: UTF-8, or cp1252 where somebody asked for it. Never a guess without saying so."""

import codecs
from collections.abc import Iterator
from dataclasses import replace

from readiness.packs.report import Problem
from readiness.packs.source import Part

UTF_8, CP1252 = "utf-8", "cp1252"
ENCODINGS = (UTF_8, CP1252)
NOT_UTF_8 = "not UTF-8"
_CHUNK = 2**20
# Bytes that mean nothing in cp1252.
_UNDEFINED = frozenset("\udc81\udc8d\udc8f\udc90\udc9d")


def encoding_of(part: Part, asked: str | None) -> str:
    """cp1252 where that was asked for and the file is not UTF-8; else UTF-8."""
    if asked != CP1252:
        return UTF_8
    return CP1252 if any(_escaped(text) for text in _texts(part)) else UTF_8


def explain_bytes(part: Part, problem: Problem) -> Problem:
    """Add to a problem with bytes what the file looks like, if that can be told."""
    if not _looks_like_cp1252(part):
        return problem
    words = f"{problem.words}; it looks like cp1252: save it as UTF-8, or give --encoding cp1252"
    return replace(problem, words=words)


def _looks_like_cp1252(part: Part) -> bool:
    """Whether all that is not ASCII has a meaning in cp1252, and none of it is good UTF-8."""
    seen = False
    for text in _texts(part):
        strange = {mark for mark in text if mark > "\x7f"}
        if any(not "\udc80" <= mark <= "\udcff" for mark in strange) or strange & _UNDEFINED:
            return False
        seen = seen or bool(strange)
    return seen


def _escaped(text: str) -> bool:
    return not text.isascii() and any("\udc80" <= mark <= "\udcff" for mark in text)


def _texts(part: Part) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(UTF_8)(errors="surrogateescape")
    with part.open() as file:
        while data := file.read(_CHUNK):
            yield decoder.decode(data)
        yield decoder.decode(b"", final=True)
