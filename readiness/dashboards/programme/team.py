"""The programme's own team: who sits in which seat, which seats are empty, which disciplines nobody brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.models import Gate, TemplateItem
from rollout.change_load import monday_of
from rollout.downloads import Column, Table
from rollout.models import Discipline, Programme, ResourceNeed, Seat, SeatRole


@dataclass(frozen=True)
class TeamSeat:
    """A seat of the programme: its disciplines in words, who holds it now, since when the first of them does."""

    code: str
    words: str
    disciplines: tuple[str, ...]
    holders: tuple[str, ...]
    since: date | None

    @property
    def empty(self) -> bool:
        """Whether nobody holds it."""
        return not self.holders

    def told(self, names: bool) -> str:
        """Who holds it: the names, or without them how many people do."""
        if self.empty:
            return gettext("Empty")
        if names:
            return ", ".join(self.holders)
        return ngettext("Filled", "Filled by %(count)d people", len(self.holders)) % {"count": len(self.holders)}


@dataclass(frozen=True)
class Team:
    """The seats, empty ones first, and the disciplines that the programme names and nobody of its team brings now."""

    seats: tuple[TeamSeat, ...]
    missing: tuple[str, ...]

    @property
    def empty(self) -> list[TeamSeat]:
        """The seats that nobody holds."""
        return [seat for seat in self.seats if seat.empty]


def team_of(programme: Programme, day: date) -> Team:
    """The team on a day. Three queries.

    The seats are those that the programme has or had, those that sign a gate or an item of its checklist, and those
    that it says it needs from that day on. The disciplines are all that its seats, or those of its sites, ever named.
    """
    rows = Seat.objects.filter(programme=programme, site=None, retired_at=None)
    names = {role.code: str(role) for role in _asked(programme, day)}
    disciplines: dict[str, dict[str, None]] = {}
    holders: dict[str, list[tuple[str, date | None]]] = {}
    present: set[int] = set()
    for seat in rows.select_related("role", "discipline", "person__user").order_by("from_on", "pk"):
        code = seat.role.code
        names[code] = str(seat.role)
        holds = (seat.from_on is None or seat.from_on <= day) and (seat.to_on is None or day <= seat.to_on)
        if seat.discipline:
            disciplines.setdefault(code, {})[discipline_words(seat.discipline)] = None
        if seat.person and holds:
            holders.setdefault(code, []).append((str(seat.person), seat.from_on))
            present |= {seat.discipline.pk} if seat.discipline else set()
    seats = [
        TeamSeat(
            code=code,
            words=words,
            disciplines=tuple(disciplines.get(code, ())),
            holders=tuple(name for name, _since in holders.get(code, [])),
            since=min((since for _name, since in holders.get(code, []) if since), default=None),
        )
        for code, words in names.items()
    ]
    named = Discipline.objects.filter(seats__programme=programme, seats__retired_at=None).distinct()
    missing = sorted(discipline_words(each) for each in named if each.pk not in present)
    return Team(tuple(sorted(seats, key=lambda seat: (not seat.empty, seat.words.lower()))), tuple(missing))


def _asked(programme: Programme, day: date) -> list[SeatRole]:
    """The seats that sign something, and those that are needed in this week or later."""
    gates = Gate.objects.filter(programme=programme, retired_at=None)
    items = TemplateItem.objects.filter(
        template__programme=programme, template__published_at__isnull=False, template__retired_at=None
    )
    needs = ResourceNeed.objects.filter(programme=programme, site=None, retired_at=None, week_on__gte=monday_of(day))
    asked = (
        Q(pk__in=gates.values("seats"))
        | Q(pk__in=items.filter(seat_role__isnull=False).values("seat_role"))
        | Q(pk__in=needs.values("role"))
    )
    return list(SeatRole.objects.filter(asked))


def discipline_words(discipline: Discipline) -> str:
    """A discipline as a person would write it."""
    return str(discipline).capitalize() if not discipline.name else discipline.name


COLUMNS = (
    Column("seat", _("Seat")),
    Column("disciplines", _("Disciplines")),
    Column("held_by", _("Held by")),
    Column("since", _("Since"), "day"),
    Column("empty", _("Empty"), "yes_no"),
)


def team_table(team: Team, names: bool) -> Table:
    """The team as a file; without `names` nobody is named."""
    rows: Sequence[Sequence[Any]] = [
        [seat.words, ", ".join(seat.disciplines), seat.told(names), seat.since, seat.empty] for seat in team.seats
    ]
    return Table("team", _("Team"), COLUMNS, rows)
