"""Random worlds out of a string of bytes: hypothesis makes the bytes fewer and smaller, and with them the world."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from hypothesis import strategies as st

from readiness.scoring import CODES, Model, Reading, State, Unit, reading_from_units

Choice = TypeVar("Choice")

CREDITS = tuple(Fraction(n, 20) for n in (0, 20, 16, 10, 5, 15))


class Draws:
    """Choices read off bytes one after another; when they run out, every further choice is the first one."""

    def __init__(self, source: bytes) -> None:
        self._bytes = iter(source)

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit − 1; limit is at most 256."""
        return next(self._bytes, 0) % limit

    def once_in(self, times: int) -> bool:
        """True about once in so many times, false when the bytes have run out."""
        return self.below(times) == times - 1

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices."""
        return choices[self.below(len(choices))]


def draws(size: int) -> st.SearchStrategy[Draws]:
    """Sources of `size` choices; hypothesis left to choose the size makes most worlds nearly empty."""
    return st.binary(min_size=size, max_size=size).map(Draws)


def draw_units(draw: Draws) -> dict[str, tuple[Unit, ...]]:
    """Up to four units for each indicator, up to eight answers of confidence, without facts."""
    return {
        code: tuple(
            Unit((number,), 1 + draw.below(5), draw.one_of(CREDITS))
            for number in range(draw.below(9 if code == "engagement.confidence" else 5))
        )
        for code in CODES
    }


def draw_readings(draw: Draws, model: Model) -> dict[str, Reading]:
    """Readings over drawn units; about one indicator in twelve is not applicable."""
    return {
        code: reading_from_units(code, units, model, empty=State.UNKNOWN, excluded=draw.once_in(12))
        for code, units in draw_units(draw).items()
    }
