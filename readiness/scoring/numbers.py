"""Rounding of exact numbers, in one place: halves go away from zero, as SCORING.md asks of what is stored."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache


def rounded_ratio(numerator: int, denominator: int, places: int) -> Decimal:
    """numerator ÷ denominator as a Decimal with exactly `places` decimals. The denominator is positive."""
    whole = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return decimal_of(-whole if numerator < 0 else whole, places)


def rounded(value: Fraction | int, places: int) -> Decimal:
    """An exact number as a Decimal with exactly `places` decimals."""
    return rounded_ratio(value.numerator, value.denominator, places)


@lru_cache(maxsize=20_000)
def decimal_of(whole: int, places: int) -> Decimal:
    """whole · 10^−places. Kept, because a night writes the same few thousand figures again and again."""
    return Decimal(whole).scaleb(-places)
