"""The training sessions of a programme in the browser: read by whom, planned, moved, cancelled, held again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, text_of, words
from tests.training.session_world import NOON, SessionWorld, client_of, person_of
from training.choices import AttendanceState
from training.models import Attendance, TrainingSession

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)


@pytest.fixture
def world(db: None) -> SessionWorld:
    return SessionWorld()


@pytest.fixture
def manager(world: SessionWorld) -> Client:
    return client_of(world.manager())


def said(world: SessionWorld, **more: Any) -> dict[str, Any]:
    """What is typed to plan a session."""
    typed = {"course": str(world.course.pk), "site": world.site.code, "on": "2026-03-29", "starts": "09:00"}
    return {**typed, "ends": "11:00", "room": "Room 1", "capacity": "12", "once": str(uuid4()), **more}


def days(client: Client, address: str) -> list[str]:
    """The courses of the sessions listed, in order."""
    return column(client.get(address).text, "session-table", 1)


def test_session_is_planned_once_by_the_clock_of_its_site(world: SessionWorld, manager: Client):
    form = said(world, trainer="ana@example.org")

    answers = [manager.post(world.address("new/"), form) for _ in range(2)]

    session = TrainingSession.objects.get()
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, world.address(f"{session.pk}/"))
    ] * 2
    # The clocks went forward that night.
    assert (session.starts_at, session.ends_at) == (
        datetime(2026, 3, 29, 8, tzinfo=UTC),
        datetime(2026, 3, 29, 10, tzinfo=UTC),
    )
    shown = words(manager.get(world.address(f"{session.pk}/")).text)
    assert "Sun 29 March 2026, 9am to 11am. 12 of 12 places are free." in shown
    assert "ana@example.org" in shown


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"course": ""}, "Select a course"),
        ({"site": "Nowhere"}, "There is no such site here where you plan sessions. Enter its code"),
        ({"on": "next Monday"}, "Enter a date like 2026-03-14"),
        ({"starts": "25:00"}, "Enter a time like 09:00"),
        ({"starts": "01:30"}, "The clocks skip 1:30am on 29 March 2026. Enter the time they showed"),
        ({"ends": "08:00"}, "The session ends before it starts. Enter a later end, or the last day"),
        ({"ends_on": "2026-03-31"}, "A session lasts at most 24 hours. Plan one for each day"),
        ({"on": "0001-01-01"}, "Choose a day within ten years"),
        ({"on": "9999-12-31"}, "Choose a day within ten years"),
        ({"capacity": "0"}, "Enter a whole number from 1 to 1,000, or leave it empty"),
        ({"room": "For 943 476 5919"}, "This looks like an NHS number."),
    ],
)
def test_wrong_session_keeps_what_was_typed(world: SessionWorld, manager: Client, wrong: dict[str, str], error: str):
    answer = manager.post(world.address("new/"), said(world, **{"room": "Great hall", **wrong}))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert "<title>Error: Plan a training session" in answer.text
    assert wrong.get("room", "Great hall") in answer.text
    assert TrainingSession.objects.count() == 0


def test_lead_plans_at_the_own_site_alone(world: SessionWorld):
    other = make.make_deployment(programme=world.programme, site=make.make_site(code="OTHER"))
    client = client_of(make.make_member(Role.SITE_LEAD, site=world.site))

    proposed = client.get(world.address("new/")).context["form"]["site"].value()
    elsewhere = client.post(world.address("new/"), said(world, site=other.site.code))
    part = words(client.post(world.address("new/"), said(world, site=f"{world.site.name[1:]}")).text)
    nowhere = client.post(world.address("new/"), said(world, site=""))
    here = client.post(world.address("new/"), said(world))

    assert proposed == world.site.code
    assert [answer.status_code for answer in (elsewhere, nowhere, here)] == [422, 422, 302]
    assert "Enter the site" in words(nowhere.text)
    assert f"Enter its code ({world.site.name}: {world.site.code})" in part


def test_later_of_two_changes_is_told_and_can_be_made(world: SessionWorld, manager: Client):
    session = world.session(room="Room 1")
    page = world.address(f"{session.pk}/change/")
    form = manager.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in ("mark", "room", "capacity", "trainer")}
    sent |= {"on": "2026-03-18", "starts": "09:00", "ends": "11:00", "ends_on": ""}
    TrainingSession.objects.filter(pk=session.pk).update(room="Room 2")

    late = manager.post(page, sent)
    again = manager.post(page, {**sent, "mark": late.context["form"]["mark"].value()})

    assert (late.status_code, again.status_code) == (409, 302)
    assert "Room 2" in words(late.text)
    session.refresh_from_db()
    assert (session.room, session.starts_at) == ("Room 1", datetime(2026, 3, 18, 9, tzinfo=UTC))


def test_cancelled_session_is_shown_struck_through_with_who_when_and_why(world: SessionWorld, manager: Client):
    session = world.session(capacity=5)
    world.place(session)
    page = world.address(f"{session.pk}/")

    unsaid = manager.post(f"{page}cancel/", {"reason": ""})
    manager.post(f"{page}cancel/", {"reason": "The trainer is ill"})
    shown = words(manager.get(page).text)
    listed = days(manager, world.address())
    old_tab = manager.get(f"{page}book/")
    back = manager.post(f"{page}restore/", follow=True)

    assert (unsaid.status_code, "Say why" in words(unsaid.text)) == (422, True)
    assert "This session is cancelled." in shown
    assert "cancelled at midday on 14 March 2026 by" in shown
    assert ": The trainer is ill" in shown
    assert listed == []
    assert "so nobody can be booked any more" in words(old_tab.text)
    assert "Book on this session" not in old_tab.text
    assert "Whoever lost a place by it has it back." in words(back.text)
    assert Attendance.objects.get().state == AttendanceState.BOOKED


def test_session_is_held_again_every_week_once_looked_at(world: SessionWorld, manager: Client):
    session = world.session(datetime(2026, 3, 20, 9, tzinfo=UTC), room="Room 1")
    page = world.address(f"{session.pk}/again/?first=2026-03-27&until=2026-04-10")

    wrong = manager.get(world.address(f"{session.pk}/again/?first=2026-03-27&until=2026-03-20"))
    check = manager.get(page)
    sent = {"mark": check.context["check"].initial["mark"], "once": str(uuid4())}
    made = [manager.post(page, sent, follow=True) for _ in range(2)]
    stale = manager.post(page, {**sent, "once": str(uuid4())})

    assert "The last day must not be before the first" in words(wrong.text)
    assert column(check.text, "made") == [f"{day} 2026, 9am to 11am" for day in ("27 March", "3 April", "10 April")]
    assert ["3 sessions are planned." in words(made[0].text), "are planned already" in words(made[1].text)] == [
        True
    ] * 2
    assert stale.status_code == 409
    assert TrainingSession.objects.count() == 4
    # Among many courses and sites, those just planned are what the list shows.
    world.session(datetime(2026, 3, 20, 9, tzinfo=UTC), course=world.make_course(name="Other"))
    assert days(manager, made[0].redirect_chain[0][0]) == [session.course.name] * 4


def test_places_change_until_a_session_begins_and_a_bigger_room_says_who_moved_up(
    world: SessionWorld, manager: Client, frozen_clock: FrozenClock
):
    session = world.session(NOON + DAY, capacity=1)
    page = world.address(f"{session.pk}/")
    empty = words(manager.get(page).text)
    world.place(session)
    world.place(session, state=AttendanceState.WAITING)
    form = manager.get(f"{page}change/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}

    saved = manager.post(f"{page}change/", {**typed, "capacity": "2"}, follow=True)
    frozen_clock.move_to(NOON + DAY - timedelta(hours=1))
    before = words(client_of(world.manager()).get(page).text)
    frozen_clock.move_to(NOON + DAY)
    begun = words(client_of(world.manager()).get(page).text)

    assert "Cancel or move places" not in empty
    assert "The session is saved. 1 person moved up from the waiting list." in words(saved.text)
    shown = ("Book people", "Cancel or move places", "Record attendance")
    assert [[button in text for button in shown] for text in (before, begun)] == [[True] * 3, [False, False, True]]


# The list -----------------------------------------------------------------------------------------------------------


def test_list_is_filtered_and_in_order(world: SessionWorld, manager: Client):
    trainer = person_of(world.trainer(user=make.make_user(name="Ana Diaz")))
    other = make.make_deployment(programme=world.programme, site=make.make_site(name="Fern Hospital")).site
    names = ("Over", "Soon", "Later", "Full", "Everywhere", "Gone")
    courses = {name: world.make_course(name=name) for name in names}
    over = world.session(NOON - 2 * DAY, course=courses["Over"], trainer=trainer)
    world.place(over)
    world.session(NOON + DAY, course=courses["Soon"], capacity=3)
    world.session(NOON + 9 * DAY, course=courses["Later"], site=other)
    full = world.session(NOON + 5 * DAY, course=courses["Full"], capacity=1)
    for state in (AttendanceState.BOOKED, AttendanceState.WAITING):
        world.place(full, state)
    world.session(NOON + 7 * DAY, course=courses["Everywhere"], site=None)
    world.session(NOON + 8 * DAY, course=courses["Gone"], retired_at=NOON)

    def found(query: str) -> list[str]:
        return days(manager, world.address(query))

    assert found("") == ["Soon", "Full", "Everywhere", "Later", "Over"]
    assert found("?when=coming") == ["Soon", "Full", "Everywhere", "Later"]
    assert found("?when=past") == found("?when=unrecorded") == found("?trainer=ana+diaz") == ["Over"]
    assert found("?site=fern") == ["Everywhere", "Later"]
    assert found(f"?course={courses['Full'].code}") == found("?places=waiting") == ["Full"]
    assert found("?places=free") == ["Soon", "Everywhere", "Later"]
    assert found("?cancelled=on") == ["Soon", "Full", "Everywhere", "Gone", "Later", "Over"]
    assert found("?sort=course") == ["Everywhere", "Full", "Later", "Over", "Soon"]
    assert found("?sort=-waiting")[0] == "Full"
    assert found("?when=never&places=none&sort=nothing") == ["Soon", "Full", "Everywhere", "Later", "Over"]
    assert found("?site=nowhere") == ["Everywhere"]


def test_files_hold_what_the_list_shows(world: SessionWorld, manager: Client):
    world.session(capacity=3, room="=SUM(A1)")

    text = text_of(manager.get(world.address("?download=csv&table=sessions")))

    assert text.removeprefix("\ufeff").splitlines() == [
        "Code,Day,From,To,Time zone,Course,Site,Room or link,Trainer,Places,Booked,Free,Waiting,Cancelled",
        "T1,2026-03-17,12:00,14:00,Europe/London,Course 1,Elder Hospital,'=SUM(A1),,3,0,3,0,no",
    ]


def test_each_role_reads_what_it_may(world: SessionWorld):
    trainer = person_of(make.make_user(name="Tam Trainer"))
    session = world.session(capacity=9, trainer=trainer)
    fern = make.make_ward(site=world.site, name="Fern ward")
    world.place(session, person=make.make_staff(world.ward, name="Elder Person"))
    world.place(session, AttendanceState.WAITING, make.make_staff(fern, name="Fern Person"))
    scopes = {Role.SITE_LEAD: {"site": world.site}, Role.WARD_MANAGER: {"ward": fern}}
    names = ("Tam Trainer", "Elder Person", "Fern Person")
    seen = {}
    for role in (*scopes, Role.PROGRAMME_MANAGER, Role.TRAINER, Role.SIGNATORY, Role.BOARD_MEMBER):
        client = client_of(make.make_member(role, **scopes.get(Role(role), {"programme": world.programme})))
        pages = [client.get(world.address(more)).text for more in ("", f"{session.pk}/")]
        text = words(" ".join(pages))
        file = text_of(client.get(world.address("?download=csv&table=sessions&sort=-waiting")))
        seen[role] = (
            [name for name in names if name in text],
            "1 person waits" in text,
            ("Tam" in file, "Booked" in file, "Change the session" in text),
        )

    everything, nothing = (list(names), True, (True, True, True)), ([], True, (False, True, False))
    assert seen == {
        Role.PROGRAMME_MANAGER: everything,
        Role.TRAINER: everything,
        Role.SITE_LEAD: everything,
        Role.WARD_MANAGER: (["Fern Person"], True, (False, True, False)),
        Role.SIGNATORY: nothing,
        Role.BOARD_MEMBER: ([], False, (False, False, False)),
    }


def test_board_learns_nothing_of_places_by_asking(world: SessionWorld):
    empty, full = (world.session(NOON + days * DAY, capacity=1) for days in (2, 1))
    for state in (AttendanceState.BOOKED, AttendanceState.WAITING):
        world.place(full, state)
    client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))

    asked = [
        [row[0] for row in table(client.get(world.address(query)).text, "session-table")]
        for query in (
            "?places=free",
            "?places=waiting",
            "?sort=-free",
            "?sort=waiting",
            "?when=unrecorded",
            "?trainer=x",
        )
    ]

    assert len({str(rows) for rows in asked}) == 1
    assert len(asked[0]) == 2
    assert empty.pk != full.pk


def test_session_of_a_site_that_one_does_not_see_is_unknown(world: SessionWorld):
    other = make.make_deployment(programme=world.programme)
    there, everywhere = world.session(site=other.site), world.session(site=None)
    client = client_of(make.make_member(Role.SITE_LEAD, site=world.site))

    assert client.get(world.address(f"{there.pk}/")).status_code == 404
    assert client.get(world.address(f"{everywhere.pk}/")).status_code == 200
    assert client.get(world.address(f"{everywhere.pk}/change/")).status_code == 403
    assert len(days(client, world.address())) == 1


@pytest.mark.parametrize("page", ["", "{}/", "{}/again/?first=2026-03-27&until=2026-04-10"])
def test_pages_ask_the_same_of_one_session_and_of_three(world: SessionWorld, page: str):
    user, counts = world.trainer(), []
    client, first = client_of(user), world.session(room="Room 1", trainer=person_of(user))
    client.get(world.address())
    for number in (1, 3):
        for _ in range(number):
            session = world.session(room="Room 1", trainer=person_of(user))
            for each in (first, session):
                world.place(each)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(world.address(page.format(first.pk)))
        assert answer.status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25
    assert date(2026, 3, 27) > NOON.date()
