"""Your work of a trainer: the sessions to come, and those of which nobody said who came."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.desk import page, shown
from tests.training.session_world import NOON, SessionWorld, client_of, person_of
from training.choices import AttendanceState


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> SessionWorld:
    frozen_clock.move_to(NOON)
    return SessionWorld()


def test_trainer_sees_the_next_sessions_and_those_to_record(world: SessionWorld):
    user = world.trainer()
    mine = {"trainer": person_of(user), "room": "Room 1"}
    coming = world.session(capacity=12, **mine)
    world.place(coming)
    unsaid, said = (world.session(NOON - timedelta(days=days), **mine) for days in (3, 2))
    for session, state in ((unsaid, AttendanceState.BOOKED), (said, AttendanceState.ATTENDED)):
        world.place(session, state)
    world.session(NOON - timedelta(days=4), **mine)  # nobody was booked
    world.session(NOON + timedelta(days=20), **mine)
    world.session(NOON + timedelta(days=2))  # somebody else's
    world.session(NOON + timedelta(days=2), **mine, retired_at=NOON)

    text = page(user)

    assert (
        words(text).count("17 March 2026, midday to 2pm : Course 1, Room 1, Elder Hospital. 1 of 12 places booked") == 1
    )
    assert shown(user, "waiting") == [
        (
            "Record attendance",
            "Course 1 Training session that is over. Room 1",
            f"Elder Hospital {world.programme.name}",
        )
    ]
    assert f'href="{world.address(f"{unsaid.pk}/attendance/")}"' in text


def test_trainer_without_sessions_is_told_so_and_queries_do_not_grow(world: SessionWorld):
    user = world.trainer()
    client, counts = client_of(user), []
    empty = client.get("/").text
    for number in (1, 2):
        for _ in range(number):
            for days in (2, -2):
                session = world.session(NOON + timedelta(days=days), trainer=person_of(user))
                world.place(session)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))

    assert "No session of yours is planned in the next 14 days." in words(empty)
    assert "Your sessions show here once they are over" in words(empty)
    assert counts[0] == counts[1] <= 25
