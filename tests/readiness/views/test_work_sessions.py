"""A trainer's own sessions: on Your work, those to come and those nobody recorded; and in the calendar."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from rollout.models import User
from rollout.services.calendars import make_address
from tests import factories as make
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


def test_calendar_leads_a_trainer_to_the_session_and_says_what_is_cancelled(world: SessionWorld):
    trainer, visitor = world.trainer(), make.make_user()
    held = world.session(trainer=person_of(trainer))
    world.session(trainer=person_of(trainer), retired_at=NOON)
    world.session(trainer=person_of(visitor))

    def feed(user: User) -> list[tuple[str, str]]:
        answer = client_of(user).get(f"/calendar.ics?key={make_address(user=user)}")
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        return sorted((str(event["status"]), str(event.get("url", ""))) for event in events)

    assert [(status, url.partition("/p/")[2]) for status, url in feed(trainer)] == [
        ("CANCELLED", world.address(f"{held.pk + 1}/").removeprefix("/p/")),
        ("CONFIRMED", world.address(f"{held.pk}/").removeprefix("/p/")),
    ]
    # Somebody may be named on a session whose page they may not open.
    assert feed(visitor) == [("CONFIRMED", "")]
