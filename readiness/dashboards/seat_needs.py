"""Seats that a plan needs from week to week, against the seats there are. Pure: no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from readiness.dashboards.curve import WEEK, PlannedCurve


@dataclass(frozen=True)
class Places:
    """Seats of a week: taken by people who still need them, and free. `unlimited`: there is always one more."""

    booked: int = 0
    free: int = 0
    waiting: int = 0
    unlimited: bool = False

    @property
    def seats(self) -> int:
        """Seats that can bring a completion."""
        return self.booked + self.free

    def __add__(self, other: "Places") -> "Places":
        """Both together."""
        return Places(
            self.booked + other.booked,
            self.free + other.free,
            self.waiting + other.waiting,
            self.unlimited or other.unlimited,
        )


@dataclass(frozen=True)
class NeededWeek:
    """One week from a Monday: completions needed in it, the seats in it, how many have had no seat by its end."""

    week: date
    needed: int
    places: Places
    short: int


def monday(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> list[date]:
    """The Mondays of all weeks from one day's to another's; none where the last is before the first."""
    return [monday(first) + WEEK * number for number in range((monday(last) - monday(first)) // WEEK + 1)]


def needed_by_week(
    curve: PlannedCurve | None, *, required: int, completed: int, target: Fraction, day: date, by: date
) -> list[int]:
    """Completions needed in each week from a day's to that of the day `by`, so as to keep to a curve from now on.

    What is behind the curve already is needed in the first week; the last brings the target, whatever the curve says.
    Without a curve the missing ones are spread evenly.
    """
    curve = curve or PlannedCurve(
        ((day, Fraction(completed, required) if required else target), (by, target)), own=False
    )
    done, found = completed, []
    for week in weeks_between(day, by):
        last = min(week + timedelta(days=6), by)
        aim = curve.share_on(last) or Fraction(0)
        if last == by:
            aim = max(aim, target)
        wanted = max(-(-required * aim.numerator // aim.denominator), done)
        found.append(wanted - done)
        done = wanted
    return found


def short_by_week(needed: Sequence[int], places: Sequence[Places]) -> list[int]:
    """How many of those needed by the end of each week have had no seat by then.

    Seats left over serve the weeks that follow, those of a session without a limit all of them; and who is short in
    one week stays so until seats make up for it.
    """
    balance, unlimited, found = 0, False, []
    for wanted, there in zip(needed, places, strict=True):
        balance += there.seats - wanted
        unlimited = unlimited or there.unlimited
        found.append(0 if unlimited else max(-balance, 0))
    return found


def needed_weeks(weeks: Sequence[date], needed: Sequence[int], places: Mapping[date, Places]) -> list[NeededWeek]:
    """The weeks of one course."""
    there = [places.get(week, Places()) for week in weeks]
    shorts = short_by_week(needed, there)
    return [NeededWeek(*each) for each in zip(weeks, needed, there, shorts, strict=True)]


def added_up(courses: Iterable[Sequence[NeededWeek]]) -> list[NeededWeek]:
    """The weeks of several courses together: a seat on one is none on another, so what each lacks is added up."""
    found = []
    for same in zip(*courses, strict=True):
        there = sum((each.places for each in same), Places())
        found.append(NeededWeek(same[0].week, sum(w.needed for w in same), there, sum(w.short for w in same)))
    return found


def sessions_more(short: int, size: int | None) -> int | None:
    """How many sessions of a size would hold those who have no seat; None where no size is known."""
    if short == 0:
        return 0
    return -(-short // size) if size else None
