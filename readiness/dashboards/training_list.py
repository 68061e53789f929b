"""Training at all sites of a programme, furthest behind its plan first; the figures are those of stored scores."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.curve import WEEK, needed_a_week, planned_curve, target_day
from readiness.dashboards.standings import Standing, in_order_of, standings, table_of_sites
from readiness.dashboards.training_words import points_between
from readiness.dashboards.trajectory import COMPLETION
from readiness.scoring import State
from rollout.downloads import Column, Table
from rollout.models import Programme
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import count
from training.models import TrainingPlanPoint, TrainingSession

DEFAULT_SORT = "-behind"
UNLIMITED = -1


class TrainingLine(NamedTuple):
    """One site's training as its newest score keeps it. Counts are None where there are none, or none to be shown.

    `planned` is the share planned for the day of the score, `target` the one to be reached, 0–1. `seats` are the places
    of the site's own sessions from now until the day of the target, -1 where there is no limit, None where not asked.
    """

    standing: Standing
    completed: int | None = None
    required: int | None = None
    planned: Fraction | None = None
    target: Fraction | None = None
    seats: int | None = None

    @property
    def seat_words(self) -> str:
        """The seats to come, beside what is needed; "" where nothing is needed or it is not asked."""
        if not self.needed or self.seats is None:
            return ""
        if self.seats == UNLIMITED:
            return gettext("seats without limit")
        if not self.seats:
            return gettext("no seat to come")
        return ngettext("%(n)s seat to come", "%(n)s seats to come", self.seats) % {"n": count(self.seats)}

    @property
    def needed(self) -> int | None:
        """Completions a week that reach the target in time; None where that is over, or not asked of the site."""
        at, by = self.standing, target_day(self.standing.go_live)
        if by is None or at.day is None or at.paused or at.embedded:
            return None
        if self.completed is None or self.required is None or self.target is None:
            return None
        return needed_a_week(required=self.required, completed=self.completed, target=self.target, day=at.day, by=by)

    @property
    def share(self) -> Fraction | None:
        """The share completed, 0–1."""
        return Fraction(self.completed, self.required) if self.completed is not None and self.required else None

    @property
    def held(self) -> bool:
        """Whether it is held against a plan: something is counted, something planned, and nothing on hold."""
        return bool(self.required) and self.planned is not None and not (self.standing.paused or self.standing.embedded)

    @property
    def behind(self) -> bool:
        """Whether it is behind its plan."""
        place = self.place
        return place is not None and place[1] > 0

    @property
    def place(self) -> tuple[int, float] | None:
        """How far behind its plan: as the percentages shown differ, then exactly enough for an order; negative ahead.

        Of plain numbers, since a list asks it of 10,000 sites.
        """
        if not self.held or self.planned is None or self.completed is None or not self.required:
            return None
        up, down = self.planned.numerator, self.planned.denominator
        points = 100 * up // down - 100 * self.completed // self.required
        return points, (up * self.required - self.completed * down) / (down * self.required)

    @property
    def overdue(self) -> bool:
        """Whether the day by which the target was to be reached is past, and it is not."""
        at, reached = self.standing, self.needed == 0
        return not reached and self.held and at.days_to_go is not None and at.days_to_go <= WEEK.days

    @property
    def words(self) -> str:
        """How it stands against its plan."""
        standing = self.standing
        if standing.day is None:
            return gettext("Not scored once embedded") if standing.embedded else gettext("Nothing recorded yet")
        if standing.hidden:
            return gettext("Not shown: fewer than 5 people")
        if standing.paused or standing.embedded:
            return standing.stage_words
        if self.share is None:
            return gettext("Nothing to count yet")
        if self.planned is None:
            return gettext("No plan yet")
        return points_between(self.share, self.planned) if self.behind else gettext("Keeps up")


SORTS: Mapping[str, Callable[[TrainingLine], Any]] = {
    "behind": lambda line: line.place,
    "site": lambda line: line.standing.name.lower(),
    "share": lambda line: line.share,
    "planned": lambda line: line.planned,
    "needed": lambda line: line.needed,
    "days": lambda line: line.standing.days_to_go,
    "wave": lambda line: line.standing.wave,
}


def training_lines(
    programme: Programme, deployments: QuerySet, user: Somebody, *, day: date | None = None
) -> list[TrainingLine]:
    """Every deployment given, in the order of names. Four queries, whatever their number."""
    curves = Curves(programme)
    return [_line(standing, curves) for standing in standings(deployments, {COMPLETION}, user, day)]


def with_seats(programme: Programme, lines: Sequence[TrainingLine]) -> list[TrainingLine]:
    """Lines with the seats of each site's own sessions from now until the day of its target. One query."""
    sessions = TrainingSession.objects.filter(
        programme=programme, site__in=[line.standing.site_id for line in lines], retired_at=None
    ).filter(starts_at__gt=timezone.now(), course__for_champions=False, course__active=True)
    coming: dict[int | None, list[tuple[datetime, int | None]]] = {}
    for site, starts_at, capacity in sessions.order_by().values_list("site", "starts_at", "capacity"):
        coming.setdefault(site, []).append((starts_at, capacity))
    return [line._replace(seats=_seats(line, coming.get(line.standing.site_id, ()))) for line in lines]


