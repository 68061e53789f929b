"""Which encoding a file is in: UTF-8, or cp1252 where somebody asked for it. Never a guess without saying so."""

from collections.abc import Iterator
from dataclasses import replace

from readiness.packs.report import Problem
from readiness.packs.source import Part
from readiness.reading.encodings import CP1252, UTF_8, escaped_texts, is_escaped, looks_like_cp1252

ENCODINGS = (UTF_8, CP1252)
NOT_UTF_8 = "not UTF-8"


def encoding_of(part: Part, asked: str | None) -> str:
    """cp1252 where that was asked for and the file is not UTF-8; else UTF-8."""
    if asked != CP1252:
        return UTF_8
    return CP1252 if any(map(is_escaped, _texts(part))) else UTF_8


def explain_bytes(part: Part, problem: Problem) -> Problem:
    """Add to a problem with bytes what the file looks like, if that can be told."""
    if not looks_like_cp1252(_texts(part)):
        return problem
    words = f"{problem.words}; it looks like cp1252: save it as UTF-8, or give --encoding cp1252"
    return replace(problem, words=words)


def _texts(part: Part) -> Iterator[str]:
    with part.open() as file:
        yield from escaped_texts(file)
