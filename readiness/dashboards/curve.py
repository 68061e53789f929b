"""The curve a site plans to follow in training, how far it is behind, and the pace it needs. Pure: no database."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

WEEK = timedelta(days=7)
FOUR_WEEKS = timedelta(days=28)
# Whoever is trained in the last week has no time left to practise: the target counts a week before go-live.
TARGET_BEFORE = WEEK


def target_day(go_live: date | None) -> date | None:
    """G−7: the day by which the target is to be reached, None without a go-live."""
    return None if go_live is None else go_live - TARGET_BEFORE


@dataclass(frozen=True)
class PlannedCurve:
    """The share planned to be complete, 0–1, on days in order; straight between them, level after the last.

    `own` says that the site drew it itself; else it is the straight line every site has.
    """

    points: tuple[tuple[date, Fraction], ...]
    own: bool

    @property
    def begins_on(self) -> date:
        """The first day of the plan."""
        return self.points[0][0]

    def share_on(self, day: date) -> Fraction | None:
        """What is planned for a day; None before the plan begins."""
        after = bisect_right(self.points, day, key=lambda point: point[0])
        if after == 0:
            return None
        (earlier, share), following = self.points[after - 1], self.points[after : after + 1]
        if not following:
            return share
        ((later, aim),) = following
        return share + (aim - share) * Fraction((day - earlier).days, (later - earlier).days)


def planned_curve(
    points: Iterable[tuple[date, Fraction]],
    *,
    first_session_on: date | None,
    go_live: date | None,
    target: Fraction,
) -> PlannedCurve | None:
    """The plan's own points; without any, straight from 0 on the day of the first session to the target at G−7.

    None where there is neither: no first session, no go-live, or no day between them.
    """
    own = tuple(sorted(points))
    if own:
        return PlannedCurve(own, own=True)
    last = target_day(go_live)
    if first_session_on is None or last is None or first_session_on >= last:
        return None
    return PlannedCurve(((first_session_on, Fraction(0)), (last, target)), own=False)


def weekly(curve: PlannedCurve, *, most: int) -> list[tuple[date, Fraction]]:
    """A straight line as points to draw a curve from: its first day, each week after it, and its last day.

    In whole percents. Where that would be more than so many points, the steps are of more weeks.
    """
    first, last = curve.points[0][0], curve.points[-1][0]
    weeks = -(-(last - first).days // 7)
    step = WEEK * max(-(-weeks // (most - 1)), 1)
    days = [first + step * number for number in range((last - first - timedelta(days=1)) // step + 1)]
    return [(on, Fraction(round((curve.share_on(on) or 0) * 100), 100)) for on in [*days, last]]


def needed_a_week(*, required: int, completed: int, target: Fraction, day: date, by: date) -> int | None:
    """How many completions a week reach the target by a day, rounded up: 0 where it is reached.

    None where the day is over and the target is not reached.
    """
    missing = -(-target.numerator * required // target.denominator) - completed
    if missing <= 0:
        return 0
    days = (by - day).days
    return -(-missing * 7 // days) if days > 0 else None


@dataclass(frozen=True)
class Pace:
    """How many completions more, or fewer, a week there were since a day."""

    since: date
    a_week: Fraction


def pace_of(series: Iterable[tuple[date, int]], *, day: date, completed: int) -> Pace | None:
    """The pace of the four weeks before a day, from stored counts; of fewer days where no more is known.

    None where less than a week is known.
    """
    known = [(on, count) for on, count in sorted(series) if day - FOUR_WEEKS <= on <= day - WEEK]
    if not known:
        return None
    since, before = known[0]
    return Pace(since, Fraction((completed - before) * 7, (day - since).days))
