"""Hours of champions: real time over clock changes, weeks split at midnight, what wears people out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.hours import Span, Strain, hours_by_day, hours_by_week, longest_run, span_of, strain_of

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
MONDAY = date(2026, 3, 9)


def early(day: date) -> Span:
    return span_of(day, time(7), time(15), LONDON)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours"),
    [
        (date(2026, 3, 28), time(23), time(7), 7),
        (date(2026, 10, 24), time(23), time(7), 9),
        (date(2026, 3, 27), time(23), time(7), 8),
        (date(2028, 2, 28), time(22), time(6), 8),
        (date(2026, 12, 31), time(22), time(6), 8),
        (date(2026, 3, 14), time(8), time(8), 24),
    ],
)
def test_span_lasts_as_long_as_it_really_does(day: date, starts: time, ends: time, hours: int):
    assert span_of(day, starts, ends, LONDON).length == hours * HOUR


def test_night_counts_on_the_days_on_which_it_is_worked():
    night = span_of(date(2026, 10, 24), time(21, 30), time(7, 30), LONDON)

    assert hours_by_day(night, LONDON) == {date(2026, 10, 24): 2.5 * HOUR, date(2026, 10, 25): 8.5 * HOUR}
    assert hours_by_week([night], LONDON) == {date(2026, 10, 19): 11 * HOUR}


@given(
    after=st.timedeltas(timedelta(), timedelta(days=1000)),
    minutes=st.integers(1, 24 * 60),
    zone=st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata"]),
)
def test_hours_of_days_add_up_to_the_whole(after: timedelta, minutes: int, zone: str):
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + after
    span = Span(starts_at, starts_at + timedelta(minutes=minutes))

    assert sum(hours_by_day(span, ZoneInfo(zone)).values(), timedelta()) == timedelta(minutes=minutes)


def test_what_is_too_much_is_told_by_week_row_and_rest():
    days = [MONDAY + timedelta(days=n) for n in range(6)]
    late = span_of(MONDAY + timedelta(days=5), time(15), time(22), LONDON)  # back to back with the early one before
    sunday = early(MONDAY + timedelta(days=6))  # 9 hours after the late one

    since = MONDAY + timedelta(days=3)
    found = strain_of([*map(early, days), late, sunday], LONDON, 20 * HOUR, since, limit=62 * HOUR)

    assert found == Strain(((MONDAY, 43 * HOUR),), 7, (sunday.starts_at,), (MONDAY,))
    assert not strain_of([*map(early, days[:5])], LONDON, None, since, limit=40 * HOUR)
    assert found.backfill == 43 * HOUR


@pytest.mark.parametrize(
    ("spans", "protected", "since"),
    [
        ([early(MONDAY)], 8 * HOUR, MONDAY),
        ([early(MONDAY)], None, MONDAY),
        ([early(MONDAY + timedelta(days=n)) for n in range(5)], None, MONDAY),
        ([early(MONDAY + timedelta(days=n)) for n in range(6)], 8 * HOUR, MONDAY + timedelta(days=7)),
        ([early(MONDAY), span_of(MONDAY + timedelta(days=1), time(2), time(6), LONDON)], None, MONDAY),
    ],
    ids=["just what is protected", "nobody said how much", "five days", "weeks that are over", "11 hours of rest"],
)
def test_what_is_not_too_much_is_not_told(spans: list[Span], protected: timedelta | None, since: date):
    assert not strain_of(spans, LONDON, protected, since)


def test_longest_run_breaks_at_a_day_off():
    assert longest_run([MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)]) == 2
    assert longest_run([]) == 0
