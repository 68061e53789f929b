"""Texts that a workbook keeps once and its cells name: a short sheet can so come to more text than memory holds."""

from array import array
from collections.abc import Callable, Iterable, Sequence

from readiness.reading import limits
from readiness.reading.markup import Attributes, Look, local, parse, too_many_cells
from readiness.reading.refusal import Unread


def lengths_of(pieces: Iterable[bytes]) -> Sequence[int]:
    """How many characters each shared text has. Raises Unread where they are too many together."""
    lengths = array("L")
    total = elements = 0

    def start(name: str, _: Attributes) -> None:
        nonlocal elements
        elements += 1
        if elements > limits.ELEMENTS:
            raise too_many_cells()
        if local(name) == "si":
            lengths.append(0)
            if len(lengths) > limits.CELLS:
                raise too_many_cells()

    def text(words: str) -> None:
        nonlocal total
        total += len(words)
        if total > limits.TEXT:
            raise _too_much()
        if lengths:
            lengths[-1] += len(words)

    parse(pieces, start, text)
    return lengths


def check_text(look: Look, lengths: Sequence[int], again: Callable[[], Iterable[bytes]]) -> None:
    """Raises Unread where the cells of a sheet come to more text than is read. Counted only where it may be so."""
    if look.characters + look.shared * max(lengths, default=0) <= limits.TEXT:
        return
    total, kind, held = look.characters, "", False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal kind, held
        what = local(name)
        if what == "c":
            kind = attributes.get("t", "")
        held = what == "v" and kind == "s"

    def text(words: str) -> None:
        nonlocal total
        if held and words.isdecimal() and len(words) < 10 and int(words) < len(lengths):
            total += lengths[int(words)]
            if total > limits.TEXT:
                raise _too_much()

    parse(again(), start, text)


def _too_much() -> Unread:
    return Unread("text", most=limits.TEXT // limits.MB)
