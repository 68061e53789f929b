"""Who sits where at a site: seats held, seats that are empty, seats that one person holds for the whole programme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.models import Gate, TemplateItem
from rollout.downloads import Column, Table
from rollout.models import Deployment, Seat, SeatRole

COLUMNS = (
    Column("seat", _("Seat")),
    Column("state", _("State")),
    Column("person", _("Person")),
    Column("discipline", _("Discipline")),
    Column("since", _("From"), "day"),
)


@dataclass(frozen=True)
class Holder:
    """Somebody in a seat; `person` is how they are named, `since` may be unknown."""

    person: str
    discipline: str
    since: date | None


@dataclass(frozen=True)
class SeatLine:
    """A seat of the site with those who hold it there; `programme` are those who hold it for all sites."""

    code: str
    words: str
    here: tuple[Holder, ...]
    programme: tuple[Holder, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody holds it, neither here nor for the programme."""
        return not (self.here or self.programme)

    @property
    def state(self) -> str:
        """How it is held, in words."""
        if self.empty:
            return gettext("Empty")
        return gettext("Held here") if self.here else gettext("Held for the whole programme")

    @property
    def holders(self) -> tuple[Holder, ...]:
        """Those of the site, else those of the programme."""
        return self.here or self.programme


@dataclass(frozen=True)
class Seats:
    """The seats of a site, and by person the seat that they hold or held, in words."""

    lines: tuple[SeatLine, ...]
    roles: Mapping[int, str]

    @property
    def empty(self) -> int:
        """How many seats are empty."""
        return sum(line.empty for line in self.lines)

    @property
    def elsewhere(self) -> int:
        """How many seats are held for the whole programme only."""
        return sum(not line.here and not line.empty for line in self.lines)

    def held(self, code: str) -> tuple[Holder, ...]:
        """Those in the seat of that code."""
        return next((line.holders for line in self.lines if line.code == code), ())


def seats_at(deployment: Deployment, day: date) -> Seats:
    """The seats of a site on a day, empty ones first: those it has, and those its gates and checklist ask for.

    Two queries.
    """
    of_both = Q(site=deployment.site_id) | Q(site=None)
    rows = (
        Seat.objects.filter(of_both, programme=deployment.programme_id, retired_at=None)
        .select_related("role", "discipline", "person__user")
        .order_by("from_on", "pk")
    )
    names = {role.code: str(role) for role in _asked(deployment)}
    here: dict[str, list[Holder]] = {}
    programme: dict[str, list[Holder]] = {}
    roles: dict[int, str] = {}
    for seat in rows:
        code = seat.role.code
        if seat.site_id is not None:
            names[code] = str(seat.role)
        if seat.person is None:
            continue
        roles[seat.person.pk] = str(seat.role)
        if (seat.from_on is None or seat.from_on <= day) and (seat.to_on is None or day <= seat.to_on):
            holder = Holder(str(seat.person), str(seat.discipline or ""), seat.from_on)
            (programme if seat.site_id is None else here).setdefault(code, []).append(holder)
    lines = [
        SeatLine(code, words, tuple(here.get(code, ())), tuple(programme.get(code, ())))
        for code, words in names.items()
    ]
    return Seats(tuple(sorted(lines, key=lambda line: (not line.empty, line.words.lower(), line.code))), roles)


def _asked(deployment: Deployment) -> list[SeatRole]:
    """The seats that sign a gate of the programme, or an item of the site's checklist."""
    gates = Gate.objects.filter(programme=deployment.programme_id, retired_at=None)
    items = TemplateItem.objects.filter(template__checklists__deployment=deployment.pk)
    asked = Q(pk__in=gates.values("seats")) | Q(pk__in=items.filter(seat_role__isnull=False).values("seat_role"))
    return list(SeatRole.objects.filter(asked))


def seats_table(seats: Seats, *, names: bool) -> Table:
    """The seats as a table for a file; without `names` it says which are held, and not by whom."""
    rows: list[tuple[Any, ...]] = []
    for line in seats.lines:
        if line.empty:
            rows.append((line.words, line.state, "", "", None))
        for holder in line.holders:
            person = holder.person if names else ""
            rows.append((line.words, line.state, person, holder.discipline, holder.since))
    return Table("seats", gettext("Seats"), COLUMNS, rows)
