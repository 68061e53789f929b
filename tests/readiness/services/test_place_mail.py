"""Mail about places: through a real mail server, once each, with calendar entries that programs read."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from readiness import tasks
from readiness.services.place_mail import KIND, queue_place_reminders, send_place_messages
from rollout.models import NotificationChoice, User
from rollout.services.edits import mark_of
from tests import factories as make
from tests.clock import FrozenClock
from tests.mail_server import MailServer, mail_server
from tests.training.booking_world import DAY, NOW, BookingWorld, ids
from training.hours import Span
from training.models import Attendance, PlaceMessage, StaffMember, TrainingSession
from training.services.bookings import book, cancel_places, move_places
from training.services.sessions import SESSION, cancel_session, change_session, restore_session

BEGINS = datetime(2026, 4, 1, 9, tzinfo=UTC)  # 10am in summer time


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> BookingWorld:
    frozen_clock.move_to(NOW)
    return BookingWorld()


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that our settings name."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def send(clock: FrozenClock, minutes: int = 3) -> int:
    clock.forward(minutes=minutes)
    return send_place_messages(time.monotonic() + 60)


def event_of(letter: Any) -> tuple[str, dict[str, str]]:
    """The method of the calendar entry of a letter, and what stands in it."""
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    calendar: Any = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), {name: event[name].to_ical().decode() for name in event}


def body_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_invitation_goes_through_the_mail_server_once_and_a_cancellation_replaces_it(
    world: BookingWorld, server: MailServer, frozen_clock: FrozenClock
):
    session, (ana, ben) = world.session(capacity=1), world.people(2)
    book(session=session, staff_ids=ids([ana, ben]), by=world.manager)

    at_once = send(frozen_clock, 0)
    first, again = send(frozen_clock), send(frozen_clock)
    cancel_places(session=session, staff_ids=[ana.pk], by=world.manager, reason="Ana asked")
    second = send(frozen_clock)

    assert (at_once, first, again, second) == (0, 2, 0, 2)
    assert server.recipients == ["ana1@example.org", "ana2@example.org", "ana1@example.org", "ana2@example.org"]
    invited, waiting, cancelled, moved_up = server.taken
    assert [letter["Subject"] for letter in server.taken] == [
        "You are booked: Basics on 1 April 2026 at 10am",
        "You are on the waiting list: Basics on 1 April 2026",
        "Cancelled: your place on Basics on 1 April 2026",
        "You have a place now: Basics on 1 April 2026 at 10am",
    ]
    assert "1 April 2026, 10am to midday (Europe/London)\nRoom 4, " in body_of(invited)
    assert [part.get_content_type() for part in waiting.walk()] == ["text/plain"]
    asked, event = event_of(invited)
    off, end = event_of(cancelled)
    place = Attendance.objects.get(staff=ana)
    assert (asked, event["STATUS"], event["DTSTART"], event["DTEND"]) == (
        *("REQUEST", "CONFIRMED"),
        *("20260401T090000Z", "20260401T110000Z"),
    )
    assert (event["SUMMARY"], event["ATTENDEE"]) == ("Training: Basics", "mailto:ana1@example.org")
    assert event["ORGANIZER"].startswith("mailto:")
    assert (off, end["STATUS"], end["UID"]) == ("CANCEL", "CANCELLED", event["UID"])
    assert event["UID"].startswith(f"place-{place.pk}@")
    assert int(end["SEQUENCE"]) > int(event["SEQUENCE"])
    assert event_of(moved_up)[0] == "REQUEST"
    words = " ".join(body_of(letter) + str(letter["Subject"]) for letter in server.taken)
    assert [each for each in ("Ana 1", "Ana 2", "Ana asked", "http") if each in words] == []


def test_mail_server_that_is_away_is_asked_again_and_then_not_twice(
    world: BookingWorld, server: MailServer, frozen_clock: FrozenClock
):
    session, people = world.session(), world.people(1)
    book(session=session, staff_ids=ids(people), by=world.manager)
    server.away = True
    refused = send(frozen_clock)
    server.away = False

    assert (refused, send(frozen_clock), send(frozen_clock, 6), send(frozen_clock, 600)) == (0, 0, 1, 0)
    assert len(server.taken) == 1


def test_what_is_taken_back_within_two_minutes_is_told_to_nobody(world: BookingWorld, frozen_clock: FrozenClock):
    session, people = world.session(), world.people(1)
    book(session=session, staff_ids=ids(people), by=world.manager)
    cancel_places(session=session, staff_ids=ids(people), by=world.manager, reason="")

    assert (send(frozen_clock), mail.outbox) == (0, [])
    assert PlaceMessage.objects.filter(given_up_at=None).count() == 0


def test_place_that_an_import_brought_is_told_off_when_it_is_cancelled(world: BookingWorld, frozen_clock: FrozenClock):
    session, people = world.session(), world.people(1)
    Attendance.objects.create(course=world.course, staff=people[0], session=session, on=DAY, state="booked")
    cancel_places(session=session, staff_ids=ids(people), by=world.manager, reason="")

    assert send(frozen_clock) == 1
    assert mail.outbox[0].subject == "Cancelled: your place on Basics on 1 April 2026"


def test_session_that_moves_is_cancelled_and_taken_up_is_told_to_its_people(
    world: BookingWorld, frozen_clock: FrozenClock
):
    session, people = world.session(capacity=1), world.people(3)
    book(session=session, staff_ids=ids(people), by=world.manager)
    send(frozen_clock)
    mail.outbox.clear()
    later = Span(BEGINS + timedelta(days=1), BEGINS + timedelta(days=1, hours=2))
    mark = mark_of(TrainingSession.objects.get(pk=session.pk), SESSION)
    change_session(session=session, mark=mark, span=later, room="Room 5", capacity=2, trainer="", by=world.manager)
    send(frozen_clock)
    changed = told()
    cancel_session(session=session, by=world.manager, reason="No trainer")
    send(frozen_clock)
    cancelled = told()
    restore_session(session=session, by=world.manager)
    send(frozen_clock)

    # Who moved up with the change is told of that alone.
    assert changed == [("ana1", "Changed"), ("ana2", "You have a place now"), ("ana3", "Changed")]
    assert cancelled == [("ana1", "Cancelled"), ("ana2", "Cancelled"), ("ana3", "Cancelled")]
    waits = "You are on the waiting list"
    assert told() == [("ana1", "You are booked"), ("ana2", "You are booked"), ("ana3", waits)]


def told() -> list[tuple[str, str]]:
    """Who was told what since this was asked last."""
    letters = [(letter.to[0].partition("@")[0], letter.subject.partition(":")[0]) for letter in mail.outbox]
    mail.outbox.clear()
    return sorted(letters)


def test_moving_to_another_session_takes_one_entry_off_and_brings_another(
    world: BookingWorld, frozen_clock: FrozenClock
):
    here, there, people = world.session(), world.session(code="TO"), world.people(1)
    book(session=here, staff_ids=ids(people), by=world.manager)
    send(frozen_clock)
    move_places(session=here, to=there, staff_ids=ids(people), by=world.manager)
    send(frozen_clock)

    methods = [event_of(letter.message())[0] for letter in mail.outbox]
    assert methods == ["REQUEST", "CANCEL", "REQUEST"]
    assert mail.outbox[1].subject == "You have been moved from: Basics on 1 April 2026"


NOBODY: dict[str, Callable[[StaffMember], Any]] = {
    "without an address by then": lambda person: StaffMember.objects.update(email=""),
    "retired": lambda person: StaffMember.objects.update(retired_at=NOW),
    "no longer booked": lambda person: Attendance.objects.update(state="cancelled"),
    "on a session that is cancelled": lambda person: TrainingSession.objects.update(retired_at=NOW),
    "on a session that has begun": lambda person: TrainingSession.objects.update(starts_at=NOW),
    "a user who left": lambda person: User.objects.filter(staff_member=person).update(is_active=False),
    "a user who wants none": lambda person: NotificationChoice.objects.create(
        user=User.objects.get(staff_member=person), kind=KIND, channel="email", wanted=False
    ),
}


@pytest.mark.parametrize("why", NOBODY)
def test_nobody_is_told_who_is(why: str, world: BookingWorld, frozen_clock: FrozenClock):
    session, people = world.session(), world.people(1)
    StaffMember.objects.update(user=make.make_user())
    book(session=session, staff_ids=ids(people), by=world.manager)
    NOBODY[why](people[0])

    assert (send(frozen_clock), mail.outbox) == (0, [])
    frozen_clock.move_to(BEGINS - timedelta(hours=20))
    assert queue_place_reminders() == 0


def test_reminder_goes_once_by_day_and_again_where_the_session_moved(world: BookingWorld, frozen_clock: FrozenClock):
    session, people = world.session(), world.people(3)
    book(session=session, staff_ids=ids(people[:2]), by=world.manager)
    send(frozen_clock)
    mail.outbox.clear()
    for hours in range(30, 4, -1):
        frozen_clock.move_to(BEGINS - timedelta(hours=hours))
        tasks.remind()
    sent = [(letter.to, letter.subject) for letter in mail.outbox]
    Attendance.objects.update(on=DAY + timedelta(days=1))
    TrainingSession.objects.update(starts_at=BEGINS + timedelta(days=1), ends_at=BEGINS + timedelta(days=1, hours=2))
    frozen_clock.move_to(BEGINS + timedelta(hours=4))
    tasks.remind()

    subject = "Reminder: Basics on 1 April 2026 at 10am"
    assert sent == [(["ana1@example.org"], subject), (["ana2@example.org"], subject)]
    assert len(mail.outbox) == 4
    assert [part.get_content_type() for part in mail.outbox[0].message().walk()] == ["text/plain"]


def test_nothing_is_written_down_where_no_mail_is_sent(world: BookingWorld, frozen_clock: FrozenClock, settings: Any):
    settings.MAIL_IS_SENT = False
    session, people = world.session(), world.people(1)
    book(session=session, staff_ids=ids(people), by=world.manager)
    frozen_clock.move_to(BEGINS - timedelta(hours=20))

    assert (queue_place_reminders(), PlaceMessage.objects.count()) == (0, 0)
