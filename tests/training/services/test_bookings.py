"""Places on sessions: who gets one, who waits and who moves up, whatever happens at the same time."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollout.choices import Role
from rollout.models import AuditEntry
from rollout.querysets.rights import rights_of
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.rota_world import RotaWorld
from tests.training.booking_world import DAY, NOW, BookingWorld, ids, states
from training.models import Absence, Attendance, PlaceMessage, Posting, StaffMember, TrainingSession
from training.services.booking_outlook import look_ahead
from training.services.bookings import Booked, BookingChanged, Freed, Moved, book, cancel_places, move_places, move_up
from training.services.place_leavers import settle_places


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> BookingWorld:
    frozen_clock.move_to(NOW)
    return BookingWorld()


def fates(world: BookingWorld, session: TrainingSession, people: list[StaffMember]) -> dict[str, tuple[str, str]]:
    outlook = look_ahead(session=session, staff_ids=ids(people), by=world.manager)
    return {each.person.name: (each.fate.value, each.why) for each in outlook.chosen}


def test_full_session_makes_a_waiting_list_in_the_order_of_asking(world: BookingWorld, frozen_clock: FrozenClock):
    session, people = world.session(capacity=2), world.people(4)

    first = book(session=session, staff_ids=ids(people[1:]), by=world.manager)
    frozen_clock.forward(minutes=1)
    second = book(session=session, staff_ids=ids(people[:1]), by=world.manager)
    cancelled = cancel_places(session=session, staff_ids=ids(people[1:3]), by=world.manager, reason="Ward is short")

    assert (first, second) == (Booked(2, 1, 0), Booked(0, 1, 0))
    assert cancelled == Freed(cancelled=2, moved_up=2)
    assert states(session) == {"Ana 2": "cancelled", "Ana 3": "cancelled", "Ana 4": "booked", "Ana 1": "booked"}
    assert set(Attendance.objects.values_list("on", "waiting_since")) == {(DAY, None)}
    reasons = AuditEntry.objects.filter(table="training_attendance").order_by("pk").values_list("reason", "user")
    assert list(dict.fromkeys(reasons)) == [
        ("places on a session booked", world.manager.pk),
        ("places on a session cancelled: Ward is short", world.manager.pk),
    ]


def test_asking_again_after_a_cancellation_goes_to_the_end_of_the_list(world: BookingWorld, frozen_clock: FrozenClock):
    session, (first, second, third) = world.session(capacity=1), world.people(3)
    for person in (first, second, third):
        book(session=session, staff_ids=[person.pk], by=world.manager)
        frozen_clock.forward(minutes=1)
    cancel_places(session=session, staff_ids=[second.pk], by=world.manager, reason="")
    book(session=session, staff_ids=[second.pk], by=world.manager)

    cancel_places(session=session, staff_ids=[first.pk], by=world.manager, reason="")

    assert states(session) == {"Ana 1": "cancelled", "Ana 2": "waiting", "Ana 3": "booked"}


def test_everybody_who_cannot_come_is_told_apart(world: BookingWorld):
    session, people = world.session(capacity=2), world.people(8)
    other = world.session(starts_at=session.starts_at + timedelta(days=1), ends_at=session.ends_at + timedelta(days=1))
    book(session=session, staff_ids=[people[0].pk], by=world.manager)
    book(session=other, staff_ids=[people[1].pk], by=world.manager)
    Absence.objects.create(staff=people[2], from_on=DAY)
    Posting.objects.filter(staff=people[3]).update(to_on=DAY - timedelta(days=1))
    rota = RotaWorld()
    rota.shift(people[4], DAY, rota.early)

    found = fates(world, session, people)

    assert found == {
        "Ana 1": ("already", "Has a place already"),
        "Ana 2": ("elsewhere", "Has a place on 2 April 2026"),
        "Ana 3": ("away", "Away on 1 April 2026"),
        "Ana 4": ("gone", "Works here no more on 1 April 2026"),
        "Ana 5": ("on_shift", "Already on another shift until 3pm."),
        "Ana 6": ("booked", ""),
        "Ana 7": ("waiting", ""),
        "Ana 8": ("waiting", ""),
    }
    assert book(session=session, staff_ids=ids(people), by=world.manager) == Booked(1, 2, 0)


def test_ward_manager_books_the_people_of_the_ward_alone_and_a_trainer_everybody_in_scope(world: BookingWorld):
    other_ward, elsewhere = make.make_ward(site=world.site), make.make_ward()
    session, (mine,), (other,) = world.session(), world.people(1), world.people(1, other_ward)
    stranger = make.make_staff(elsewhere)
    everybody = [mine.pk, other.pk, stranger.pk]

    def may(role: str, **scope: Any) -> tuple[set[int], int]:
        outlook = look_ahead(session=session, staff_ids=everybody, by=make.make_member(role, **scope))
        return {each.person.pk for each in outlook.chosen}, outlook.forbidden

    assert may(Role.WARD_MANAGER, ward=world.ward) == ({mine.pk}, 2)
    assert may(Role.SITE_LEAD, site=world.site) == ({mine.pk, other.pk}, 1)
    assert may(Role.TRAINER, programme=world.programme) == ({mine.pk, other.pk}, 1)
    assert may(Role.TRAINER, programme=make.make_programme()) == (set(), 3)
    assert may(Role.BOARD_MEMBER, programme=world.programme) == (set(), 3)
    manager = make.make_member(Role.WARD_MANAGER, ward=world.ward)
    book(session=session, staff_ids=everybody, by=manager)
    book(session=session, staff_ids=[other.pk], by=world.manager)
    with pytest.raises(Refused, match="You cannot change the places of everybody"):
        cancel_places(session=session, staff_ids=[mine.pk, other.pk], by=manager, reason="")
    assert states(session) == {mine.name: "booked"} | {other.name: "booked"}


CLOSED: dict[str, Callable[[TrainingSession], Any]] = {
    "This session has begun": lambda row: TrainingSession.objects.update(starts_at=NOW),
    "This session is cancelled": lambda row: TrainingSession.objects.update(retired_at=NOW),
}


@pytest.mark.parametrize("words", CLOSED)
def test_nobody_is_booked_on_a_session_that_is_over_or_cancelled_and_nobody_moves_up(words: str, world: BookingWorld):
    session, people = world.session(capacity=1), world.people(2)
    book(session=session, staff_ids=ids(people), by=world.manager)
    before = states(session)
    CLOSED[words](session)
    TrainingSession.objects.update(capacity=5)

    for act in (book, lambda **said: cancel_places(**said, reason="")):
        with pytest.raises(Refused, match=words):
            act(session=session, staff_ids=ids(people), by=world.manager)

    assert move_up(session=session, by=world.manager) == 0
    assert states(session) == before


def test_check_page_that_is_old_books_nobody(world: BookingWorld):
    session, people = world.session(capacity=1), world.people(2)
    seen = look_ahead(session=session, staff_ids=[people[0].pk], by=world.manager).mark
    book(session=session, staff_ids=[people[1].pk], by=world.manager)

    with pytest.raises(BookingChanged):
        book(session=session, staff_ids=[people[0].pk], by=world.manager, mark=seen)

    again = look_ahead(session=session, staff_ids=[people[0].pk], by=world.manager).mark
    assert book(session=session, staff_ids=[people[0].pk], by=world.manager, mark=again) == Booked(0, 1, 0)


def test_more_places_let_up_who_can_come_and_pass_over_who_is_away(world: BookingWorld):
    session, people = world.session(capacity=1), world.people(4)
    book(session=session, staff_ids=ids(people), by=world.manager)
    Absence.objects.create(staff=people[1], from_on=DAY, to_on=DAY)
    TrainingSession.objects.update(capacity=2)

    assert move_up(session=session, by=world.manager) == 1
    assert move_up(session=session, by=world.manager) == 0
    assert list(states(session).values()) == ["booked", "waiting", "booked", "waiting"]


def test_walk_ins_over_the_room_stay_and_give_nobody_a_place(world: BookingWorld):
    session, people = world.session(capacity=1), world.people(3)
    for person in people[:2]:
        Attendance.objects.create(course=world.course, staff=person, session=session, on=DAY, state="attended")

    assert book(session=session, staff_ids=ids(people), by=world.manager) == Booked(0, 1, 0)
    assert list(states(session).values()) == ["attended", "attended", "waiting"]


def test_people_move_to_another_session_in_one_act_and_nobody_loses_a_place(world: BookingWorld):
    here, there, people = world.session(capacity=2), world.session(capacity=1, code="TO"), world.people(3)
    book(session=here, staff_ids=ids(people), by=world.manager)

    moved = move_places(session=here, to=there, staff_ids=ids(people[:2]), by=world.manager)

    assert moved == Moved(moved=1, stayed=1, unaddressed=0)
    assert states(here) == {"Ana 1": "cancelled", "Ana 2": "booked", "Ana 3": "booked"}
    assert states(there) == {"Ana 1": "booked"}
    with pytest.raises(Refused, match="That session is full"):
        move_places(session=here, to=there, staff_ids=[people[1].pk], by=world.manager)
    assert states(here)["Ana 2"] == "booked"


def test_leavers_give_their_places_to_who_waits_and_once_is_enough(world: BookingWorld):
    session, people = world.session(capacity=2), world.people(4)
    book(session=session, staff_ids=ids(people), by=world.manager)
    Posting.objects.filter(staff__in=[people[0], people[2]]).update(to_on=date(2026, 3, 20))

    assert settle_places(staff_ids=[people[1].pk]) == Freed(0, 0)
    assert settle_places(staff_ids=[people[0].pk, people[2].pk], by=world.manager) == Freed(2, 1)
    assert settle_places() == Freed(0, 0)
    assert list(states(session).values()) == ["cancelled", "booked", "cancelled", "booked"]


def test_room_that_an_import_made_is_given_to_who_waits(world: BookingWorld):
    session, people = world.session(capacity=1), world.people(2)
    book(session=session, staff_ids=ids(people), by=world.manager)
    TrainingSession.objects.update(capacity=None)

    assert settle_places() == Freed(0, 1)


def test_messages_are_written_with_what_they_tell_and_who_has_no_address_is_counted(world: BookingWorld):
    session, people = world.session(capacity=2), world.people(3)
    StaffMember.objects.filter(pk=people[0].pk).update(email="")

    done = book(session=session, staff_ids=ids(people), by=world.manager)
    cancel_places(session=session, staff_ids=ids(people[:2]), by=world.manager, reason="")

    assert done == Booked(2, 1, 1)
    told = PlaceMessage.objects.order_by("pk").values_list("attendance__staff__name", "what", "next_at")
    assert list(told) == [
        ("Ana 2", "booked", NOW + timedelta(minutes=2)),
        ("Ana 3", "waiting", NOW + timedelta(minutes=2)),
        ("Ana 2", "cancelled", NOW),
        ("Ana 3", "moved_up", NOW),
    ]


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def counts_with(world: BookingWorld, size: int) -> list[int]:
    """Statements of booking, moving and cancelling so many people, with as many waiting and as many on a shift."""
    session, to = world.session(capacity=size), world.session(capacity=size, code=f"TO{size}")
    people, rota = world.people(3 * size), RotaWorld()
    for person in people[2 * size :]:
        rota.shift(person, DAY, rota.early)
    few = ids(people[:size])
    return [
        statements(lambda: book(session=session, staff_ids=ids(people), by=world.manager)),
        statements(lambda: move_places(session=session, to=to, staff_ids=few, by=world.manager)),
        statements(lambda: cancel_places(session=to, staff_ids=few, by=world.manager, reason="")),
    ]


def test_statements_do_not_grow_with_people(world: BookingWorld):
    rights_of(world.manager)  # read once a request

    assert counts_with(world, 1) == counts_with(world, 3)


@pytest.mark.django_db(transaction=True)
def test_last_places_asked_for_by_eight_at_once_are_given_once():
    world = BookingWorld()
    starts_at = timezone.now() + timedelta(days=5)
    session = world.session(capacity=3, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    people = world.people(8)
    at_once = threading.Barrier(8)
    errors: list[BaseException] = []

    def ask(number: int) -> None:
        try:
            at_once.wait()
            # Two people each, so that everybody is asked for twice, by two who hold them in another order.
            pair = [people[number].pk, people[(number + 1) % 8].pk]
            book(session=session, staff_ids=pair[:: 1 if number % 2 else -1], by=world.manager)
            if number == 0:
                cancel_places(session=session, staff_ids=pair, by=world.manager, reason="")
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = sorted(Attendance.objects.filter(session=session).values_list("state", flat=True))
    assert errors == []
    assert (found.count("booked"), len(found)) == (3, 8)
    assert found.count("waiting") + found.count("cancelled") == 5
