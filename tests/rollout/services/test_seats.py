"""Seats: filled, handed over, ended; the past stays, and nobody overwrites anybody."""

from datetime import date

import pytest

from rollout.models import AuditEntry, Person, Programme, Seat, SeatRole, User
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.refusals import Refused
from rollout.services.seats import MARKED, end_seat, fill_seat, hand_over_seat, retire_seat
from tests import factories as make

SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR")


@pytest.fixture
def manager() -> User:
    return make.make_user(email="manager@example.org", name="Mo Manager")


def fill(programme: Programme, by: User, **said: object) -> Seat:
    values = {"role": "sro", "person": "Ada", "discipline": "", "from_on": SPRING, "to_on": None, "site_id": None}
    return fill_seat(programme_id=programme.pk, by=by, **{**values, **said})


def mark(seat: Seat) -> str:
    return mark_of(seat, MARKED)


def rows(programme: Programme) -> list[tuple[str, str, date | None, date | None]]:
    seats = Seat.objects.filter(programme=programme, retired_at=None).order_by("from_on", "pk")
    return [(str(seat.role), str(seat.person), seat.from_on, seat.to_on) for seat in seats]


def test_seat_is_filled_with_new_words_and_a_known_user(programme: Programme, manager: User):
    seat = fill(programme, manager, role="Infection control lead", person="MANAGER@example.org", discipline="CSSD")

    assert (seat.role.code, seat.role.name) == ("infection_control_lead", "")
    assert seat.discipline is not None
    assert (seat.discipline.code, seat.discipline.name) == ("cssd", "CSSD")
    assert seat.person is not None and seat.person.user == manager
    entry = AuditEntry.objects.get(table="rollout_seat")
    assert (entry.user, entry.reason, entry.action) == (manager, "seat filled", "insert")
    assert "Mo" not in str(entry.after)


def test_word_that_is_known_is_not_made_twice(programme: Programme, manager: User):
    role = SeatRole.objects.create(code="ig_lead", name="Information governance lead")

    by_name = fill(programme, manager, role="information  governance LEAD", person="Ada")
    by_code = fill(programme, manager, role="IG lead", person="Bob")

    assert (by_name.role, by_code.role, SeatRole.objects.count()) == (role, role, 1)


def test_same_seat_filled_twice_is_one_row_and_held_one_is_refused(programme: Programme, manager: User):
    first, second = fill(programme, manager), fill(programme, manager)
    with pytest.raises(Refused, match="holds the seat already"):
        fill(programme, manager, from_on=SUMMER)
    with pytest.raises(Refused, match="Name the seat"):
        fill(programme, manager, role=" ")

    assert first == second
    assert rows(programme) == [("SRO", "Ada", SPRING, None)]


def test_seat_is_handed_over_and_the_past_stays(programme: Programme, manager: User):
    seat = fill(programme, manager)
    given = mark(seat)

    for _twice in range(2):
        hand_over_seat(seat_id=seat.pk, mark=given, person="Bob", discipline="nursing", from_on=SUMMER, by=manager)

    assert rows(programme) == [("SRO", "Ada", SPRING, date(2026, 5, 31)), ("SRO", "Bob", SUMMER, None)]


def test_who_held_a_seat_before_takes_it_up_again(programme: Programme, manager: User):
    seat = fill(programme, manager)
    end_seat(seat_id=seat.pk, mark=mark(seat), to_on=SUMMER, by=manager)

    again = fill(programme, manager, from_on=AUTUMN)

    assert again.pk == seat.pk
    assert rows(programme) == [("SRO", "Ada", AUTUMN, None)]
    assert AuditEntry.objects.filter(table="rollout_seat", before__to_on=str(SUMMER)).exists()


def test_what_makes_no_sense_is_refused(programme: Programme, manager: User):
    seat = fill(programme, manager, from_on=SUMMER)
    given = mark(seat)

    with pytest.raises(Refused, match="must not be before"):
        end_seat(seat_id=seat.pk, mark=given, to_on=SPRING, by=manager)
    with pytest.raises(Refused, match="must not be before"):
        hand_over_seat(seat_id=seat.pk, mark=given, person="Bob", discipline="", from_on=SPRING, by=manager)
    with pytest.raises(Refused, match="somebody else"):
        hand_over_seat(seat_id=seat.pk, mark=given, person="ada", discipline="", from_on=AUTUMN, by=manager)

    assert rows(programme) == [("SRO", "Ada", SUMMER, None)]


def test_later_of_two_changes_is_told(programme: Programme, manager: User):
    seat = fill(programme, manager)
    given = mark(seat)
    end_seat(seat_id=seat.pk, mark=given, to_on=AUTUMN, by=manager)

    with pytest.raises(RecordChanged):
        end_seat(seat_id=seat.pk, mark=given, to_on=SUMMER, by=manager)
    with pytest.raises(RecordChanged):
        hand_over_seat(seat_id=seat.pk, mark=given, person="Bob", discipline="", from_on=SUMMER, by=manager)
    with pytest.raises(RecordChanged):
        retire_seat(seat_id=seat.pk, mark=given, by=manager)

    assert rows(programme) == [("SRO", "Ada", SPRING, AUTUMN)]
    assert not Person.objects.filter(label="Bob").exists()


def test_mistake_is_taken_out_once_and_can_be_entered_again(programme: Programme, manager: User):
    seat = fill(programme, manager)
    given = mark(seat)
    for _twice in range(2):
        retire_seat(seat_id=seat.pk, mark=given, by=manager)
    assert rows(programme) == []

    fill(programme, manager, from_on=SUMMER)

    assert rows(programme) == [("SRO", "Ada", SUMMER, None)]
