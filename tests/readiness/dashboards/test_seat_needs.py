"""Seats needed from week to week against the seats there are: values worked out by hand."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from readiness.dashboards.curve import PlannedCurve, weekly
from readiness.dashboards.seat_needs import (
    NeededWeek,
    Places,
    added_up,
    needed_by_week,
    needed_weeks,
    sessions_more,
    short_by_week,
    weeks_between,
)

# A Wednesday, and the Saturday two weeks later.
DAY, BY = date(2026, 3, 11), date(2026, 3, 28)
TARGET = Fraction(95, 100)
MONDAYS = [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)]


def needed(curve: PlannedCurve | None, completed: int, **other: object) -> list[int]:
    said: dict[str, Any] = {"required": 100, "completed": completed, "target": TARGET, "day": DAY, "by": BY}
    return needed_by_week(curve, **{**said, **other})


CURVE = PlannedCurve(((date(2026, 3, 1), Fraction(0)), (date(2026, 3, 15), Fraction(1, 2)), (BY, TARGET)), own=True)


@pytest.mark.parametrize(
    ("curve", "completed", "expected"),
    [
        # Half by Sunday 15 March; 74.23% by the 22nd, rounded up; then the target.
        (CURVE, 20, [30, 25, 20]),
        (CURVE, 60, [0, 15, 20]),
        (CURVE, 95, [0, 0, 0]),
        # From 20% today to 95%: 4 days, a week and the rest of 17.
        (None, 20, [18, 31, 26]),
        (PlannedCurve(((DAY, Fraction(0)), (BY, Fraction(1, 2))), own=True), 20, [0, 13, 62]),
        (PlannedCurve(((BY + timedelta(days=9), Fraction(1)),), own=True), 20, [0, 0, 75]),
    ],
)
def test_weeks_ask_for_what_keeps_to_the_curve(curve: PlannedCurve | None, completed: int, expected: list[int]):
    assert needed(curve, completed) == expected
    assert sum(expected) == max(95 - completed, 0)


def test_day_of_the_target_itself_asks_for_everything_at_once():
    assert needed(None, 20, day=BY) == [75]
    assert needed(None, 0, required=0) == [0, 0, 0]


@pytest.mark.parametrize(
    ("wanted", "seats", "expected"),
    [
        ([34, 10, 10], [24, 10, 10], [10, 10, 10]),
        ([34, 10, 10], [50, 0, 0], [0, 0, 4]),
        ([34, 10, 10], [0, 60, 0], [34, 0, 0]),
    ],
)
def test_short_stays_short_until_seats_make_up_for_it(wanted: list[int], seats: list[int], expected: list[int]):
    assert short_by_week(wanted, [Places(free=number) for number in seats]) == expected


def test_session_without_a_limit_serves_everybody_from_then_on():
    assert short_by_week([5, 5, 5], [Places(), Places(unlimited=True), Places()]) == [5, 0, 0]


def test_courses_together_do_not_lend_each_other_seats():
    first = needed_weeks(MONDAYS, [5, 0, 0], {MONDAYS[0]: Places(booked=2, free=1, waiting=3)})
    other = needed_weeks(MONDAYS, [0, 0, 0], {MONDAYS[0]: Places(free=9)})

    assert added_up([first, other])[0] == NeededWeek(MONDAYS[0], 5, Places(2, 10, 3), 2)
    assert added_up([]) == []


@pytest.mark.parametrize(("short", "size", "expected"), [(0, 8, 0), (1, 8, 1), (17, 8, 3), (5, None, None)])
def test_sessions_more(short: int, size: int | None, expected: int | None):
    assert sessions_more(short, size) == expected


def test_weeks_begin_on_mondays():
    assert weeks_between(DAY, BY) == MONDAYS
    assert weeks_between(date(2026, 3, 15), date(2026, 3, 16)) == MONDAYS[:2]


def test_line_as_weekly_points_begins_and_ends_where_it_does():
    line = PlannedCurve(((date(2026, 3, 1), Fraction(0)), (date(2026, 3, 20), TARGET)), own=False)

    days = [(on.day, int(share * 100)) for on, share in weekly(line, most=27)]
    assert days == [(1, 0), (8, 35), (15, 70), (20, 95)]
    assert [on.day for on, _share in weekly(line, most=3)] == [1, 15, 20]
