"""Figures about fewer than 5 people, which a board member must not see, nor be able to work out."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from readiness.explain import LedgerRow
from readiness.scoring import Reading, State

# Indicators that count people, so that a small number in them, or left over by them, could point at somebody.
OF_PEOPLE = frozenset(
    {"training.completion", "training.managers", "champions.ratio", "technical.access", "engagement.confidence"}
)
FEW = 5


def is_few(row: LedgerRow | Reading) -> bool:
    """Whether the numerator, what it lacks to the denominator, or the denominator lies between 0 and 5."""
    if row.code not in OF_PEOPLE or row.state is State.NOT_APPLICABLE:
        return False
    return any(0 < part < FEW for part in (row.numerator, row.denominator - row.numerator, row.denominator))


def hides(indicators: Mapping[str, Sequence[Any] | None]) -> bool:
    """Whether the figures about people that a stored score keeps must not be shown: `hidden_codes` hides them all."""
    readings = [Reading.from_json(code, indicators[code] or ()) for code in OF_PEOPLE if indicators.get(code)]
    return bool(hidden_codes(readings))


def hidden_codes(rows: Sequence[LedgerRow | Reading]) -> frozenset[str]:
    """The indicators to hide: every one about people as soon as one of them is of fewer than 5.

    All of them, because the figures add up: with one hidden and the others shown, it could be worked out.
    """
    return OF_PEOPLE if any(is_few(row) for row in rows) else frozenset()


def some_few(counts: Sequence[int | Fraction]) -> bool:
    """Whether one of the counts is of somebody, and of fewer than 5."""
    return any(0 < count < FEW for count in counts)


def hidden_rows(rows: Sequence[Sequence[int]]) -> frozenset[int]:
    """Which rows of a table of counts to leave out, by their places, so that no few can be read or worked out.

    Each row holds counts of people (and what is left over: trained and not trained), and each count adds up down the
    table to a total that is known. Out go the rows with a count of 1 to 4, then the next smallest, until at least two
    are out and what they come to together is of no few either. A page says the same of all of them: a word of their
    own for the smallest would tell their size where two are out.
    """
    hidden = {place for place, row in enumerate(rows) if some_few(row)}
    if not hidden:
        return frozenset()
    others = sorted(
        (place for place, row in enumerate(rows) if any(row) and place not in hidden), key=lambda n: tuple(rows[n])
    )
    for place in others:
        if len(hidden) > 1 and not some_few([sum(column) for column in zip(*(rows[n] for n in hidden), strict=True)]):
            break
        hidden.add(place)
    return frozenset(hidden)
