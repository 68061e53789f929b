"""The tables of a site's training page as files, and its chart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count as Counted
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.few import hidden_rows
from readiness.dashboards.training_words import last_day_of, points_behind
from readiness.dashboards.trajectory import Row, Rows, Trajectory
from readiness.indicators.training_parts import Count, Lapse
from rollout.charts import Chart, Line, Mark, time_chart
from rollout.downloads import Column, Table
from rollout.models import Deployment
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import percent
from training.choices import AttendanceState
from training.models import TrainingSession

# Days drawn before anything begins: a site is scored long before its first session.
EMPTY_DAYS = timedelta(days=14)
HIDDEN = _("Not shown: fewer than 5 people, or a number from which fewer than 5 could be worked out.")
COUNTS = (
    Column("completed", _("Completed"), "whole"),
    Column("required", _("Required"), "whole"),
    Column("share", _("Share completed"), "percent"),
    Column("missing", _("Missing"), "whole"),
)
PRESENT = (
    Column("completed_present", _("Completed, without those absent from go-live"), "whole"),
    Column("required_present", _("Required, without those absent from go-live"), "whole"),
    Column("share_present", _("Share completed, without those absent from go-live"), "percent"),
)


def share(part: int, whole: int) -> Fraction | None:
    """Part ÷ whole, None where there is no whole."""
    return Fraction(part, whole) if whole else None


def cells(row: Row, both: bool) -> list[Any]:
    """The figures of a row, empty where they are hidden."""
    count = row.count
    if row.hidden:
        return [None] * (7 if both else 4)
    found: list[Any] = [count.completed, count.required, share(count.completed, count.required), count.missing]
    if both:
        present = count.completed_present, count.required_present
        found += [*present, share(*present)]
    return found


@dataclass(frozen=True)
class Basis:
    """One way to say who is counted, in words, with what comes of it; `out` people are left out of it."""

    words: str
    completed: int
    required: int
    people: int
    out: int = 0
    hidden: bool = False

    @property
    def share(self) -> Fraction | None:
        """Completed of required, 0–1."""
        return share(self.completed, self.required)

    @property
    def cells(self) -> list[Any]:
        """The figures as they stand in a file, empty where they are hidden."""
        return [None] * 5 if self.hidden else [self.completed, self.required, self.share, self.people, self.out]


def bases(training: Trajectory) -> list[Basis]:
    """Who is counted: all staff, as the score does, and those not absent from go-live; line managers the same way.

    Where the two together would tell of few who are away, the second is left out.
    """
    whole, found = training.whole, []
    found.append(Basis(gettext("All staff, as the score counts"), whole.completed, whole.required, whole.people))
    if training.split and training.wards.both:
        found.append(present(gettext("Without those absent from go-live"), whole))
    if training.split and (row := training.managers):
        count = row.count
        words = gettext("Line managers")
        found.append(Basis(words, count.completed, count.required, count.people, hidden=row.hidden))
        if training.few and count.away:
            found.append(present(gettext("Line managers without those absent"), count))
    return found


def present(words: str, count: Count) -> Basis:
    """The second basis of a count."""
    return Basis(words, count.completed_present, count.required_present, count.people - count.away, count.away)


def bases_table(training: Trajectory) -> Table:
    """The ways to count as a file."""
    columns = (
        Column("who", _("Who is counted")),
        *COUNTS[:3],
        Column("people", _("People"), "whole"),
        Column("out", _("Left out"), "whole"),
    )
    found = [[each.words, *each.cells] for each in bases(training)]
    return Table("bases", _("Training by who is counted"), columns, found)


def parts_table(name: str, title: Any, first: Any, rows: Rows) -> Table:
    """Wards or staff groups as a file."""
    columns = (Column("name", first), *COUNTS, *(PRESENT if rows.both else ()))
    about = [(gettext("Empty cells"), HIDDEN)] if rows.some_hidden else []
    found = [[row.name, *cells(row, rows.both)] for row in rows.rows]
    return Table(name, title, columns, found, about)


def courses_table(training: Trajectory) -> Table:
    """Courses as a file, with how each is taught."""
    rows = training.courses
    columns = (Column("name", _("Course")), Column("mode", _("How it is taught")), *COUNTS)
    about = [(gettext("Empty cells"), HIDDEN)] if rows.some_hidden else []
    found = [[row.name, row.mode, *cells(row, both=False)] for row in rows.rows]
    return Table("courses", _("Training by course"), columns, found, about)


@dataclass(frozen=True)
class LapseRow:
    """So many completions that run out in a week; None where that is of few and not for the reader."""

    lapse: Lapse
    completions: int | None

    @property
    def last_on(self) -> date:
        """The last day of the week."""
        return last_day_of(self.lapse.week)


def lapse_rows(training: Trajectory) -> list[LapseRow]:
    """Completions that run out, by week and course."""
    found = training.lapses
    hidden = frozenset[int]() if training.few else hidden_rows([(each.completions,) for each in found])
    return [LapseRow(each, None if place in hidden else each.completions) for place, each in enumerate(found)]


def lapses_table(training: Trajectory) -> Table:
    """The same as a file."""
    columns = (
        Column("week", _("Week from"), "day"),
        Column("course", _("Course")),
        Column("completions", _("Completions that run out"), "whole"),
    )
    rows = [[row.lapse.week, row.lapse.course, row.completions] for row in lapse_rows(training)]
    return Table("lapses", _("Completions that run out"), columns, rows)


@dataclass(frozen=True)
class SessionRow:
    """A session to come: by the site's clock when, how many have a place, how many places are free, who waits."""

    session: TrainingSession
    starts_at: datetime
    ends_at: datetime
    booked: int
    waiting: int

    @property
    def free(self) -> int | None:
        """Places left; None where there is no limit."""
        capacity = self.session.capacity
        return None if capacity is None else max(capacity - self.booked, 0)


