"""Who is missing, and booking many at once: chosen, checked, done once, taken back, moved."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readiness.dashboards.judged import model_in_use
from readiness.indicators.training_parts import training_parts
from rollout.choices import Role
from rollout.models import StaffGroup, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.training.booking_world import DAY, NOW, BookingWorld, ids, states
from training.models import Absence, Attendance, Champion, Course, StaffMember, TrainingSession
from training.services.bookings import book


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> BookingWorld:
    frozen_clock.move_to(NOW)
    return BookingWorld()


def site_address(world: BookingWorld, more: str = "") -> str:
    return f"/p/{world.programme.code}/s/{world.site.code}/training/missing/{more}"


def session_address(session: TrainingSession, more: str) -> str:
    return f"/p/{session.programme.code}/training/sessions/{session.pk}/{more}/"


def names_in(page: str) -> list[str]:
    return re.findall(r'app-table__name" scope="row" role="rowheader">([^<]+)', page)


def hidden_in(page: str) -> dict[str, Any]:
    """What the form that books brings along."""
    form = page[page.index('<form action="/p/') :]
    found: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[: form.index("</form>")]
    ):
        found.setdefault(name, []).append(value)
    return found


def test_names_are_for_who_books_them_and_numbers_for_the_others(world: BookingWorld):
    other_ward = make.make_ward(site=world.site, name="Fern ward")
    world.people(5)
    make.make_staff(other_ward, name="Bo Ek")
    make.make_score(world.deployment)

    def seen(role: str, **scope: Any) -> tuple[int, bool, bool]:
        page = world.client(make.make_member(role, **scope)).get(site_address(world)).text
        return len(names_in(page)), "Bo Ek" in page, "whole site in numbers" in page

    assert seen(Role.PROGRAMME_MANAGER, programme=world.programme) == (6, True, False)
    assert seen(Role.TRAINER, programme=world.programme) == (6, True, False)
    assert seen(Role.SITE_LEAD, site=world.site) == (6, True, False)
    assert seen(Role.WARD_MANAGER, ward=world.ward) == (5, False, True)
    assert seen(Role.SIGNATORY, programme=world.programme) == (0, False, True)
    assert seen(Role.BOARD_MEMBER, programme=world.programme) == (0, False, True)
    board = world.client(make.make_member(Role.BOARD_MEMBER, programme=world.programme))
    lines = [
        " ".join(re.sub("<[^>]+>", " ", line).split()) for line in board.get(site_address(world)).text.splitlines()
    ]
    # One person on the other ward alone: from the whole less the first ward it could be worked out.
    assert [line for line in lines if line.startswith(("Elder", "Fern"))] == [
        "Elder ward Not shown",
        "Fern ward Not shown",
    ]
    assert board.get(site_address(world, "book/?all=on")).status_code == 403


def test_who_is_missing_is_who_the_score_counts_as_missing(world: BookingWorld):
    group = StaffGroup.objects.create(code="nurse")
    people = world.people(6)
    StaffMember.objects.filter(pk__in=ids(people[:3])).update(group=group, line_manager=True)
    other = Course.objects.create(programme=world.programme, code="C2", name="More", valid_days=20)
    other.groups.add(group)
    Attendance.objects.create(course=world.course, staff=people[0], on=DAY - timedelta(days=40), state="attended")
    Attendance.objects.create(course=other, staff=people[1], on=DAY - timedelta(days=30), state="attended")
    session = world.session()
    book(session=session, staff_ids=[people[5].pk], by=world.manager)
    model = model_in_use(world.programme.pk)
    assert model is not None
    parts = training_parts(model, world.deployment.pk, day=timezone.localdate())
    client = world.client()

    def found(query: str = "") -> list[str]:
        return names_in(client.get(site_address(world, f"?sort=name&{query}")).text)

    rows = list(
        csv.DictReader(
            io.StringIO(client.get(site_address(world, "?download=csv&table=missing")).getvalue().decode("utf-8-sig"))
        )
    )
    assert (len(found()), len(rows)) == (parts.whole.unfinished, parts.whole.missing)
    assert found() == ["Ana 1", "Ana 2", "Ana 3", "Ana 4", "Ana 5", "Ana 6"]
    assert found("course=C2") == ["Ana 1", "Ana 2", "Ana 3"]
    assert found("group=none&booked=no") == ["Ana 4", "Ana 5"]
    assert found("managers=on&course=C1") == ["Ana 2", "Ana 3"]
    assert found("expiring=on") == ["Ana 2"]
    assert found("booked=yes") == ["Ana 6"]
    StaffMember.objects.filter(pk=people[3].pk).update(name="Zoe Ek")
    assert found("q=EK+zo") == ["Zoe Ek"]
    assert found("ward=nowhere&course=C2") == ["Ana 1", "Ana 2", "Ana 3"]
    assert "runs out on 22 March 2026" in client.get(site_address(world, "?expiring=on")).text
    assert "booked for 1 April 2026" in client.get(site_address(world, "?booked=yes")).text
    part = client.get(site_address(world, "?booked=yes"), headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="people">')


def test_people_are_chosen_checked_and_booked_once(world: BookingWorld):
    people = world.people(6)
    session, done = (
        world.session(capacity=2),
        world.session(code="PAST", starts_at=NOW, ends_at=NOW + timedelta(hours=2)),
    )
    Absence.objects.create(staff=people[3], from_on=DAY)
    StaffMember.objects.filter(pk=people[1].pk).update(email="")
    client = world.client()
    chosen: dict[str, Any] = {"item": ids(people[:4]), "do": "choose"}

    choose = client.get(site_address(world, "book/"), chosen).text
    check = client.get(session_address(session, "book"), {**chosen, "do": "check", "site": world.site.code}).text
    sent = hidden_in(check)
    booked = client.post(session_address(session, "book"), sent, follow=True)
    again = client.post(session_address(session, "book"), sent, follow=True)

    assert "4 people are selected" in choose
    assert f'formaction="{session_address(session, "book")}"' in choose
    assert session_address(done, "book") not in choose
    for words in ("2 people will be booked.", "1 goes on the waiting list.", "1 is away that day.", "Book 3 people"):
        assert words in check
    assert "2 people are booked. 1 is on the waiting list. 1 has no email address: tell them yourself." in booked.text
    assert booked.redirect_chain[0][0].startswith(session_address(session, "places"))
    assert "They are booked already." in again.text
    assert states(session) == {"Ana 1": "booked", "Ana 2": "booked", "Ana 3": "waiting"}
    assert "Take these 3 places back" in booked.text

    act = booked.redirect_chain[0][0].partition("just=")[2]
    assert f'name="just" value="{act}"' in booked.text
    assert "already" in client.post(session_address(session, "places"), {"do": "cancel", "just": "x"}, follow=True).text
    back = client.post(session_address(session, "places"), {"do": "cancel", "just": act}, follow=True)
    assert "3 places are cancelled." in back.text
    assert set(states(session).values()) == {"cancelled"}


def test_all_that_match_go_with_their_filters_and_what_changed_is_shown_again(world: BookingWorld):
    people = world.people(3)
    StaffMember.objects.filter(pk=people[2].pk).update(line_manager=True)
    session, client = world.session(capacity=1), world.client()
    choice = {"all": "on", "managers": "on", "do": "check", "site": world.site.code}

    check = client.get(session_address(session, "book"), choice).text
    sent = hidden_in(check)
    book(session=session, staff_ids=[people[0].pk], by=world.manager)
    stale = client.post(session_address(session, "book"), sent)

    assert (sent["managers"], sent["all"]) == (["on"], ["on"])
    assert stale.status_code == 409
    assert "Nobody was booked: check it again." in stale.text
    assert "Put 1 person on the waiting list" in stale.text
    assert client.post(session_address(session, "book"), hidden_in(stale.text)).status_code == 302
    assert states(session) == {"Ana 1": "booked", "Ana 3": "waiting"}


def test_form_by_hand_books_nobody_who_is_not_theirs_or_does_not_need_it(world: BookingWorld):
    (mine,), (other,) = world.people(1), world.people(1, make.make_ward(site=world.site))
    (trained,) = world.people(1)
    Attendance.objects.create(course=world.course, staff=trained, on=DAY - timedelta(days=40), state="attended")
    session = world.session(capacity=5)
    client = world.client(make.make_member(Role.WARD_MANAGER, ward=world.ward))
    chosen: dict[str, Any] = {"item": [mine.pk, other.pk, trained.pk], "do": "check", "site": world.site.code}

    check = client.get(session_address(session, "book"), chosen).text
    sent = {**hidden_in(check), "item": [mine.pk, other.pk, trained.pk]}

    assert "2 do not lack this course." in check
    assert client.post(session_address(session, "book"), sent).status_code == 302
    assert states(session) == {"Ana 1": "booked"}
    for wrong in ({}, {"item": "x", "do": "check"}, {"do": "check", "item": mine.pk, "mark": "nonsense"}):
        assert client.post(session_address(session, "book"), wrong).status_code == 422
    assert client.get(session_address(session, "book"), {"site": "NOWHERE"}).status_code == 404
    assert client.get(session_address(session, "book"), {"do": "check"}).status_code == 422


def test_champions_course_is_asked_of_champions(world: BookingWorld):
    ana, _other = world.people(2)
    Champion.objects.create(programme=world.programme, staff=ana, from_on=DAY - timedelta(days=90))
    course = Course.objects.create(programme=world.programme, code="CH", name="Champions", for_champions=True)
    session = world.session(course=course)

    assert names_in(world.client().get(session_address(session, "book")).text) == ["Ana 1"]
    assert names_in(world.client().get(site_address(world, "?course=CH")).text) == ["Ana 1"]


def test_places_are_cancelled_with_a_reason_and_moved_with_one_button(world: BookingWorld):
    people = world.people(4)
    session, to, client = world.session(capacity=2), world.session(capacity=1, code="TO"), world.client()
    book(session=session, staff_ids=ids(people), by=world.manager)
    places = session_address(session, "places")

    listed = client.get(places).text
    ask = client.get(places, {"do": "cancel", "item": str(people[0].pk)}).text
    cancelled = client.post(places, {"do": "cancel", "item": people[0].pk, "reason": "Asked"}, follow=True).text
    again = client.post(places, {"do": "cancel", "item": people[0].pk, "reason": "Asked"}, follow=True).text
    where = client.get(places, {"do": "move", "item": str(people[1].pk)}).text
    nowhere = client.post(places, {"do": "move", "item": people[1].pk, "to": "1"})
    moved = client.post(places, {"do": "move", "item": ids(people[1:3]), "to": to.pk}, follow=True)
    full = client.post(places, {"do": "move", "item": people[2].pk, "to": to.pk})

    assert names_in(listed) == ["Ana 1", "Ana 2", "Ana 3", "Ana 4"]
    assert re.findall(r"Waiting, number \d", listed) == ["Waiting, number 1", "Waiting, number 2"]
    assert "1 place will be cancelled." in ask
    assert "1 place is cancelled. 1 person moved up from the waiting list." in cancelled
    assert "These places are cancelled already." in again
    assert f'name="to" value="{to.pk}"' in where
    assert (nowhere.status_code, "Select the session they move to." in nowhere.text) == (422, True)
    assert "1 person moved to this session. 1 found no free place and stays where they were." in moved.text
    assert (full.status_code, "That session is full." in full.text) == (422, True)
    assert states(session) == {"Ana 1": "cancelled", "Ana 2": "cancelled", "Ana 3": "booked", "Ana 4": "booked"}
    assert client.get(places, {"do": "cancel"}).status_code == 422
    part = client.get(places, {"select": "page"}, headers={"HX-Request": "true"}).text
    assert (part.lstrip()[:17], part.count(" checked")) == ('<div id="places">', 2)


def test_long_lists_say_how_much_is_not_shown(world: BookingWorld):
    first = world.session(capacity=None)
    for number in range(51):
        world.session(code=f"MORE{number}")
    book(session=first, staff_ids=ids(world.people(51)), by=world.manager)
    world.people(1)
    client = world.client()

    choose = client.get(site_address(world, "book/"), {"all": "on"}).text
    cancel = client.get(session_address(first, "places"), {"do": "cancel", "all": "on"}).text

    assert "2 later sessions are in the list of sessions." in choose
    assert ("51 places will be cancelled." in cancel, "And 1 more." in cancel) == (True, True)


def queries(client: Client, address: str, data: dict[str, Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address, data).status_code == 200
    return len(found)


def pages(world: BookingWorld, user: User, session: TrainingSession, people: list[StaffMember]) -> list[int]:
    client = world.client(user)
    check = {"do": "check", "item": ids(people), "site": world.site.code}
    return [
        queries(client, site_address(world), {}),
        queries(client, site_address(world, "book/"), {"item": ids(people)}),
        queries(client, session_address(session, "book"), {}),
        queries(client, session_address(session, "book"), check),
        queries(client, session_address(session, "places"), {}),
    ]


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.WARD_MANAGER])
def test_queries_do_not_grow_with_people(world: BookingWorld, role: str):
    scope = {"programme": world.programme} if role == Role.PROGRAMME_MANAGER else {"ward": world.ward}
    user, session = make.make_member(role, **scope), world.session(capacity=200)
    make.make_score(world.deployment)
    people = world.people(1)
    booked = world.people(1)
    book(session=session, staff_ids=ids(booked), by=world.manager)
    few = pages(world, user, session, people)
    people += world.people(199)
    book(session=session, staff_ids=ids(world.people(2)), by=world.manager)

    assert pages(world, user, session, people) == few
    assert max(few) <= 25
