"""Hours of champions: pure functions over shifts, by the clock of a site. Lengths are real time.

A shift belongs to the day on which it starts; its hours count on the days on which they are worked, so a night is
split at midnight and the parts add up, also when the clocks change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK_DAYS = 7
# More days in a row than this, or less rest than this between two shifts, wears people out.
MOST_DAYS_IN_A_ROW = 5
LEAST_REST = timedelta(hours=11)


@dataclass(frozen=True, order=True)
class Span:
    """From one moment up to another."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        """Real time: both moments are compared in UTC."""
        return self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)


@dataclass(frozen=True)
class Strain:
    """What shifts ask of one person more than is good for them.

    `beyond` are hours over the protected ones, by the Monday of the week; `in_a_row` the longest run of days with a
    shift, 0 if it is not too long; `short_rests` the moments at which a shift begins too soon after the one before;
    `heavy` the Mondays of the weeks with more hours than the programme's limit.
    """

    beyond: tuple[tuple[date, timedelta], ...]
    in_a_row: int
    short_rests: tuple[datetime, ...]
    heavy: tuple[date, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.beyond or self.in_a_row or self.short_rests or self.heavy)

    @property
    def backfill(self) -> timedelta:
        """The hours that somebody else has to work on the ward meanwhile."""
        return sum((hours for _monday, hours in self.beyond), timedelta())


def monday_of(day: date) -> date:
    """The first day of the week of a day."""
    return day - day.weekday() * DAY


def moment_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A moment by the clock of a site, in UTC. An hour that the clocks leave out is read as if they had not."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def span_of(day: date, starts: time, ends: time, zone: ZoneInfo) -> Span:
    """A shift by the clock that starts on a day; one that ends at or before its start ends on the next."""
    return Span(moment_at(day, starts, zone), moment_at(day + (DAY if ends <= starts else timedelta()), ends, zone))


def hours_by_day(span: Span, zone: ZoneInfo) -> dict[date, timedelta]:
    """The length of a span on each day it touches by the site's clock; the parts add up to the whole."""
    found, begins, ends = {}, span.starts_at.astimezone(UTC), span.ends_at.astimezone(UTC)
    while begins < ends:
        day = begins.astimezone(zone).date()
        until = min(moment_at(day + DAY, time(), zone), ends)
        found[day] = until - begins
        begins = until
    return found


def hours_by_week(spans: Iterable[Span], zone: ZoneInfo) -> dict[date, timedelta]:
    """The hours of each week, by its Monday."""
    found: dict[date, timedelta] = {}
    for span in spans:
        for day, length in hours_by_day(span, zone).items():
            found[monday_of(day)] = found.get(monday_of(day), timedelta()) + length
    return found


def strain_of(
    spans: Sequence[Span],
    zone: ZoneInfo,
    protected: timedelta | None,
    since: date,
    *,
    limit: timedelta | None = None,
) -> Strain:
    """What shifts ask of one person from the week of `since` on. No `protected` hours a week: none are compared.

    Too much is more hours in a week (Monday to Sunday) than are protected, or than the `limit` of the programme; a
    shift on more than 5 days in a row; and less than 11 hours between the end of a shift and the start of the next.
    Shifts back to back are one long one.
    """
    first = monday_of(since)
    weeks = hours_by_week(spans, zone)
    over = ((monday, hours - protected) for monday, hours in weeks.items() if protected is not None)
    beyond = tuple(sorted((monday, hours) for monday, hours in over if monday >= first and hours > timedelta()))
    ordered = sorted(spans)
    days = sorted({span.starts_at.astimezone(zone).date() for span in ordered})
    run = longest_run([day for day in days if day >= first])
    rests = tuple(
        after.starts_at
        for before, after in pairwise(ordered)
        if timedelta() < after.starts_at - before.ends_at < LEAST_REST
        and after.starts_at.astimezone(zone).date() >= first
    )
    heavy = tuple(
        sorted(monday for monday, hours in weeks.items() if limit is not None and monday >= first and hours > limit)
    )
    return Strain(beyond, run if run > MOST_DAYS_IN_A_ROW else 0, rests, heavy)


def longest_run(days: Sequence[date]) -> int:
    """The most of the days, which are in order, that follow one another."""
    longest = run = 0
    before: date | None = None
    for day in days:
        run = run + 1 if before is not None and day - before == DAY else 1
        longest, before = max(longest, run), day
    return longest