def sessions_to_come(deployment: Deployment, user: Somebody) -> list[SessionRow]:
    """The programme's sessions at the site from now on, as far as the user may know of them. One query."""
    zone = ZoneInfo(deployment.site.time_zone)
    kept = Q(attendances__retired_at=None)
    places = Q(attendances__state__in=(AttendanceState.BOOKED, AttendanceState.ATTENDED))
    sessions = (
        TrainingSession.objects.visible_to(user)
        .filter(programme=deployment.programme, site=deployment.site, retired_at=None, starts_at__gte=timezone.now())
        .select_related("course")
        .annotate(
            booked=Counted("attendances", filter=kept & places),
            waiting=Counted("attendances", filter=kept & Q(attendances__state=AttendanceState.WAITING)),
        )
        .order_by("starts_at", "pk")
    )
    return [
        SessionRow(each, each.starts_at.astimezone(zone), each.ends_at.astimezone(zone), each.booked, each.waiting)
        for each in sessions
    ]


def sessions_table(rows: list[SessionRow]) -> Table:
    """Sessions as a file; days and times are the site's."""
    columns = (
        Column("day", _("Day"), "day"),
        Column("from", _("From")),
        Column("to", _("To")),
        Column("course", _("Course")),
        Column("room", _("Room or link")),
        Column("places", _("Places"), "whole"),
        Column("booked", _("Booked"), "whole"),
        Column("free", _("Free"), "whole"),
        Column("waiting", _("Waiting"), "whole"),
    )

    def found() -> Iterator[list[Any]]:
        for row in rows:
            session = row.session
            times = [row.starts_at.date(), f"{row.starts_at:%H:%M}", f"{row.ends_at:%H:%M}"]
            yield [*times, session.course.name, session.room, session.capacity, row.booked, row.free, row.waiting]

    return Table("sessions", _("Sessions to come"), columns, list(found()))


def chart_of(training: Trajectory, *, today: date | None) -> Chart:
    """What was planned and what came, day by day; `today` is None where another day is shown."""
    lines = [Line(gettext("Completed"), [(each.day, each.share) for each in training.series])]
    if training.curve:
        lines.append(Line(gettext("Planned"), training.curve.points, "planned"))
    lines.append(
        Line(
            gettext("Target %(percent)s") % {"percent": percent(training.target)},
            [(training.by or training.day, training.target)],
            "target",
        )
    )
    marks = [] if today else [Mark(training.day, gettext("The day shown"))]
    if training.go_live and training.by:
        marks += [Mark(training.by, gettext("A week before")), Mark(training.go_live, gettext("Go-live"))]
    known = any(each.share is not None for each in training.series)
    begun = [each.day for each in training.series if each.share] + (
        [training.curve.begins_on] if training.curve else []
    )
    return time_chart(
        name="trajectory",
        title=_title(training),
        lines=lines if known or training.curve else (),
        marks=marks,
        today=today,
        first=min(begun) - EMPTY_DAYS if begun else None,
        low=0,
        high=1,
        kind="percent",
        unit=gettext("Share of required courses completed"),
        empty=gettext("Nothing has been counted yet, so there is nothing to draw."),
        note=gettext("Days whose counts are of fewer than 5 people are left out.") if not training.few else "",
    )


def _title(training: Trajectory) -> str:
    if points := points_behind(training):
        return gettext("Training is %(points)s behind its plan") % {"points": points}
    if training.share is not None and training.planned is not None and not training.paused:
        return gettext("Training keeps up with its plan")
    return gettext("Training completed, day by day")


def files(
    training: Trajectory, sessions: Callable[[], list[SessionRow]] | None, ward_word: str, *, today: date | None
) -> dict[str, Callable[[], Table]]:
    """Every table of the page by its name. `sessions` is None where the reader may know of none."""
    found: dict[str, Callable[[], Table]] = {
        "trajectory": lambda: chart_of(training, today=today).table,
    }
    if not training.hidden and training.whole.required:
        found["bases"] = lambda: bases_table(training)
    if training.split:
        found |= {
            "wards": lambda: parts_table(
                "wards", gettext("Training by %(ward)s") % {"ward": ward_word}, ward_word.capitalize(), training.wards
            ),
            "groups": lambda: parts_table("groups", _("Training by staff group"), _("Staff group"), training.groups),
            "courses": lambda: courses_table(training),
            "lapses": lambda: lapses_table(training),
        }
    if sessions is not None:
        rows = sessions
        found["sessions"] = lambda: sessions_table(rows())
    return found
