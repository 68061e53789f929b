"""Numbers, dates and ages in the words of the house."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from django.template import Context, Template

from rollout.templatetags import formats

TODAY = date(2026, 3, 14)


def show(source: str, **context: object) -> str:
    return Template("{% load formats %}" + source).render(Context(context))


def test_day_is_written_out():
    assert formats.day(TODAY) == "14 March 2026"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (time(14, 30), "2:30pm"),
        (time(9, 5), "9:05am"),
        (time(14, 0), "2pm"),
        (time(0, 0), "midnight"),
        (time(12, 0), "midday"),
        (time(0, 1), "12:01am"),
        (time(12, 1), "12:01pm"),
    ],
)
def test_clock_has_twelve_hours(value: time, words: str):
    assert formats.clock(value) == words


def test_moment_is_read_in_the_local_zone():
    # Half past one at night in UTC is half past two in London, where summer time has begun.
    assert show("{{ at|moment }}", at=datetime(2026, 3, 30, 1, 30, tzinfo=UTC)) == "2:30am on 30 March 2026"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 14), date(2026, 3, 20), "14 to 20 March 2026"),
        (date(2026, 3, 28), date(2026, 4, 2), "28 March to 2 April 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 to 4 January 2026"),
        (TODAY, TODAY, "14 March 2026"),
    ],
)
def test_day_range_repeats_nothing(first: date, last: date, words: str):
    assert formats.day_range(first, last) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(Decimal("89.99"), "89"), (Fraction(269, 3), "89"), (90, "90"), (61.5, "61"), (Decimal("0.4"), "0")],
)
def test_score_is_rounded_down(value: object, words: str):
    assert formats.score(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.57, "57%"), (Fraction(199, 200), "99%"), (1, "100%"), (0, "0%"), (Decimal("0.004"), "less than 1%")],
)
def test_percent_never_flatters(value: object, words: str):
    assert formats.percent(value) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(164, 200, "82% (164 of 200)"), (1280, 2560, "50% (1,280 of 2,560)"), (0, 0, "none of 0")],
)
def test_share_names_its_counts(part: int, whole: int, words: str):
    assert formats.share(part, whole) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("1.24"), "+1.2"),
        (Decimal("-0.75"), "\N{MINUS SIGN}0.8"),
        (Decimal("-0.04"), "0.0"),
        (0, "0.0"),
        (4, "+4.0"),
    ],
)
def test_points_carry_a_real_sign(value: object, words: str):
    assert formats.points(value) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 3, 2), "12 days late"),
        (date(2026, 3, 13), "1 day late"),
        (TODAY, "due today"),
        (date(2026, 3, 17), "due in 3 days"),
    ],
)
def test_lateness_is_words(due: date, words: str):
    assert formats.lateness(due, TODAY) == words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (TODAY, "today"),
        (date(2026, 3, 13), "yesterday"),
        (date(2026, 3, 2), "12 days ago"),
        (date(2026, 3, 15), "in 1 day"),
        (datetime(2026, 3, 13, 23, 59, tzinfo=UTC), "yesterday"),
    ],
)
def test_ago_counts_days(when: date, words: str):
    assert formats.ago(when, TODAY) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(41, "41 days to go"), (1, "1 day to go"), (0, "go-live today"), (-12, "12 days since go-live")],
)
def test_days_to_go_turns_at_go_live(days: int, words: str):
    assert formats.days_to_go(days) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1", "1 point"),
        ("−1", "−1 point"),
        ("+1", "+1 point"),
        (0, "0 points"),
        ("16.5", "16.5 points"),
        ("1.0", "1.0 points"),
    ],
)
def test_points_have_their_plural(value: int | str, words: str):
    assert formats.in_points(value) == words


@pytest.mark.parametrize(
    ("words", "either"),
    [([], ""), (["Defer"], "Defer"), (["No go", "Defer"], "No go or Defer"), (["A", "B", "C"], "A, B or C")],
)
def test_choice_of_words_has_its_or(words: list[str], either: str):
    assert formats.either(words) == either


@pytest.mark.parametrize(
    ("days", "stage", "words"),
    [
        (41, "preparing", "41"),
        (0, "technical_live", "today"),
        (-6, "live", "6 days live"),
        (-1, "hypercare", "1 day live"),
        (0, "live", "0 days live"),
        (-3, "preparing", "3 days late"),
        (-20, "stopped", "20 days ago"),
        (-96, "embedded", "embedded"),
        (None, "embedded", "embedded"),
        (None, "preparing", ""),
    ],
)
def test_days_of_a_list_say_what_they_are(days: int | None, stage: str, words: str):
    assert formats.days_at(days, stage) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(900, "15 minutes"), (3900, "1 hour 5 minutes"), (7200, "2 hours"), (40, "under a minute")],
)
def test_minutes_are_words(seconds: int, words: str):
    assert formats.minutes(seconds) == words


@pytest.mark.parametrize(
    "name", ["day", "day_short", "clock", "moment", "count", "score", "percent", "points", "minutes"]
)
def test_filters_show_nothing_for_none(name: str):
    assert show("[{{ value|" + name + " }}]", value=None) == "[]"
