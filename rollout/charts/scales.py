"""From values and days to places: round ticks that people can read, exact until the last step."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, isfinite

from rollout.charts.parts import Number

MANTISSAS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
DAY_STEPS = (1, 2, 7)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 2400)


def exact(value: Number | None) -> Fraction | None:
    """Return the value as a fraction; None for no value and for what is no number at all."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return Fraction(value)


@dataclass(frozen=True)
class Scale:
    """A stretch of values with its ticks, from the lowest to the highest, one `step` apart."""

    ticks: tuple[Fraction, ...]
    step: Fraction

    @property
    def low(self) -> Fraction:
        """Where the axis begins."""
        return self.ticks[0]

    @property
    def high(self) -> Fraction:
        """Where the axis ends."""
        return self.ticks[-1]

    def share(self, value: Fraction) -> float:
        """How far up the axis a value stands: 0 at its foot, 1 at its head."""
        return float((value - self.low) / (self.high - self.low))


def step_for(span: Fraction, most: int, whole: bool) -> Fraction:
    """Return the smallest round step that needs no more than `most` steps for a span."""
    least = span / most
    exponent = (Decimal(least.numerator) / Decimal(least.denominator)).adjusted()
    power = Fraction(10) ** exponent
    for mantissa in MANTISSAS:
        step = mantissa * power
        if step >= least and not (whole and step.denominator != 1):
            return step
    return max(10 * power, Fraction(1)) if whole else 10 * power


def scale(low: Fraction, high: Fraction, *, most: int = 5, whole: bool = False) -> Scale:
    """Return an axis that holds both values and ends on ticks; equal values get room on both sides.

    `whole` keeps the ticks to whole numbers, for counts.
    """
    if low == high:
        room = max(abs(low) / 10, Fraction(1))
        low, high = (low - room if low else low), high + room
    step = step_for(high - low, most, whole)
    first, last = floor(low / step), ceil(high / step)
    return Scale(tuple(step * number for number in range(first, last + 1)), step)


def day_ticks(first: date, last: date, most: int) -> list[date]:
    """Return at most `most` days for the axis of time: days, Mondays, or firsts of months, evenly spaced."""
    # Firsts of months are easier to read than every other Monday, where there are enough of them.
    few_months = len(months(first, last, 1)) < 3
    for step in (*DAY_STEPS, 14) if few_months else DAY_STEPS:
        start = first.toordinal()
        if step >= 7:
            start += -first.weekday() % 7
        found = [date.fromordinal(number) for number in range(start, last.toordinal() + 1, step)]
        if 0 < len(found) <= most:
            return found
    for step in MONTH_STEPS:
        found = months(first, last, step)
        if len(found) <= most:
            return found or [first]
    return [first]


def months(first: date, last: date, step: int) -> list[date]:
    """Return the firsts of every `step` months within two days, counted from January or a round year."""
    number = first.year * 12 + first.month - 1 + (first.day > 1)
    number += -number % step
    end = last.year * 12 + last.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number, end + 1, step)]
