"""The seats of a programme or of a site to keep: who holds each, who did, who will, and which stand empty."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from readiness.dashboards.programme.team import discipline_words
from readiness.models import Gate, TemplateItem
from readiness.standard_template import standard_items
from rollout.models import Discipline, Programme, Seat, SeatRole, Site
from rollout.models.vocabulary import seat_words

PAST, NOW, TO_COME = "past", "now", "to_come"


@dataclass(frozen=True)
class Sitting:
    """Somebody in a seat, and when: `when` is past, now or to_come. `discipline` is in words."""

    seat: Seat
    when: str
    discipline: str


@dataclass(frozen=True)
class SeatPage:
    """A seat with all who hold it, held it or will hold it, and those who hold it for the whole programme."""

    code: str
    words: str
    asked: bool
    sittings: tuple[Sitting, ...]
    programme: tuple[Sitting, ...]

    @property
    def now(self) -> tuple[Sitting, ...]:
        """Those who hold it."""
        return tuple(each for each in self.sittings if each.when == NOW)

    @property
    def to_come(self) -> tuple[Sitting, ...]:
        """Those who will."""
        return tuple(each for each in self.sittings if each.when == TO_COME)

    @property
    def past(self) -> tuple[Sitting, ...]:
        """Those who did."""
        return tuple(each for each in self.sittings if each.when == PAST)

    @property
    def empty(self) -> bool:
        """Whether nobody holds it, neither here nor for the whole programme."""
        return not (self.now or self.programme)


@dataclass(frozen=True)
class SeatBook:
    """The seats, those that are asked for and empty first; disciplines that others have and nobody here brings."""

    seats: tuple[SeatPage, ...]
    missing: tuple[str, ...]

    @property
    def empty(self) -> list[SeatPage]:
        """The seats that nobody holds."""
        return [seat for seat in self.seats if seat.empty]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The seats as choices of a form, in the order of their words."""
        return sorted(((seat.code, seat.words) for seat in self.seats), key=lambda each: each[1].lower())


def seat_book(programme: Programme, site: Site | None, day: date) -> SeatBook:
    """The seats of the programme itself, or of one of its sites, on a day. Three queries."""
    asked = roles_asked(programme)
    names = dict(asked)
    sittings: dict[str, list[Sitting]] = defaultdict(list)
    above: dict[str, list[Sitting]] = defaultdict(list)
    here: set[int] = set()
    rows = Seat.objects.filter(Q(site=site) | Q(site=None), programme=programme, retired_at=None)
    for seat in rows.select_related("role", "discipline", "person__user").order_by("from_on", "pk"):
        own = seat.site_id == (site.pk if site else None)
        code = seat.role.code
        if own:
            names[code] = str(seat.role)
        if seat.person is None:
            continue
        sitting = Sitting(seat, when(seat, day), discipline_words(seat.discipline) if seat.discipline else "")
        if own:
            sittings[code].append(sitting)
        elif sitting.when == NOW:
            above[code].append(sitting)
        if sitting.when == NOW and seat.discipline:
            here.add(seat.discipline.pk)
    seats = [
        SeatPage(code, words, code in asked, tuple(sittings[code]), tuple(above[code])) for code, words in names.items()
    ]
    seats.sort(key=lambda seat: (not (seat.empty and seat.asked), not seat.empty, seat.words.lower(), seat.code))
    named = Discipline.objects.filter(seats__programme=programme, seats__retired_at=None).distinct()
    missing = sorted(discipline_words(each) for each in named if each.pk not in here)
    return SeatBook(tuple(seats), tuple(missing))


def when(seat: Seat, day: date) -> str:
    """Whether somebody holds a seat on a day, did before, or will after."""
    if seat.from_on and day < seat.from_on:
        return TO_COME
    return PAST if seat.to_on and seat.to_on < day else NOW


def roles_asked(programme: Programme) -> dict[str, str]:
    """The seats that somebody is asked to fill, by code, in words.

    Those that sign a gate, those that answer for an item of the programme's checklist, and those whose filling the
    standard checklist asks for.
    """
    gates = Gate.objects.filter(programme=programme, retired_at=None)
    items = TemplateItem.objects.filter(
        template__programme=programme, template__published_at__isnull=False, template__retired_at=None
    )
    asked = Q(pk__in=gates.values("seats")) | Q(pk__in=items.filter(seat_role__isnull=False).values("seat_role"))
    names = {role.code: str(role) for role in SeatRole.objects.filter(asked)}
    proved = {item.seat for item in standard_items() if item.seat and item.check == "seat_filled"}
    return {code: seat_words(code) for code in sorted(proved)} | names
