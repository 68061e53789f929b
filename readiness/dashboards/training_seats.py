"""Seats still needed at a site by its planned curve against seats there are, and refreshers until day 300."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.curve import target_day
from readiness.dashboards.seat_needs import (
    NeededWeek,
    Places,
    added_up,
    needed_by_week,
    needed_weeks,
    sessions_more,
    weeks_between,
)
from readiness.dashboards.trajectory import Trajectory
from readiness.indicators.training_seats import Refresher, Seats, refreshers, seats_to_come, usual_sizes
from readiness.scoring import Model
from rollout.downloads import Column, Table
from rollout.models import Deployment
from rollout.templatetags.formats import count, day
from training.choices import CourseMode

# Habits take up to 300 days: until then whoever is trained stays trained.
HABIT = timedelta(days=300)


@dataclass(frozen=True)
class CourseSeats:
    """A course that is taught in sessions, with its weeks. `size` is how many places a session of it usually has."""

    code: str
    name: str
    weeks: Sequence[NeededWeek]
    size: int | None

    @property
    def needed(self) -> int:
        """Completions that the plan needs in all."""
        return sum(week.needed for week in self.weeks)

    @property
    def places(self) -> Places:
        """All seats until then."""
        return sum((week.places for week in self.weeks), Places())

    @property
    def short(self) -> int:
        """How many of those needed have no seat at all."""
        return self.weeks[-1].short if self.weeks else 0

    @property
    def more(self) -> int | None:
        """Sessions to plan more; None where it is not known how many places one has."""
        return sessions_more(self.short, self.size)


@dataclass(frozen=True)
class CourseRefreshers:
    """Completions of a course that run out until day 300; how many are booked again, how many own seats are free.

    `free` is None for what is learnt alone, which takes no seat.
    """

    name: str
    out: int
    booked: int
    free: int | None

    @property
    def unbooked(self) -> int:
        """People whose completion runs out and who are not booked on the course again."""
        return self.out - self.booked


@dataclass(frozen=True)
class SeatPlan:
    """The seats of a site. `by` is the last day counted, None without a go-live; `late`: the day of the target is past.

    `shared_free` are free places in sessions open to every site, which are nobody's own; `online` completions that
    are needed too and take no seat, those of the courses `alone`.
    """

    day: date
    by: date | None
    late: bool
    courses: Sequence[CourseSeats]
    online: int
    alone: Collection[str]
    shared_free: int
    until: date | None
    refreshers: Sequence[Refresher]
    coming: Sequence[Seats]

    @cached_property
    def weeks(self) -> list[NeededWeek]:
        """All courses together."""
        return added_up(course.weeks for course in self.courses)

    @property
    def needed(self) -> int:
        """Completions needed in sessions."""
        return sum(course.needed for course in self.courses)

    @property
    def places(self) -> Places:
        """All seats."""
        return sum((course.places for course in self.courses), Places())

    @property
    def short(self) -> int:
        """Those who have no seat, course by course."""
        return sum(course.short for course in self.courses)

    @property
    def first_short(self) -> NeededWeek | None:
        """The first week in which somebody has no seat."""
        return next((week for week in self.weeks if week.short), None)

    @property
    def running_out(self) -> list[CourseRefreshers]:
        """Refreshers by course, those with the most people who are not booked first."""
        rows: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for each in self.refreshers:
            rows[each.course, each.name][0] += each.out
            rows[each.course, each.name][1] += each.booked
        free: dict[str, int] = defaultdict(int)
        for seats in self.coming:
            free[seats.course] += 0 if seats.shared else seats.free
        found = [
            CourseRefreshers(name, out, booked, None if code in self.alone else free[code])
            for (code, name), (out, booked) in rows.items()
        ]
        return sorted(found, key=lambda each: (-each.unbooked, each.name))


def seat_plan(training: Trajectory, deployment: Deployment, model: Model) -> SeatPlan:
    """The seats of a site from this moment on, for what its training lacks today. Three queries."""
    now, today, go_live = timezone.now(), training.day, training.go_live
    target = target_day(go_live)
    late = target is not None and target < today
    in_time = date.max if target is None or late else target
    coming = seats_to_come(model, deployment.pk, day=today, now=now, by=in_time)
    until = go_live + HABIT if go_live else None
    out = refreshers(model, deployment.pk, day=today, now=now, until=until) if until and until > today else []
    by = max([today, *(seats.week + timedelta(days=6) for seats in coming if not seats.shared)]) if late else target
    courses = _courses(training, coming, usual_sizes(model, deployment.pk, day=today), by, late=late) if by else []
    # What is learnt alone takes no seat, but is missing all the same.
    alone = [part for part in training.parts.courses if part.mode == CourseMode.E_LEARNING]
    online = sum(max(-(-part.count.required * training.target // 1) - part.count.completed, 0) for part in alone)
    return SeatPlan(
        day=today,
        by=by,
        late=late,
        courses=courses,
        online=online,
        alone={part.code for part in alone},
        shared_free=sum(seats.free for seats in coming if seats.shared),
        until=until,
        refreshers=out,
        coming=coming,
    )


def _courses(
    training: Trajectory, coming: Sequence[Seats], sizes: dict[str, int], by: date, *, late: bool
) -> list[CourseSeats]:
    """Each course that is taught in sessions, held to the plan by itself."""
    there: dict[str, dict[date, Places]] = defaultdict(lambda: defaultdict(Places))
    for seats in coming:
        if not seats.in_time:
            continue
        # A place that every site may take is nobody's until somebody has it.
        free = (0, False) if seats.shared else (seats.free, seats.unlimited)
        there[seats.course][seats.week] += Places(seats.booked, free[0], seats.waiting, free[1])
    weeks = weeks_between(training.day, by)
    found = []
    for part in training.parts.courses:
        if part.mode == CourseMode.E_LEARNING:
            continue
        required, completed = part.count.required, part.count.completed
        # Where the day is past, all that is missing is needed now.
        last = training.day if late else by
        needed = needed_by_week(
            None if late else training.curve,
            required=required,
            completed=completed,
            target=training.target,
            day=training.day,
            by=last,
        )
        needed += [0] * (len(weeks) - len(needed))
        size = sizes.get(part.code)
        found.append(CourseSeats(part.code, part.name, needed_weeks(weeks, needed, there[part.code]), size))
    return sorted(found, key=lambda course: (-course.short, course.name))


def seat_words(plan: SeatPlan) -> list[str]:
    """Whether there are seats enough, in which week the first is lacking, and what to plan; [] where nobody can say."""
    if plan.by is None or not plan.courses:
        return []
    numbers = {"needed": count(plan.needed), "seats": count(plan.places.seats), "day": day(plan.by)}
    if not plan.needed:
        return [
            gettext("No seat is needed any more: the target is reached in every course that is taught in sessions.")
        ]
    found = [gettext("Seats needed until %(day)s: %(needed)s; seats there are: %(seats)s.") % numbers]
    if plan.late:
        found = [
            gettext("The day of the target is past. Seats still needed: %(needed)s; seats to come: %(seats)s.")
            % numbers
        ]
    if week := plan.first_short:
        words = ngettext(
            "Week of %(week)s: %(needed)s needed, %(seats)s seat, %(short)s short.",
            "Week of %(week)s: %(needed)s needed, %(seats)s seats, %(short)s short.",
            week.places.seats,
        )
        found.append(
            words
            % {
                "week": day(week.week),
                "needed": count(week.needed),
                "seats": count(week.places.seats),
                "short": count(week.short),
            }
        )
    return [*found, *more_words(plan)]


def more_words(plan: SeatPlan) -> list[str]:
    """How many sessions to plan more, of which courses."""
    found = []
    for course in plan.courses:
        if course.more:
            words = ngettext("%(n)s session of %(course)s", "%(n)s sessions of %(course)s", course.more)
            found.append(words % {"n": count(course.more), "course": course.name})
    return [gettext("Plan more: %(sessions)s.") % {"sessions": ", ".join(found)}] if found else []


SEAT_COLUMNS = (
    Column("needed", _("Needed"), "whole"),
    Column("seats", _("Seats"), "whole"),
    Column("booked", _("Booked"), "whole"),
    Column("free", _("Free"), "whole"),
    Column("waiting", _("Waiting"), "whole"),
    Column("short", _("Short by then"), "whole"),
)


def figures(needed: int, places: Places, short: int) -> list[Any]:
    """The cells of a row; seats are empty where there is no limit."""
    seats = [None, places.booked, None] if places.unlimited else [places.seats, places.booked, places.free]
    return [needed, *seats, places.waiting, short]


def seats_table(plan: SeatPlan) -> Table:
    """Every week of every course as a file."""
    columns = (Column("week", _("Week from"), "day"), Column("course", _("Course")), *SEAT_COLUMNS)
    rows = [
        [week.week, course.name, *figures(week.needed, week.places, week.short)]
        for course in plan.courses
        for week in course.weeks
    ]
    return Table("seats", _("Seats needed by week and course"), columns, sorted(rows, key=lambda row: (row[0], row[1])))


def refreshers_table(plan: SeatPlan) -> Table:
    """Every week and course in which completions run out, as a file."""
    columns = (
        Column("week", _("Week from"), "day"),
        Column("course", _("Course")),
        Column("out", _("Run out"), "whole"),
        Column("booked", _("Booked again in time"), "whole"),
        Column("unbooked", _("Not booked"), "whole"),
    )
    rows = [[each.week, each.name, each.out, each.booked, each.unbooked] for each in plan.refreshers]
    return Table("refreshers", _("Completions that run out until day 300"), columns, rows)
