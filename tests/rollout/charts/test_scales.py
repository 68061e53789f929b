"""Round ticks for values and for days."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.charts.scales import day_ticks, exact, scale
from rollout.charts.series import stretches
from rollout.charts.svg import thinned
from tests.examples import DRAWN


def ticks(low: object, high: object, **options: object) -> list[float]:
    return [float(tick) for tick in scale(Fraction(low), Fraction(high), **options).ticks]


@pytest.mark.parametrize(
    ("low", "high", "options", "expected"),
    [
        (0, 100, {}, [0, 20, 40, 60, 80, 100]),
        (3, 97, {}, [0, 20, 40, 60, 80, 100]),
        (0, 1, {"whole": True}, [0, 1]),
        (0, 2, {"whole": True}, [0, 1, 2]),
        (0, 12, {"whole": True}, [0, 5, 10, 15]),
        (0, 12, {}, [0, 2.5, 5, 7.5, 10, 12.5]),
        (-7, 4, {}, [-7.5, -5, -2.5, 0, 2.5, 5]),
        (5, 5, {}, [4, 4.5, 5, 5.5, 6]),
        (0, 0, {"whole": True}, [0, 1]),
    ],
)
def test_ticks_are_round(low: int, high: int, options: dict[str, object], expected: list[float]):
    assert ticks(low, high, **options) == expected


@given(st.fractions(-(10**9), 10**9), st.fractions(0, 10**9), st.booleans())
@DRAWN
def test_axis_holds_both_ends_with_few_ticks(low: Fraction, span: Fraction, whole: bool):
    made = scale(low, low + span, whole=whole)

    assert made.low <= low <= low + span <= made.high
    assert 2 <= len(made.ticks) <= 7
    assert 0 <= made.share(low) <= 1
    assert not whole or all(tick.denominator == 1 for tick in made.ticks)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_no_number_is_no_value(value: object):
    assert exact(value) is None


def test_number_is_exact():
    assert [exact(value) for value in (Decimal("0.1"), 3, Fraction(1, 3), 0.5)] == [
        Fraction(1, 10),
        Fraction(3),
        Fraction(1, 3),
        Fraction(1, 2),
    ]


@pytest.mark.parametrize(
    ("first", "last", "most", "expected"),
    [
        ((2026, 3, 14), (2026, 3, 17), 8, ["14 Mar", "15 Mar", "16 Mar", "17 Mar"]),
        ((2026, 3, 14), (2026, 4, 6), 8, ["16 Mar", "23 Mar", "30 Mar", "6 Apr"]),
        ((2026, 3, 14), (2026, 3, 14), 8, ["14 Mar"]),
        ((2028, 2, 27), (2028, 3, 2), 8, ["27 Feb", "28 Feb", "29 Feb", "1 Mar", "2 Mar"]),
        ((2025, 11, 2), (2026, 3, 2), 8, ["1 Dec", "1 Jan", "1 Feb", "1 Mar"]),
        ((2025, 11, 2), (2026, 3, 2), 3, ["1 Jan", "1 Mar"]),
        ((2020, 2, 1), (2029, 2, 1), 4, ["1 Jan"] * 4),
    ],
)
def test_days_are_evenly_spaced(first: tuple[int, ...], last: tuple[int, ...], most: int, expected: list[str]):
    assert [f"{day:%-d %b}" for day in day_ticks(date(*first), date(*last), most)] == expected


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.dates(date(1, 1, 1), date(9999, 12, 31)), st.integers(2, 9))
@DRAWN
def test_axis_of_time_has_few_ticks_within_it(one: date, other: date, most: int):
    first, last = sorted((one, other))

    found = day_ticks(first, last, most)

    assert 1 <= len(found) <= most
    assert all(first <= day <= last for day in found)


DAY = date(2026, 3, 14)


def test_rows_are_cut_with_the_values_they_have_there():
    rows = [(DAY, (0, 10)), (DAY + timedelta(days=10), (10, 30))]

    (part,) = stretches(rows, DAY + timedelta(days=5), DAY + timedelta(days=6))

    assert part == [
        (DAY + timedelta(days=5), (Fraction(5), Fraction(20))),
        (DAY + timedelta(days=6), (Fraction(6), Fraction(22))),
    ]


@given(st.lists(st.floats(0, 230), min_size=1, max_size=400), st.integers(4, 120))
@settings(deadline=None, max_examples=50)
def test_thinned_points_keep_ends_and_extremes(heights: list[float], most: int):
    points = [(float(x), y) for x, y in enumerate(heights)]

    thin = thinned(points, most)

    assert (thin[0], thin[-1]) == (points[0], points[-1])
    assert set(thin) <= set(points)
    assert max(y for _, y in thin) >= max(heights) - 0.3
    assert min(y for _, y in thin) <= min(heights) + 0.3
