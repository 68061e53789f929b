"""Who is needed when against who is named: role by role and week by week, around each go-live (practice B7b)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext

from rollout.models import Deployment, Programme, ResourceNeed, Seat, Site
from rollout.services.resources import WEEK, monday, plain
from rollout.templatetags.formats import day as day_words

WEEKS_BEFORE, WEEKS_AFTER = 8, 4
# The weeks that a programme's own needs, and gaps everywhere, are shown for.
WEEKS_AHEAD = 13


@dataclass(frozen=True)
class Cell:
    """One week of a role: how many people are needed and how many are named. None needed: 0."""

    week: date
    needed: Decimal
    named: int

    @property
    def short(self) -> Decimal:
        """How many are missing."""
        return max(self.needed - self.named, Decimal(0))


@dataclass(frozen=True)
class RoleWeeks:
    """A role at a place through some weeks. `site` is None for the programme itself."""

    code: str
    words: str
    site: Site | None
    cells: tuple[Cell, ...]

    @property
    def gaps(self) -> list[tuple[date, date, Decimal]]:
        """Stretches of weeks in which the same number of people is missing: first Monday, last Sunday, how many."""
        found: list[tuple[date, date, Decimal]] = []
        for cell in self.cells:
            if not cell.short:
                continue
            sunday = cell.week + timedelta(days=6)
            if found and found[-1][1] == cell.week - timedelta(days=1) and found[-1][2] == cell.short:
                found[-1] = (found[-1][0], sunday, cell.short)
            else:
                found.append((cell.week, sunday, cell.short))
        return found


@dataclass(frozen=True)
class Plan:
    """The roles of a place through its weeks, and the gaps of all places in words."""

    weeks: tuple[date, ...]
    roles: tuple[RoleWeeks, ...]
    gaps: tuple[str, ...]


def plan_of(programme: Programme, deployment: Deployment | None, today: date) -> Plan:
    """The plan of the programme itself, or of one of its sites around its go-live. Three queries."""
    weeks = weeks_shown(deployment, today)
    ahead = weeks_from(monday(today), WEEKS_AHEAD)
    rows = list(
        ResourceNeed.objects.filter(programme=programme, retired_at=None)
        .filter(Q(week_on__range=(weeks[0], weeks[-1])) | Q(week_on__range=(ahead[0], ahead[-1])))
        .select_related("role", "site")
        .order_by("site__name", "role__code")
    )
    seats = seats_by_place(programme)
    place = deployment.site_id if deployment else None
    here = [row for row in rows if row.site_id == place]
    return Plan(
        tuple(weeks),
        tuple(role_weeks(here, seats, weeks)),
        tuple(words for role in role_weeks(rows, seats, ahead) for words in gap_words(role, programme)),
    )


def weeks_shown(deployment: Deployment | None, today: date) -> list[date]:
    """The Mondays from 8 weeks before a site's go-live to 4 after; for a programme, or without a date, from now on."""
    if deployment is None or deployment.go_live is None:
        return weeks_from(monday(today), WEEKS_AHEAD)
    return weeks_from(monday(deployment.go_live) - WEEK * WEEKS_BEFORE, WEEKS_BEFORE + 1 + WEEKS_AFTER)


def weeks_from(first: date, number: int) -> list[date]:
    """So many Mondays from one on."""
    return [first + WEEK * each for each in range(number)]


Place = tuple[int | None, str]


def seats_by_place(programme: Programme) -> dict[Place, list[tuple[date | None, date | None]]]:
    """From when to when somebody is named, by site (None: the programme itself) and role."""
    seats = Seat.objects.filter(programme=programme, retired_at=None, person__isnull=False)
    found: dict[Place, list[tuple[date | None, date | None]]] = defaultdict(list)
    for site, role, first, last in seats.values_list("site", "role__code", "from_on", "to_on"):
        found[site, role].append((first, last))
    return found


def role_weeks(
    rows: Iterable[ResourceNeed],
    seats: dict[Place, list[tuple[date | None, date | None]]],
    weeks: Sequence[date],
) -> list[RoleWeeks]:
    """What rows ask for, role by role and place by place. Who is in a seat for a day of a week is named in it."""
    needed: dict[Place, dict[date, Decimal]] = defaultdict(dict)
    about: dict[Place, ResourceNeed] = {}
    for row in rows:
        key = (row.site_id, row.role.code)
        needed[key][row.week_on] = row.people
        about[key] = row
    found = []
    for key, row in about.items():
        cells = tuple(
            Cell(week, needed[key].get(week, Decimal(0)), sum(within(each, week) for each in seats.get(key, ())))
            for week in weeks
        )
        if any(cell.needed for cell in cells):
            found.append(RoleWeeks(row.role.code, str(row.role), row.site, cells))
    return found


def within(held: tuple[date | None, date | None], week: date) -> bool:
    """Whether somebody is in a seat on a day of the week from that Monday."""
    first, last = held
    return (first is None or first < week + WEEK) and (last is None or last >= week)


def gap_words(role: RoleWeeks, programme: Programme) -> list[str]:
    """Each gap as a sentence."""
    where = role.site.name if role.site else programme.name
    return [
        gettext("%(role)s, %(where)s: %(short)s short from %(first)s to %(last)s.")
        % {
            "role": role.words,
            "where": where,
            "short": plain(short),
            "first": day_words(first),
            "last": day_words(last),
        }
        for first, last, short in role.gaps
    ]