def _seats(line: TrainingLine, sessions: Iterable[tuple[datetime, int | None]]) -> int:
    by, here = target_day(line.standing.go_live), zone(line.standing.zone)
    places = [places for starts_at, places in sessions if by is None or starts_at.astimezone(here).date() <= by]
    return UNLIMITED if None in places else sum(each or 0 for each in places)


def ordered(lines: Iterable[TrainingLine], sort: str) -> list[TrainingLine]:
    """Lines in the order of `?sort=`; an unknown one is the default: furthest behind its plan first."""
    if sort.removeprefix("-") not in SORTS:
        sort = DEFAULT_SORT
    return in_order_of(lines, SORTS[sort.removeprefix("-")], backwards=sort.startswith("-"))


class Curves:
    """The planned curve of each site of a programme, in two queries."""

    def __init__(self, programme: Programme) -> None:
        """Read every plan, and the first session of each site; those over a link stand for sites without their own."""
        self.points: dict[int, list[tuple[date, Fraction]]] = {}
        kept = TrainingPlanPoint.objects.filter(retired_at=None, plan__retired_at=None)
        rows = kept.filter(plan__deployment__programme=programme)
        for deployment, on, share in rows.values_list("plan__deployment", "on", "share"):
            self.points.setdefault(deployment, []).append((on, Fraction(share)))
        sessions = TrainingSession.objects.filter(programme=programme, retired_at=None, course__for_champions=False)
        self.first = dict(sessions.order_by().values_list("site").annotate(first=Min("starts_at")))

    def planned(self, standing: Standing, target: str, day: date) -> Fraction | None:
        """The share planned at one site for a day, on the way to its target ("19/20", as a score keeps it)."""
        starts_at = self.first.get(standing.site_id) or self.first.get(None)
        first = starts_at.astimezone(zone(standing.zone)).date() if starts_at else None
        points = self.points.get(standing.pk)
        if points is None:
            return straight_share(first, standing.go_live, target, day)
        curve = planned_curve(points, first_session_on=first, go_live=standing.go_live, target=fraction(target))
        return curve.share_on(day) if curve else None


@lru_cache(maxsize=20_000)
def straight_share(first: date | None, go_live: date | None, target: str, day: date) -> Fraction | None:
    """What a site without a plan of its own is to have for a day; many sites share their dates.

    The target is text: it is part of the key, and a fraction takes long to hash.
    """
    curve = planned_curve((), first_session_on=first, go_live=go_live, target=fraction(target))
    return curve.share_on(day) if curve else None


fraction = lru_cache(maxsize=100)(Fraction)
zone = lru_cache(maxsize=600)(ZoneInfo)


def _line(standing: Standing, curves: Curves) -> TrainingLine:
    figures, day = standing.figures(COMPLETION), standing.day
    if not figures or day is None:
        return TrainingLine(standing)
    # As Reading.from_json reads it, but for its numerator, which is of pairs and so a whole number.
    state, numerator, required, target = figures[0], figures[1], figures[2], figures[3]
    planned = curves.planned(standing, target, day)
    if standing.hidden or state != State.KNOWN:
        return TrainingLine(standing, planned=planned)
    return TrainingLine(standing, int(numerator), required, planned, fraction(target))


def sentences(lines: list[TrainingLine]) -> list[str]:
    """How many sites are behind their plan, which the most, and of how many it is not told."""
    held = [(line.place, line) for line in lines if line.place is not None]
    hidden = sum(line.standing.hidden for line in lines)
    untold = ngettext(
        "How %(hidden)s site stands against its plan is not shown: fewer than 5 people.",
        "How %(hidden)s sites stand against their plans is not shown: fewer than 5 people.",
        hidden,
    )
    not_told = [untold % {"hidden": count(hidden)}] if hidden else []
    if held:
        return [*_against_plans(held), *not_told]
    return not_told or [gettext("No site is held against a training plan yet.")]


def _against_plans(held: list[tuple[tuple[int, float], TrainingLine]]) -> list[str]:
    behind = [each for each in held if each[0][1] > 0]
    if not behind:
        return [gettext("Every site keeps up with its training plan.")]
    numbers = {"behind": count(len(behind)), "all": count(len(held))}
    words = ngettext(
        "%(behind)s of %(all)s site is behind its training plan.",
        "%(behind)s of %(all)s sites are behind their training plan.",
        len(held),
    )
    furthest = max(behind, key=lambda each: each[0])[1]
    if furthest.share is None or furthest.planned is None:
        return [words % numbers]
    return [
        words % numbers,
        gettext("Furthest: %(site)s, %(points)s.")
        % {"site": furthest.standing.name, "points": points_between(furthest.share, furthest.planned)},
    ]


def table_of(lines: Iterable[TrainingLine]) -> Table:
    """The list as a file."""
    columns = (
        Column("completed", _("Completed"), "whole"),
        Column("required", _("Required"), "whole"),
        Column("share", _("Share completed"), "percent"),
        Column("planned", _("Planned"), "percent"),
        Column("needed", _("Needed a week"), "whole"),
        Column("seats", _("Seats to come"), "whole"),
        Column("plan", _("Against the plan")),
    )
    return table_of_sites(
        "training",
        _("Training by site"),
        columns,
        lines,
        lambda line: (
            *(line.completed, line.required, line.share, line.planned, line.needed),
            *(None if line.seats == UNLIMITED else line.seats, line.words),
        ),
    )
