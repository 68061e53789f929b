"""Control charts: limits and signals worked out by hand, and what holds for every series."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout import xmr
from rollout.xmr import Base, Dip, Judged, Segment, Signal, assurance, judge, variation
from tests.examples import DRAWN

START = date(2026, 1, 5)
NONE = Signal()


def weekly(values: Sequence[object]) -> list[tuple[date, object]]:
    """A value a week from a Monday on."""
    return [(START + timedelta(weeks=week), value) for week, value in enumerate(values)]


def only(values: Sequence[object], **options: object) -> Segment:
    """The one segment of a series."""
    (segment,) = judge(weekly(values), **options)
    return segment


def fired(segment: Segment) -> dict[int, tuple[str, str]]:
    """The points that stand out: their number, rule and side."""
    return {
        number: (point.signal.rule, point.signal.side)
        for number, point in enumerate(segment.points)
        if point.signal.rule
    }


# Sum 178, so the mean is 178/13; the ranges are 2, 1, 2, 1 … and their mean is 1.5, so limits stand 3.99 off, and the
# outer third begins 2.66 off: below 11.03 and above 16.35.
CLIMBING = [10, 12, 11, 13, 12, 14, 13, 15, 14, 16, 15, 17, 16]
# Sum 140; one range of 10 among 12, so limits stand 2.66 · 10/12 off the mean of 140/13 = 10.77.
JUMP = [10] * 12 + [20]
# Sum 58, ranges add up to 12: mean 58/13 = 4.46, limits 1.80 and 7.12.
RISING = [5, 5, 5, 5, 1, 2, 3, 4, 5, 6, 7, 5, 5]


def test_limits_are_exact():
    segment = only(CLIMBING)

    mean = Fraction(178, 13)
    assert (segment.middle, segment.lower, segment.upper) == (
        mean,
        mean - Fraction(399, 100),
        mean + Fraction(399, 100),
    )
    assert segment.state == "settled"


@pytest.mark.parametrize(
    ("values", "signals"),
    [
        (CLIMBING, {0: ("two_of_three", "low"), 2: ("two_of_three", "low")}),
        (JUMP, {**dict.fromkeys(range(12), ("run", "low")), 12: ("outside", "high")}),
        # The first of the seven is outside too, and the second is one of two in the outer third.
        (RISING, {4: ("outside", "low"), **dict.fromkeys(range(5, 11), ("trend", "high"))}),
        ([0, 6] * 7, {}),
        ([7] * 20, {}),
    ],
)
def test_signals_worked_out_by_hand(values: list[int], signals: dict[int, tuple[str, str]]):
    assert fired(only(values)) == signals


@pytest.mark.parametrize(
    ("rule", "distances", "reach", "marked"),
    [
        (xmr.outside, [-3, -2, 0, 2, 3], 2, {0: "low", 4: "high"}),
        (xmr.runs, [1] * 7, 9, dict.fromkeys(range(7), "high")),
        (xmr.runs, [1] * 6, 9, {}),
        (xmr.runs, [-1] * 6 + [0] + [-1] * 6, 9, {}),
        (xmr.runs, [2, -1, -1, -1, -1, -1, -1, -1, 2], 9, dict.fromkeys(range(1, 8), "low")),
        (xmr.trends, [1, 2, 3, 4, 5, 6, 7], 99, dict.fromkeys(range(7), "high")),
        (xmr.trends, [1, 2, 3, 4, 5, 6], 99, {}),
        (xmr.trends, [1, 2, 3, 4, 4, 5, 6, 7, 8], 99, {}),
        (xmr.trends, [9, 7, 6, 5, 4, 3, 2, 1, 1], 99, dict.fromkeys(range(8), "low")),
        (xmr.two_of_three, [5, 1, 5], 6, {0: "high", 2: "high"}),
        (xmr.two_of_three, [5, -1, 5], 6, {}),
        (xmr.two_of_three, [5, 0, 5], 6, {}),
        (xmr.two_of_three, [4, 1, 5], 6, {}),
        (xmr.two_of_three, [-7, -5, -1], 6, {0: "low", 1: "low"}),
        (xmr.two_of_three, [5, 1, 1, 5], 6, {}),
    ],
)
def test_each_rule_alone(rule: object, distances: list[int], reach: int, marked: dict[int, str]):
    assert dict(rule([Fraction(each) for each in distances], Fraction(reach))) == marked


def test_peak_of_two_trends_belongs_to_the_first():
    found = xmr.signals([Fraction(each) for each in [*range(8), *range(6, -1, -1)]], Fraction(3), Fraction(100))

    assert [signal.side for signal in found] == ["high"] * 8 + ["low"] * 7


@pytest.mark.parametrize(
    ("count", "state"), [(1, "run_chart"), (5, "run_chart"), (6, "trial"), (12, "trial"), (13, "settled")]
)
def test_few_points_have_trial_limits_or_none(count: int, state: str):
    segment = only([*range(count - 1), 500])

    assert (segment.state, segment.lower is None) == (state, state == "run_chart")
    assert bool(fired(segment)) is (state == "settled")


def test_run_chart_has_the_median():
    assert only([1, 9, 2, 100]).middle == Fraction(11, 2)


@pytest.mark.parametrize(
    ("better", "meanings"),
    [("up", ("concern", "improvement")), ("down", ("improvement", "concern")), ("", ("neutral", "neutral"))],
)
def test_meaning_follows_the_direction(better: str, meanings: tuple[str, str]):
    segment = only(JUMP, better=better)

    assert (segment.points[0].meaning, segment.latest.meaning) == meanings


def test_new_base_begins_a_segment_of_its_own():
    points = weekly([*CLIMBING, *(value + 40 for value in CLIMBING)])
    go_live = Base(points[13][0] - timedelta(days=3), "Go-live")

    before, after = judge(points, bases=[go_live])

    assert [point.value for point in before.points] == CLIMBING
    assert (before.label, after.label) == ("", "Go-live")
    assert fired(before) == fired(after) == {0: ("two_of_three", "low"), 2: ("two_of_three", "low")}
    assert after.middle - before.middle == 40


@pytest.mark.parametrize("moved", [-400, 400])
def test_base_beyond_the_points_splits_nothing(moved: int):
    assert len(judge(weekly(JUMP), bases=[Base(START + timedelta(days=moved), "Go-live")])) == 1


def test_point_on_the_day_of_a_base_belongs_to_it():
    points = weekly([1, 2, 3, 4])

    assert [len(part.points) for part in judge(points, bases=[Base(points[2][0], "Go-live")])] == [2, 2]


def test_series_is_sorted_and_days_without_a_value_are_left_out():
    points = [(START + timedelta(days=2), Decimal("2.5")), (START, 1), (START + timedelta(days=1), None)]

    assert judge(points)[0].points == (
        Judged(START, Fraction(1), NONE, "common"),
        Judged(START + timedelta(days=2), Fraction(5, 2), NONE, "common"),
    )
    assert judge([]) == judge([(START, None)]) == ()


def test_expected_dip_raises_no_alarm():
    values = [*[50, 52] * 10, 40, 30]
    points = weekly(values)
    dip = Dip(points[20][0], points[21][0], of=50, to=35)

    (segment,) = judge(points, better="up", dips=[dip])

    assert [point.signal for point in segment.points[-2:]] == [Signal("outside", "low")] * 2
    assert [point.meaning for point in segment.points[-2:]] == ["expected", "concern"]
    (late,) = judge(points, better="up", dips=[Dip(START, points[19][0], of=50, to=0)])
    assert late.points[-2].meaning == "concern"


def test_dip_of_a_measure_that_should_fall_is_a_rise():
    values = [*[50, 52] * 10, 60, 70]
    points = weekly(values)

    (segment,) = judge(points, better="down", dips=[Dip(points[20][0], points[21][0], of=50, to=65)])

    assert [point.meaning for point in segment.points[-2:]] == ["expected", "concern"]


def test_variation_is_what_the_latest_point_says():
    assert variation(judge(weekly(JUMP))) == Signal("outside", "high")
    assert variation(judge(weekly([7] * 13))) == NONE
    assert variation(judge(weekly([7] * 12))) is None
    assert variation(()) is None


@pytest.mark.parametrize(
    ("target", "better", "expected"),
    [
        (Fraction(178, 13) - Fraction(399, 100), "up", "always_meets"),
        (10, "up", "hit_and_miss"),
        (17, "up", "hit_and_miss"),
        (18, "up", "always_misses"),
        (18, "down", "always_meets"),
        (Fraction(178, 13) + Fraction(399, 100), "down", "always_meets"),
        (10, "down", "hit_and_miss"),
        (9, "down", "always_misses"),
        (None, "up", ""),
        (9, "", ""),
    ],
)
def test_assurance_holds_the_limits_against_the_target(target: object, better: str, expected: str):
    assert assurance(judge(weekly(CLIMBING), better=better), target, better) == expected


def test_no_assurance_while_limits_are_on_trial():
    assert assurance(judge(weekly(CLIMBING[:12])), 1, "up") == ""


numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=8)
series = st.lists(numbers, min_size=13, max_size=40)


@DRAWN
@given(series, numbers, st.fractions(min_value=Fraction(1, 8), max_value=50, max_denominator=8))
def test_moving_or_stretching_all_values_changes_no_signal(
    values: list[Fraction], moved: Fraction, stretched: Fraction
):
    assert fired(only([value * stretched + moved for value in values])) == fired(only(values))


@DRAWN
@given(series)
def test_turning_values_and_direction_round_keeps_their_meaning(values: list[Fraction]):
    up, down = only(values, better="up"), only([-value for value in values], better="down")

    assert [point.meaning for point in up.points] == [point.meaning for point in down.points]


@DRAWN
@given(series)
def test_what_fires_holds_by_its_own_rule(values: list[Fraction]):
    segment = only(values)
    reach = segment.upper - segment.middle
    for number, (rule, side) in fired(segment).items():
        sign = 1 if side == "high" else -1
        distance = sign * (segment.points[number].value - segment.middle)
        if rule == "outside":
            assert distance > reach
        elif rule == "two_of_three":
            assert reach >= distance > reach * 2 / 3
        elif rule == "run":
            assert 0 < distance <= reach


@DRAWN
@given(series)
def test_every_point_outside_is_named_so(values: list[Fraction]):
    segment = only(values)

    outside = {number for number, value in enumerate(values) if not segment.lower <= value <= segment.upper}
    assert {number for number, (rule, _) in fired(segment).items() if rule == "outside"} == outside


@DRAWN
@given(series, st.integers(min_value=1, max_value=12))
def test_segments_know_nothing_of_one_another(values: list[Fraction], parted: int):
    points = weekly([*values, *values[:parted]])

    first, second = judge(points, bases=[Base(points[len(values)][0], "Go-live")])

    assert first == only(values)
    assert [point.value for point in second.points] == values[:parted]
