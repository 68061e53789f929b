"""One indicator of one deployment on one day: the units behind it and what they add up to.

value = (Σ weight·credit ÷ Σ weight) ÷ target, at most 1. The SQL of readiness/indicators yields the units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

from readiness.scoring.defaults import CODES
from readiness.scoring.model import Model

# Reading a fraction from its text takes long, and the same ones come again: a list reads those of many sites.
_exact = lru_cache(maxsize=10_000)(Fraction)


class State(StrEnum):
    """Whether an indicator has records. Unknown counts as nothing; only a recorded decision makes it not applicable."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing an indicator counts: an item, a person and a course, a slot, a hazard.

    weight is a whole number above 0, credit 0–1. facts name the records and say what is needed to act on the unit;
    readiness.explain.contract lists them for each indicator.
    """

    key: tuple[Any, ...]
    weight: int
    credit: Fraction
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one indicator reads: numerator Σ weight·credit, denominator Σ weight, target the share that is the whole.

    The counts are kept beside the states unknown (three answers where five are needed) and not applicable, to be shown.
    """

    code: str
    state: State
    numerator: Fraction | int = 0
    denominator: int = 0
    target: Fraction = Fraction(1)

    def ratio(self) -> tuple[int, int]:
        """The value as whole numbers (numerator, denominator), not reduced; 0 where the state is not known."""
        if self.state is not State.KNOWN:
            return 0, 1
        top = self.numerator.numerator * self.target.denominator
        bottom = self.numerator.denominator * self.denominator * self.target.numerator
        return (top, bottom) if top < bottom else (1, 1)

    @property
    def value(self) -> Fraction:
        """0–1, exact; 0 where the state is not known."""
        return Fraction(*self.ratio())

    @classmethod
    def from_json(cls, code: str, figures: Sequence[Any]) -> "Reading":
        """The reading a stored score keeps (see Stored.indicators_json), exactly as it was judged."""
        state, numerator, denominator, target, _value = figures
        return cls(code, State(state), _exact(numerator), denominator, _exact(target))


def reading_from_units(
    code: str, units: Sequence[Unit], model: Model, *, empty: State = State.UNKNOWN, excluded: bool = False
) -> Reading:
    """The reading of an indicator from its units.

    `empty` is what no units mean: unknown, but not applicable for a checklist domain of a deployment that has a
    template. `excluded` says that a decision of the programme left the indicator out.
    """
    sums: dict[int, list[int]] = {}
    for unit in units:
        total = sums.setdefault(unit.credit.denominator, [0, 0, 0])
        total[0] += 1
        total[1] += unit.weight
        total[2] += unit.weight * unit.credit.numerator
    rows = [(count, weight, credited, unit) for unit, (count, weight, credited) in sums.items()]
    return reading_from_sums(code, rows, model, empty=empty, excluded=excluded)


def reading_from_sums(
    code: str,
    sums: Iterable[tuple[int, int, int, int]],
    model: Model,
    *,
    empty: State = State.UNKNOWN,
    excluded: bool = False,
) -> Reading:
    """The same from sums over units: (number of units, Σ weight, Σ weight·credit numerator, credit denominator).

    One row for each credit denominator, as one GROUP BY in the database gives them.
    """
    if code not in CODES:
        raise ValueError(f"{code!r} is not an indicator")
    count = denominator = top = 0
    bottom = 1
    for row_count, row_weight, row_credited, row_unit in sums:
        count += row_count
        denominator += row_weight
        common = lcm(bottom, row_unit)
        top = top * (common // bottom) + row_credited * (common // row_unit)
        bottom = common
    numerator: Fraction | int = Fraction(top, bottom) if top % bottom else top // bottom
    return Reading(code, _state(code, count, model, empty, excluded), numerator, denominator, model.target(code))


def _state(code: str, count: int, model: Model, empty: State, excluded: bool) -> State:
    if excluded:
        return State.NOT_APPLICABLE
    if count == 0:
        return empty
    if code == "engagement.confidence" and count < model.windows["confidence_minimum"]:
        return State.UNKNOWN
    return State.KNOWN
