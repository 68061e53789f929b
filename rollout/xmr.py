"""What an XmR control chart says about a series: limits, signals and their meaning. Pure and exact; no clock.

The rules are those of the scoring model's "After go-live": limits are mean ± 2.66 · mean moving range over all
ranges of a segment, and a new segment begins only at go-live or at a recorded decision. A segment with fewer than
TRIAL points has trial limits and no signals; with fewer than RUN_CHART it has a median and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Literal

Number = int | float | Decimal | Fraction
Rule = Literal["outside", "trend", "two_of_three", "run", ""]
Side = Literal["high", "low", ""]
Meaning = Literal["common", "improvement", "concern", "neutral", "expected"]
State = Literal["run_chart", "trial", "settled"]
Assurance = Literal["always_meets", "hit_and_miss", "always_misses", ""]

FACTOR = Fraction(266, 100)
TRIAL = 13
RUN_CHART = 6
LONG = 7
OUTER = Fraction(2, 3)
MEANINGS: dict[tuple[str, str], Meaning] = {
    ("up", "high"): "improvement",
    ("up", "low"): "concern",
    ("down", "low"): "improvement",
    ("down", "high"): "concern",
}


@dataclass(frozen=True)
class Base:
    """From this day on the figures are judged anew: go-live, or a recorded decision. `label` names it."""

    day: date
    label: str


@dataclass(frozen=True)
class Dip:
    """A time after go-live when figures may be worse without alarm: from the level `of` down (or up) to `to`."""

    first: date
    last: date
    of: Number
    to: Number

    def holds(self, day: date, value: Fraction, better: str) -> bool:
        """Whether a figure is no worse than this dip lets expect on a day."""
        worse = value < self.to if better == "up" else value > self.to
        return self.first <= day <= self.last and not worse


@dataclass(frozen=True)
class Signal:
    """Why a point stands out: the rule that fired first in the order of precedence, and to which side."""

    rule: Rule = ""
    side: Side = ""


@dataclass(frozen=True)
class Judged:
    """One point of the series in its segment's light."""

    day: date
    value: Fraction
    signal: Signal
    meaning: Meaning


@dataclass(frozen=True)
class Segment:
    """Points judged together. Limits are None in a run chart, where `middle` is the median; else it is the mean."""

    label: str
    points: tuple[Judged, ...]
    state: State
    middle: Fraction
    lower: Fraction | None
    upper: Fraction | None

    @property
    def latest(self) -> Judged:
        """The last point."""
        return self.points[-1]


def judge(
    points: Iterable[tuple[date, Number | None]],
    *,
    better: str = "",
    bases: Iterable[Base] = (),
    dips: Sequence[Dip] = (),
) -> tuple[Segment, ...]:
    """Return the segments of a series in order of time; none where it has no values.

    `better` is "up" or "down" (rollout.choices.Direction), or "" where neither is. Days without a value are left out.
    A signal for the worse inside one of `dips` is kept, but raises no alarm.
    A base before the first point or after the last changes nothing but the label. Raises ValueError or
    OverflowError for a value that is not a finite number.
    """
    series = [(day, Fraction(value)) for day, value in sorted(points, key=lambda point: point[0]) if value is not None]
    return tuple(segment(label, part, better, dips) for label, part in parted(series, bases))


def parted(
    series: Sequence[tuple[date, Fraction]], bases: Iterable[Base]
) -> Iterator[tuple[str, list[tuple[date, Fraction]]]]:
    """Yield each stretch between two bases with the label of the base it begins at."""
    label, part = "", list[tuple[date, Fraction]]()
    waiting = sorted(bases, key=lambda base: base.day)
    for day, value in series:
        while waiting and waiting[0].day <= day:
            if part:
                yield label, part
                part = []
            label = waiting.pop(0).label
        part.append((day, value))
    if part:
        yield label, part


def segment(label: str, series: Sequence[tuple[date, Fraction]], better: str, dips: Sequence[Dip]) -> Segment:
    """Judge points that belong together."""
    values = [value for _, value in series]
    state: State = "run_chart" if len(values) < RUN_CHART else "trial" if len(values) < TRIAL else "settled"
    if state == "run_chart":
        middle, lower, upper = median(values), None, None
    else:
        middle, reach = limits(values)
        lower, upper = middle - reach, middle + reach
    found = signals(values, middle, reach) if state == "settled" else [Signal()] * len(values)
    judged = (
        Judged(day, value, signal, meaning(signal, better, any(dip.holds(day, value, better) for dip in dips)))
        for (day, value), signal in zip(series, found, strict=True)
    )
    return Segment(label, tuple(judged), state, middle, lower, upper)


