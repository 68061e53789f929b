"""Random shifts around the nights on which clocks change, against the database: lengths, days, and no overlap."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import examples
from tests.training.log_world import LogWorld, make_log_world
from training.hours import Span, hours_by_day
from training.models import Champion, ChampionShift
from training.services.log_entries import Entry, take_entry

# A day before each of these, in its zone, the clocks are put forward or back; one zone moves by half an hour.
CHANGES = (
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Atlantic/Canary", date(2026, 3, 29)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
)
# Each example is a dozen transactions.
FEW = settings(max_examples=10 if examples.PROFILE == "day" else 500)


@dataclass(frozen=True)
class Shift:
    """A shift by the clock, from a number of days before or after the change."""

    days: int
    starts: time
    ends: time
    next_day: bool
    second: bool


quarters = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
shifts = st.builds(Shift, st.integers(-1, 1), quarters, quarters, st.booleans(), st.booleans())


@pytest.fixture(scope="module")
def world(module_db: None) -> LogWorld:
    made = make_log_world()
    Champion.objects.update(from_on=date(2026, 1, 1))
    return made


def moments(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """Every moment at which the clocks of a zone show this: none, one, or two of them."""
    shown = datetime.combine(day, at)
    tried = (shown.replace(tzinfo=UTC) + timedelta(minutes=15 * step) for step in range(-56, 57))
    return [moment for moment in tried if moment.astimezone(zone).replace(tzinfo=None) == shown]


def span_of(shift: Shift, change: date, zone: ZoneInfo) -> Span | None:
    """The shift as real time; None where its times cannot be, or are not plain."""
    day = change + timedelta(days=shift.days)
    starts = moments(day, shift.starts, zone)
    ends = moments(day + timedelta(days=shift.next_day), shift.ends, zone)
    if len(starts) != 1 or len(ends) != 1:
        return None
    length = ends[0] - starts[0]
    return Span(starts[0], ends[0]) if timedelta() < length <= timedelta(hours=24) else None


@FEW
@given(st.sampled_from(CHANGES), st.lists(shifts, min_size=1, max_size=8))
def test_random_shifts_are_kept_as_they_were_and_never_overlap(
    world: LogWorld, change: tuple[str, date], tried: list[Shift]
):
    zone, day = ZoneInfo(change[0]), change[1]
    now = datetime.combine(day + timedelta(days=4), time(12), UTC)
    expected: list[tuple[int, Span]] = []
    with transaction.atomic(), patch.object(timezone, "now", lambda: now):
        type(world.deployment.site).objects.filter(pk=world.deployment.site.pk).update(time_zone=change[0])
        for shift in tried:
            who = (world.second if shift.second else world.champion).pk
            body = world.timed(
                f"{shift.starts:%H:%M}",
                f"{shift.ends:%H:%M}",
                next_day=shift.next_day,
                on=(day + timedelta(days=shift.days)).isoformat(),
                champion=who,
            )
            span = span_of(shift, day, zone)
            free = span is not None and not any(
                other == who and kept.starts_at < span.ends_at and span.starts_at < kept.ends_at
                for other, kept in expected
            )
            if span is not None and free:
                expected.append((who, span))

            answer = take_entry(user=world.manager, entry=Entry(uuid4(), "shift", body))

            assert (answer.answer == "accepted", bool(answer.words)) == (free, not free)
        rows = ChampionShift.objects.order_by("pk").values_list("staff", "starts_at", "ends_at", "planned_on")
        assert list(rows) == [
            (who, span.starts_at, span.ends_at, span.starts_at.astimezone(zone).date()) for who, span in expected
        ]
        assert all(sum(hours_by_day(span, zone).values(), timedelta()) == span.length for _who, span in expected)
        transaction.set_rollback(True)
