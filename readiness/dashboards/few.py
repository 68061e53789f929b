"""Figures about fewer than 5 people, which a board member must not see, nor be able to work out."""

from collections.abc import Sequence

from readiness.explain import LedgerRow
from readiness.scoring import State

# Indicators that count people, so that a small number in them, or left over by them, could point at somebody.
OF_PEOPLE = frozenset(
    {"training.completion", "training.managers", "champions.ratio", "technical.access", "engagement.confidence"}
)
FEW = 5


def is_few(row: LedgerRow) -> bool:
    """Whether the numerator, what it lacks to the denominator, or the denominator lies between 0 and 5."""
    if row.code not in OF_PEOPLE or row.state is State.NOT_APPLICABLE:
        return False
    return any(0 < part < FEW for part in (row.numerator, row.denominator - row.numerator, row.denominator))


def hidden_codes(rows: Sequence[LedgerRow]) -> frozenset[str]:
    """The indicators to hide: every one about people as soon as one of them is of fewer than 5.

    All of them, because the figures add up: with one hidden and the others shown, it could be worked out.
    """
    return OF_PEOPLE if any(is_few(row) for row in rows) else frozenset()