def limits(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return the mean, and how far the limits stand from it: 2.66 times the mean of all moving ranges."""
    ranges = [abs(after - before) for before, after in pairwise(values)]
    return sum(values, Fraction()) / len(values), FACTOR * sum(ranges, Fraction()) / len(ranges)


def meaning(signal: Signal, better: str, excused: bool) -> Meaning:
    """Return what a signal means for a measure; what would be a concern is "expected" within an expected dip."""
    if not signal.rule:
        return "common"
    found = MEANINGS.get((better, signal.side), "neutral")
    return "expected" if excused and found == "concern" else found


Marked = Iterator[tuple[int, Side]]


def side_of(distance: Fraction) -> Side:
    """Return on which side of the mean a point lies; on the mean it is on neither."""
    return "high" if distance > 0 else "low" if distance < 0 else ""


def outside(distances: Sequence[Fraction], reach: Fraction) -> Marked:
    """Yield the points beyond a limit; on the limit is not beyond it."""
    return ((number, side_of(distance)) for number, distance in enumerate(distances) if abs(distance) > reach)


def runs(distances: Sequence[Fraction], _reach: Fraction) -> Marked:
    """Yield the points of 7 or more in a row on one side of the mean; a point on the mean breaks the row."""
    sides = [side_of(distance) for distance in distances]
    for start, end in rows(sides):
        if sides[start] and end - start >= LONG:
            yield from ((number, sides[start]) for number in range(start, end))


def trends(distances: Sequence[Fraction], _reach: Fraction) -> Marked:
    """Yield the points of 7 or more in a row, each above (or each below) the one before it: six rises or more."""
    steps = [side_of(after - before) for before, after in pairwise(distances)]
    for start, end in rows(steps):
        if steps[start] and end - start >= LONG - 1:
            yield from ((number, steps[start]) for number in range(start, end + 1))


def two_of_three(distances: Sequence[Fraction], reach: Fraction) -> Marked:
    """Yield the points in the outer third or beyond, wherever 3 in a row on one side have 2 of them."""
    sides = [side_of(distance) for distance in distances]
    far = [abs(distance) > OUTER * reach for distance in distances]
    for start in range(len(distances) - 2):
        three = range(start, start + 3)
        if sides[start] and len({sides[number] for number in three}) == 1 and sum(far[number] for number in three) >= 2:
            yield from ((number, sides[start]) for number in three if far[number])


def rows(values: Sequence[Side]) -> Iterator[tuple[int, int]]:
    """Yield where each row of equal values starts and ends (the end is the first that differs)."""
    start = 0
    for number in range(1, len(values) + 1):
        if number == len(values) or values[number] != values[start]:
            yield start, number
            start = number


# In the order of precedence.
RULES: tuple[tuple[Rule, Callable[[Sequence[Fraction], Fraction], Marked]], ...] = (
    ("outside", outside),
    ("trend", trends),
    ("two_of_three", two_of_three),
    ("run", runs),
)


def signals(values: Sequence[Fraction], mean: Fraction, reach: Fraction) -> list[Signal]:
    """Return the signal of each point; where several rules fire, the first in order of precedence."""
    found = [Signal()] * len(values)
    distances = [value - mean for value in values]
    for rule, marked in RULES:
        for number, side in marked(distances, reach):
            if not found[number].rule:
                found[number] = Signal(rule, side)
    return found


def variation(segments: Sequence[Segment]) -> Signal | None:
    """Return the signal of the latest point, an empty one for common cause; None while limits are not settled."""
    return segments[-1].latest.signal if segments and segments[-1].state == "settled" else None


def assurance(segments: Sequence[Segment], target: Number | None, better: str) -> Assurance:
    """Return whether the figures, as they vary now, always meet the target, always miss it, or hit and miss.

    Empty while limits are not settled, without a target, or where neither direction is better.
    """
    if target is None or better not in ("up", "down") or variation(segments) is None:
        return ""
    last = segments[-1]
    sign = 1 if better == "up" else -1
    ends = sorted(sign * (end - Fraction(target)) for end in (last.lower, last.upper) if end is not None)
    return "always_meets" if ends[0] >= 0 else "always_misses" if ends[-1] < 0 else "hit_and_miss"
