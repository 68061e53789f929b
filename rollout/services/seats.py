"""Who sits in which seat of a programme or a site: filled, handed over, ended. The past stays as rows."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Discipline, Person, Programme, Seat, SeatRole, User
from rollout.services.edits import RecordChanged, mark_of, save_edit
from rollout.services.people import person_named
from rollout.services.refusals import Refused
from rollout.services.vocabulary import word_named

MARKED = ("person_id", "discipline_id", "from_on", "to_on", "retired_at")


def role_called(code: str) -> SeatRole | None:
    """The seat that a code names; None where no programme has one of that name."""
    return SeatRole.objects.filter(code=code).first() if code else None


def holder_today(*, programme: Programme, site: str, role: SeatRole) -> Person | None:
    """Who holds a seat today at the site of that code, else in the whole programme."""
    day = timezone.localdate()
    seats = Seat.objects.filter(programme=programme, role=role, retired_at=None).exclude(person=None)
    seats = seats.filter(Q(from_on=None) | Q(from_on__lte=day), Q(to_on=None) | Q(to_on__gte=day))
    seats = seats.filter(Q(site__code=site) | Q(site=None))
    found = seats.select_related("person__user").order_by("site", "pk").first()
    return found.person if found else None


def seat_mark(seat: Seat) -> str:
    """A mark of who holds the seat from when to when, for a form to bring back."""
    return mark_of(seat, MARKED)


def fill_seat(
    *,
    programme_id: int,
    site_id: int | None,
    role: str,
    person: str,
    discipline: str,
    from_on: date,
    to_on: date | None,
    by: User,
) -> Seat:
    """Put somebody into a seat of the programme (no site) or of a site. `role` and `discipline` may be new words.

    Who held the seat before takes it up again. The same once more changes nothing. Raises Refused for somebody who
    holds it already, and for a seat or a person without a name.
    """
    with acting(by, "seat filled"):
        _one_at_a_time(programme_id)
        word, somebody = word_named(SeatRole, role), person_named(person)
        if word is None or somebody is None:
            raise Refused(gettext("Name the seat, and who takes it."))
        return _take(programme_id, site_id, word, somebody, word_named(Discipline, discipline), from_on, to_on)


def hand_over_seat(*, seat_id: int, mark: str, person: str, discipline: str, from_on: date, by: User) -> Seat:
    """Give a seat to somebody else from a day on; who held it did so until the day before.

    Raises RecordChanged, and Refused for the same person, and for a day before the seat began.
    """
    with acting(by, "seat handed over"):
        seat = _held(seat_id)
        somebody = person_named(person)
        if somebody is None or somebody.pk == seat.person_id:
            raise Refused(gettext("Name somebody else: this person holds the seat now."))
        last = from_on - timedelta(days=1)
        if seat.to_on == last and _holds(seat, somebody, from_on):
            return seat
        if seat_mark(seat) != mark:
            raise RecordChanged(seat)
        _may_end(seat, last)
        save_edit(seat, mark=mark, names=MARKED, values={"to_on": last})
        word = word_named(Discipline, discipline)
        return _take(seat.programme_id, seat.site_id, seat.role, somebody, word, from_on, None)


def end_seat(*, seat_id: int, mark: str, to_on: date, by: User) -> Seat:
    """Say until when somebody holds a seat. Raises RecordChanged, and Refused for a day before the seat began."""
    with acting(by, "seat ended"):
        seat = _held(seat_id)
        _may_end(seat, to_on)
        save_edit(seat, mark=mark, names=MARKED, values={"to_on": to_on})
        return seat


def retire_seat(*, seat_id: int, mark: str, by: User) -> Seat:
    """Take out what was entered by mistake; it stays in the audit. Raises RecordChanged."""
    with acting(by, "seat entered by mistake"):
        seat = _held(seat_id)
        if seat.retired_at is None:
            values = {"retired_at": timezone.now(), "retired_by": by, "retired_reason": "entered by mistake"}
            save_edit(seat, mark=mark, names=MARKED, values=values)
        return seat


def _one_at_a_time(programme_id: int) -> None:
    """Two who fill a seat at once come one after the other."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme_id)


def _held(seat_id: int) -> Seat:
    """The seat, and with it its programme's seats, held until the transaction ends."""
    seat = Seat.objects.select_related("role").get(pk=seat_id)
    _one_at_a_time(seat.programme_id)
    return Seat.objects.select_for_update(of=("self",), no_key=True).select_related("role").get(pk=seat_id)


def _holds(seat: Seat, somebody: Person, from_on: date) -> bool:
    """Whether somebody is in the same seat from that day on."""
    same = Seat.objects.filter(programme=seat.programme_id, site=seat.site_id, role=seat.role_id, retired_at=None)
    return same.filter(person=somebody, from_on=from_on).exists()


def _may_end(seat: Seat, to_on: date) -> None:
    if seat.from_on and to_on < seat.from_on:
        raise Refused(gettext("The last day must not be before the first day of the one who holds the seat."))


def _take(
    programme_id: int,
    site_id: int | None,
    role: SeatRole,
    somebody: Person,
    discipline: Discipline | None,
    from_on: date,
    to_on: date | None,
) -> Seat:
    """A row for somebody in a seat; one row a person and seat, so that who comes back has the old one again."""
    of_seat = Seat.objects.filter(
        Q(site=site_id) if site_id else Q(site=None), programme=programme_id, role=role, person=somebody
    )
    values = {"discipline": discipline, "from_on": from_on, "to_on": to_on, "retired_at": None}
    before = of_seat.select_for_update(of=("self",), no_key=True).first()
    if before is None:
        place = {"programme_id": programme_id, "site_id": site_id, "role": role, "person": somebody}
        return Seat.objects.create(**place, **values)
    if all(getattr(before, name) == value for name, value in values.items()):
        return before
    if before.retired_at is None and (before.to_on is None or before.to_on >= from_on):
        raise Refused(gettext("This person holds the seat already. Select the seat to change it."))
    for name, value in {**values, "retired_by": None, "retired_reason": ""}.items():
        setattr(before, name, value)
    before.save(update_fields=[*values, "retired_by", "retired_reason"])
    return before
