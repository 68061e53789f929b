"""A person's own calendar: what is in it, as calendar programs read it, and who opens it."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from readiness.models import Gate
from rollout.audit import importing
from rollout.calendars import Entry, Status, calendar_text, sequence_of
from rollout.choices import Role
from rollout.models import CalendarToken, Membership, Person, Seat, SeatRole, User
from rollout.services.calendars import make_address
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.rota_world import NOON, TODAY, RotaWorld, client_of
from training.choices import ShiftState
from training.models import Attendance, ChampionShift, Course, TrainingSession

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def clock(frozen_clock: FrozenClock) -> FrozenClock:
    frozen_clock.move_to(NOON)
    return frozen_clock


def feed(secret: str) -> Calendar:
    answer = Client().get("/calendar.ics", {"key": secret})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def events(calendar: Calendar) -> dict[str, tuple[str, object, object, str]]:
    return {
        str(event["summary"]): (str(event["status"]), event["dtstart"].dt, event["dtend"].dt, str(event["uid"]))
        for event in calendar.walk("VEVENT")
    }


def test_text_is_what_the_standard_asks_for():
    long = "Ärzte, Pflege; Backslash \\ und\nUmbruch " + "x" * 100
    at = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Paris"))
    entries = [
        Entry(
            "shift-1", long, at, at + timedelta(hours=2), location="Ward 4", status=Status.CANCELLED, changed_at=NOON
        ),
        Entry("gate-1-2", "Gate", TODAY, url="https://example.org/p/X/?a=1"),
    ]

    text = calendar_text(entries, name="Own", host="example.org", now=NOON)

    assert text.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\n" not in text.replace(b"\r\n", b"")
    one, day = Calendar.from_ical(text).walk("VEVENT")
    assert str(one["summary"]) == " ".join(long.split())
    assert one["dtstart"].dt == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert b"DTSTART:20260329T003000Z" in text
    assert (str(one["status"]), int(one["sequence"]), one["dtstamp"].dt) == ("CANCELLED", sequence_of(NOON), NOON)
    assert (day["dtstart"].dt, day["dtend"].dt, int(day["sequence"])) == (TODAY, TOMORROW, 0)
    assert str(day["url"]) == "https://example.org/p/X/?a=1"


def test_later_change_has_a_higher_number():
    assert 0 == sequence_of(None) < sequence_of(NOON) < sequence_of(NOON + timedelta(seconds=1)) < 2**31
    assert sequence_of(datetime(2020, 1, 1, tzinfo=UTC)) == 0


@pytest.mark.django_db
def test_calendar_holds_shifts_sessions_gates_and_what_is_due(clock: FrozenClock):
    world, user = RotaWorld(), make.make_user(name="Ana Secret")
    person = world.champion("Ana Secret")
    type(person).objects.filter(pk=person.pk).update(user=user)
    world.shift(person, TOMORROW, world.early)
    world.shift(person, TOMORROW, world.late, state=ShiftState.CANCELLED)
    world.shift(world.champion("Somebody Else"), TOMORROW, world.night)
    course = Course.objects.create(programme=world.programme, code="C", name="Ordering")
    at = NOON + timedelta(days=2)
    sessions = [
        TrainingSession.objects.create(
            programme=world.programme, course=course, site=world.ward.site, code=code, room="Room 1",
            starts_at=at + timedelta(days=n), ends_at=at + timedelta(days=n, hours=1),
        )
        for n, code in enumerate(("T1", "T2"))
    ]  # fmt: skip
    Attendance.objects.create(course=course, staff=person, session=sessions[0], on=at.date(), state="booked")
    role = SeatRole.objects.create(code="sro-x")
    holder = Person.objects.create(label="Ana Secret", user=user)
    Seat.objects.create(programme=world.programme, site=world.ward.site, role=role, person=holder)
    gate = Gate.objects.create(programme=world.programme, code="GO", name="go/no-go", due_days=3)
    gate.seats.add(role)
    Gate.objects.create(programme=world.programme, code="OTHER", name="no seat of mine", due_days=4)
    Membership.objects.create(user=user, role=Role.SIGNATORY, seat_role=role, site=world.ward.site)
    item = make.make_blocker(world.here, text="Test the plan")
    type(item).objects.filter(pk=item.pk).update(owner=holder, due_on=date(2026, 3, 20))

    calendar = feed(make_address(user=user))

    early, late = world.span(TOMORROW, world.early), world.span(TOMORROW, world.late)
    found = events(calendar)
    shift = f"Champion shift, {world.programme.name}"
    states = sorted((str(e["status"]), e["dtstart"].dt) for e in calendar.walk("VEVENT") if e["summary"] == shift)
    assert states == [("CANCELLED", late.starts_at), ("TENTATIVE", early.starts_at)]
    found.pop(shift)
    gate_on = world.here.go_live_on - timedelta(days=3)
    assert {summary: found[summary][:3] for summary in found} == {
        "Training: Ordering": ("CONFIRMED", at, at + timedelta(hours=1)),
        f"Gate go/no-go, {world.ward.site.name}": ("CONFIRMED", gate_on, gate_on + timedelta(days=1)),
        "Due: Test the plan": ("CONFIRMED", date(2026, 3, 20), date(2026, 3, 21)),
    }
    assert found[f"Gate go/no-go, {world.ward.site.name}"][3].startswith(f"gate-{gate.pk}-{world.here.pk}@")
    assert b"Secret" not in calendar.to_ical()


@pytest.mark.django_db
def test_id_stays_and_number_grows_when_a_shift_is_confirmed(clock: FrozenClock):
    world, user = RotaWorld(), make.make_user()
    person = world.champion()
    type(person).objects.filter(pk=person.pk).update(user=user)
    row = world.shift(person, TOMORROW, world.early)
    with importing():  # as if an import had written the row last
        ChampionShift.objects.filter(pk=row.pk).update(edited_at=None)
    secret = make_address(user=user)
    (before,) = feed(secret).walk("VEVENT")

    assert client_of(user).post(f"/shifts/{row.pk}/confirm/").status_code == 302
    (after,) = feed(secret).walk("VEVENT")

    assert before["uid"] == after["uid"]
    assert int(after["sequence"]) > int(before["sequence"])
    assert (str(before["status"]), str(after["status"])) == ("TENTATIVE", "CONFIRMED")


@pytest.mark.django_db
def test_address_is_shown_once_replaced_and_stopped(clock: FrozenClock):
    user = make.make_user()
    client = client_of(user)

    def made() -> str:
        page = words(client.post("/account/calendar/new/", follow=True).text)
        address = next(word for word in page.split() if "/calendar.ics?key=" in word)
        assert address not in client.get("/account/").text
        return parse_qs(urlsplit(address).query)["key"][0]

    first, second = made(), made()

    assert Client().get("/calendar.ics", {"key": first}).status_code == 404
    assert list(feed(second).walk("VEVENT")) == []
    assert second not in str(list(CalendarToken.objects.values()))
    client.post("/account/calendar/stop/")
    assert Client().get("/calendar.ics", {"key": second}).status_code == 404
    assert "Make an address" in client.get("/account/").text


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "é" * 30, "a" * 10_000, "\x00"])
def test_unknown_key_opens_nothing(key: str):
    make_address(user=make.make_user())

    assert Client().get("/calendar.ics", {"key": key}).status_code == 404


@pytest.mark.django_db
def test_calendar_of_who_may_not_log_in_any_more_is_closed():
    user = make.make_user()
    secret = make_address(user=user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert Client().get("/calendar.ics", {"key": secret}).status_code == 404


@pytest.mark.django_db
def test_calendar_asks_the_same_for_one_and_for_three(clock: FrozenClock):
    world = RotaWorld()
    user = make.make_member(Role.SITE_LEAD, site=world.ward.site)
    person = world.champion()
    type(person).objects.filter(pk=person.pk).update(user=user)
    secret, counts = make_address(user=user), []
    for number in (1, 2):
        for _ in range(number):
            world.shift(person, TOMORROW + timedelta(days=ChampionShift.objects.count()), world.early)
            Gate.objects.create(programme=world.programme, code=f"G{Gate.objects.count()}", name="Gate", due_days=3)
        with CaptureQueriesContext(connection) as queries:
            found = len(list(feed(secret).walk("VEVENT")))
        counts.append((found, len(queries)))

    assert [found for found, _queries in counts] == [2, 6]
    assert counts[0][1] == counts[1][1] <= 25


@pytest.mark.django_db
def test_champion_confirms_own_shifts_and_no_others(clock: FrozenClock):
    world, user = RotaWorld(), make.make_member(Role.CHAMPION)
    person = world.champion()
    type(person).objects.filter(pk=person.pk).update(user=user)
    own, other = world.shift(person, TOMORROW, world.early), world.shift(world.champion("Bo"), TOMORROW, world.late)
    gone = world.shift(person, TOMORROW, world.late, state=ShiftState.CANCELLED)
    client = client_of(user)

    page = client.get("/shifts/").text
    answers = [client.post(f"/shifts/{pk}/confirm/").status_code for pk in (own.pk, own.pk, other.pk, gone.pk)]

    assert "15 March 2026, 7am to 3pm" in words(page)
    assert answers == [302, 302, 404, 422]
    states = dict(ChampionShift.objects.values_list("pk", "state"))
    assert states == {own.pk: "confirmed", other.pk: "planned", gone.pk: "cancelled"}
    assert "Confirmed" in words(client.get("/shifts/").text)


@pytest.mark.django_db
def test_who_has_no_shifts_is_told_what_belongs_there():
    assert "No shifts of yours" in words(client_of(make.make_user()).get("/shifts/").text)
