"""Whatever people do to the places of two sessions at once: nobody is locked out, no place is given twice."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from rollout.services.edits import RecordChanged, mark_of
from rollout.services.refusals import Refused
from tests.training.booking_world import BookingWorld, ids
from training.choices import AttendanceState
from training.hours import Span
from training.models import Attendance, Posting, TrainingSession
from training.services.attendance import Seen, record_attendance
from training.services.bookings import book, cancel_places, move_places, move_up
from training.services.place_leavers import settle_places
from training.services.sessions import SESSION, change_session

THREADS, ROUNDS = 4, 12
SEED = 20260314


class Doing:
    """Two sessions of one course with few places, ten people, and everything that is done to them, by chance."""

    def __init__(self) -> None:
        self.world = BookingWorld()
        starts_at = timezone.now() + timedelta(days=5)
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        self.sessions = [self.world.session(capacity=3, code=code, **times) for code in ("A", "B")]
        self.people = ids(self.world.people(10))

    def acts(self, chance: random.Random) -> list[Callable[[], Any]]:
        here, there = chance.sample(self.sessions, 2)
        some, by = chance.sample(self.people, 3), self.world.manager
        return [
            lambda: book(session=here, staff_ids=some, by=by),
            lambda: cancel_places(session=here, staff_ids=some, by=by, reason=""),
            lambda: move_places(session=here, to=there, staff_ids=some, by=by),
            lambda: move_up(session=here, by=by),
            lambda: self.leave(some[0]),
            lambda: self.change(here, chance.randint(2, 4)),
            lambda: record_attendance(
                client_id=uuid4(), session_id=here.pk, seen=[Seen(some[0], AttendanceState.ATTENDED)], by=by
            ),
        ]

    def leave(self, staff_id: int) -> None:
        Posting.objects.filter(staff=staff_id).update(to_on=timezone.localdate() + timedelta(days=1))
        settle_places()
        Posting.objects.filter(staff=staff_id).update(to_on=None)

    def change(self, session: TrainingSession, capacity: int) -> None:
        row = TrainingSession.objects.get(pk=session.pk)
        change_session(
            session=row,
            mark=mark_of(row, SESSION),
            span=Span(row.starts_at, row.ends_at),
            room=f"Room {capacity}",
            capacity=max(capacity, row.capacity or 0),
            trainer="",
            by=self.world.manager,
        )


@pytest.mark.django_db(transaction=True)
def test_acts_at_once_lock_nobody_out_and_fill_no_room_twice():
    doing, errors = Doing(), []

    def work(number: int) -> None:
        chance = random.Random(SEED + number)
        try:
            for _round in range(ROUNDS):
                try:
                    chance.choice(doing.acts(chance))()
                except (Refused, RecordChanged):
                    continue
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    settle_places()
    for session in TrainingSession.objects.with_places():
        held = vars(session)
        assert held["taken_count"] <= (session.capacity or 0)
        # Nobody waits beside an empty chair.
        assert not (held["waiting_count"] and held["free_count"])
    open_places = Attendance.objects.filter(state__in=("booked", "waiting")).values_list("staff", flat=True)
    assert len(open_places) == len(set(open_places))
