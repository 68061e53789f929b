"""How much change a site bears in a week, and where it is too much: one home of the rule.

A go-live loads its site with 3 from 7 days before it to 13 days after it; another change with its own load from its
first to its last day. What touches an ISO week (Monday to Sunday) counts in it once and whole. Loads of a site and
week that add up to 4 or more are a collision.

Every programme counts, since the people at a site are the same ones. A deployment that is deferred or stopped, or whose
programme is paused, stopped or closed, loads nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from rollout.choices import ProgrammeState, Stage
from rollout.models import Deployment, OtherChange

GO_LIVE_LOAD = 3
DAYS_BEFORE, DAYS_AFTER = 7, 13
TOO_MUCH = 4
WEEK = timedelta(days=7)
HALTED_STAGES = (Stage.DEFERRED, Stage.STOPPED)
HALTED_STATES = (ProgrammeState.PAUSED, ProgrammeState.STOPPED, ProgrammeState.CLOSED)


@dataclass(frozen=True)
class Load:
    """Something that loads a site from `first` to `last`, both included. `go_live_on` is None for another change.

    `record_id` is the id of the deployment, or of the other change.
    """

    site_id: int
    programme_id: int
    record_id: int
    load: int
    first: date
    last: date
    go_live_on: date | None = None


@dataclass(frozen=True)
class SiteWeek:
    """All that loads one site in the ISO week that begins on `monday`."""

    site_id: int
    monday: date
    parts: tuple[Load, ...]

    @property
    def load(self) -> int:
        """The loads added up."""
        return sum(part.load for part in self.parts)

    @property
    def collides(self) -> bool:
        """Whether it is too much."""
        return self.load >= TOO_MUCH


def monday_of(day: date) -> date:
    """The Monday of the ISO week that a day is in."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """The Sunday of the ISO week that a day is in."""
    return monday_of(day) + timedelta(days=6)


def week_code(monday: date) -> str:
    """An ISO week as waivers name it, "2026-W14". The year is that of its Thursday."""
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02}"


def weeks_between(first: date, last: date) -> Iterator[date]:
    """The Mondays of all ISO weeks that have a day from `first` to `last`."""
    monday = monday_of(first)
    while monday <= last:
        yield monday
        monday += WEEK


def with_go_live(deployments: QuerySet) -> QuerySet:
    """Annotate `goes_live_on`: the actual go-live where one is recorded, else the planned one."""
    return deployments.annotate(goes_live_on=Coalesce("actual_go_live_on", "go_live_on"))


def that_load() -> QuerySet:
    """The deployments whose go-live loads their site, with `goes_live_on`."""
    going = Deployment.objects.current().exclude(Q(stage__in=HALTED_STAGES) | Q(programme__state__in=HALTED_STATES))
    return with_go_live(going).exclude(goes_live_on=None)


def loads(first: date, last: date, sites: QuerySet | Iterable[int]) -> list[Load]:
    """Everything that loads one of the sites (ids) in a week with a day from `first` to `last`. Two queries."""
    start, end = monday_of(first), sunday_of(last)
    going = that_load().filter(
        site__in=sites,
        goes_live_on__range=(start - timedelta(days=DAYS_AFTER), end + timedelta(days=DAYS_BEFORE)),
    )
    changes = OtherChange.objects.filter(
        site__in=sites, retired_at=None, programme__retired_at=None, site__retired_at=None,
        from_on__lte=end, to_on__gte=start,
    )  # fmt: skip
    found = [
        Load(
            site_id=site,
            programme_id=programme,
            record_id=pk,
            load=GO_LIVE_LOAD,
            first=day - timedelta(days=DAYS_BEFORE),
            last=day + timedelta(days=DAYS_AFTER),
            go_live_on=day,
        )
        for site, programme, pk, day in going.values_list("site_id", "programme_id", "pk", F("goes_live_on"))
    ]
    rows = changes.values_list("site_id", "programme_id", "pk", "load", "from_on", "to_on")
    return sorted([*found, *(Load(*row) for row in rows)], key=lambda each: (each.first, each.site_id, each.record_id))


def site_weeks(parts: Iterable[Load], first: date, last: date) -> list[SiteWeek]:
    """The loads week by week and site by site, for every ISO week with a day from `first` to `last`."""
    start, end = monday_of(first), sunday_of(last)
    found: dict[tuple[date, int], list[Load]] = defaultdict(list)
    for part in parts:
        for monday in weeks_between(max(part.first, start), min(part.last, end)):
            found[monday, part.site_id].append(part)
    return [SiteWeek(site, monday, tuple(found[monday, site])) for monday, site in sorted(found)]


def collisions(first: date, last: date, sites: QuerySet | Iterable[int]) -> list[SiteWeek]:
    """The sites and weeks that bear too much, of the weeks with a day from `first` to `last`."""
    return [week for week in site_weeks(loads(first, last, sites), first, last) if week.collides]
