"""The planned curve, the pace it takes and the pace there is: values worked out by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from readiness.dashboards.curve import Pace, PlannedCurve, needed_a_week, pace_of, planned_curve, target_day

GO_LIVE = date(2026, 4, 24)
TARGET = Fraction(19, 20)
FIRST = date(2026, 3, 8)  # 40 days before G−7


def straight() -> PlannedCurve:
    found = planned_curve((), first_session_on=FIRST, go_live=GO_LIVE, target=TARGET)
    assert found is not None
    return found


def test_without_a_plan_the_line_leads_from_the_first_session_to_the_target_a_week_before():
    assert straight() == PlannedCurve(((FIRST, Fraction(0)), (date(2026, 4, 17), TARGET)), own=False)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (FIRST - timedelta(days=1), None),
        (FIRST, Fraction(0)),
        (FIRST + timedelta(days=10), TARGET / 4),
        (FIRST + timedelta(days=40), TARGET),
        (GO_LIVE + timedelta(days=300), TARGET),
    ],
)
def test_share_planned_for_a_day(day: date, share: Fraction | None):
    assert straight().share_on(day) == share


def test_own_points_come_before_the_line_and_are_put_in_order():
    own = [(date(2026, 4, 1), Fraction(1, 2)), (date(2026, 3, 1), Fraction(1, 10)), (date(2026, 4, 11), Fraction(1))]

    curve = planned_curve(own, first_session_on=FIRST, go_live=GO_LIVE, target=TARGET)

    assert curve is not None
    assert (curve.own, curve.begins_on) == (True, date(2026, 3, 1))
    assert curve.share_on(date(2026, 4, 6)) == Fraction(3, 4)
    assert curve.share_on(date(2026, 2, 28)) is None
    assert curve.share_on(date(2026, 5, 1)) == 1


@pytest.mark.parametrize(
    ("first", "go_live"),
    [(None, GO_LIVE), (FIRST, None), (date(2026, 4, 17), GO_LIVE), (date(2026, 5, 1), GO_LIVE)],
)
def test_no_line_without_both_ends_in_order(first: date | None, go_live: date | None):
    assert planned_curve((), first_session_on=first, go_live=go_live, target=TARGET) is None


@pytest.mark.parametrize(
    ("completed", "by", "needed"),
    [
        (164, date(2026, 4, 4), 9),  # 26 missing in 21 days: 8.67 a week
        (190, date(2026, 4, 4), 0),
        (189, date(2026, 3, 15), 7),  # 1 in a day
        (189, date(2026, 3, 14), None),
        (200, date(2026, 3, 1), 0),
    ],
)
def test_completions_needed_a_week(completed: int, by: date, needed: int | None):
    day = date(2026, 3, 14)

    assert needed_a_week(required=200, completed=completed, target=TARGET, day=day, by=by) == needed


def test_last_missing_part_of_a_person_is_a_whole_person():
    # 95% of 21 is 19.95: 20 are needed.
    assert needed_a_week(required=21, completed=19, target=TARGET, day=FIRST, by=FIRST + timedelta(days=7)) == 1


@pytest.mark.parametrize(
    ("days_back", "pace"),
    [
        ([(28, 76), (20, 90)], Pace(FIRST - timedelta(days=28), Fraction(6))),
        ([(40, 0), (14, 88)], Pace(FIRST - timedelta(days=14), Fraction(6))),
        ([(28, 110)], Pace(FIRST - timedelta(days=28), Fraction(-5, 2))),
        ([(6, 90), (0, 100)], None),
        ([], None),
    ],
)
def test_pace_of_the_last_four_weeks_or_of_what_is_known(days_back: list[tuple[int, int]], pace: Pace | None):
    series = [(FIRST - timedelta(days=days), count) for days, count in days_back]

    assert pace_of(series, day=FIRST, completed=100) == pace


def test_target_counts_a_week_before_go_live():
    assert (target_day(GO_LIVE), target_day(None)) == (date(2026, 4, 17), None)
