"""The door of a session: a code on a screen, a phone that scans it, and numbers typed on the trainer's device."""

import gzip
from datetime import timedelta

import pytest
from django.test import Client

from rollout.choices import Role
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.training.log_world import NOW, LogWorld
from training.models import Attendance, StaffMember, TrainingSession
from training.services.door import code_at

HTMX = {"HX-Request": "true"}


@pytest.fixture
def session(log_world: LogWorld) -> TrainingSession:
    """It runs from now to an hour later."""
    return log_world.session(starts_at=NOW, ends_at=NOW + timedelta(hours=1))


@pytest.fixture
def trainer(log_world: LogWorld) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.TRAINER, programme=log_world.deployment.programme))
    return client


@pytest.fixture
def phone(log_world: LogWorld) -> Client:
    """The first champion's, logged in."""
    user = make.make_user()
    StaffMember.objects.filter(pk=log_world.champion.pk).update(user=user)
    client = Client()
    client.force_login(user)
    return client


def door(session: TrainingSession, page: str = "") -> str:
    return f"/p/{session.programme.code}/training/sessions/{session.pk}/door/{page}"


def test_screen_shows_a_code_that_changes_and_how_many_came(
    session: TrainingSession, trainer: Client, frozen_clock: FrozenClock, log_world: LogWorld
):
    Attendance.objects.create(
        course=session.course, session=session, staff=log_world.champion, on=NOW.date(), state="booked"
    )
    code = code_at(session.pk, NOW)

    page = trainer.get(door(session))
    seen = page.text.partition("?seen=")[2].partition('"')[0]
    same = trainer.get(door(session), {"seen": seen}, headers=HTMX)
    frozen_clock.forward(seconds=30)
    part = trainer.get(door(session), {"seen": seen}, headers=HTMX)
    paused = trainer.get(door(session), {"live": "off"})

    assert f"Code: {code[:3]} {code[3:]} 0 of 1 have checked in" in words(page.text)
    assert ("Ada" in page.text, "data-live" in page.text, "data-live" in paused.text) == (False, True, False)
    assert (same.status_code, part.status_code, "<h1" in part.text) == (304, 200, False)
    assert code not in part.text.replace(" ", "")
    assert len(gzip.compress(part.content)) <= 3 * 1024


def test_screen_says_when_people_check_in(session: TrainingSession, trainer: Client, frozen_clock: FrozenClock):
    frozen_clock.forward(hours=4)

    page = trainer.get(door(session))
    typed = trainer.get(door(session, "kiosk/"))

    assert ["People check in from 5pm to 8pm." in words(each.text) for each in (page, typed)] == [True, True]
    assert ("app-poster" in page.text, 'name="number"' in typed.text) == (False, False)


def test_phone_scans_and_says_i_am_here(session: TrainingSession, phone: Client, frozen_clock: FrozenClock):
    address = f"/t/{session.pk}/"

    scanned = phone.get(address, {"c": code_at(session.pk, NOW)}, follow=True)
    frozen_clock.forward(minutes=5)
    sent = phone.post(address, follow=True)

    assert scanned.redirect_chain == [(address, 302)]
    assert ("Basics" in scanned.text, "I am here" in scanned.text) == (True, True)
    assert "You are checked in." in sent.text
    assert Attendance.objects.values_list("staff__name", "state").get() == ("Ada", "attended")


def test_code_is_kept_while_one_logs_in(session: TrainingSession, frozen_clock: FrozenClock):
    address, user, client = f"/t/{session.pk}/", make.make_user(), Client()
    StaffMember.objects.filter(name="Ada").update(user=user)

    asked = client.get(address, {"c": code_at(session.pk, NOW)})
    unknown = Client().get("/t/987654321/", {"c": "123456"})
    frozen_clock.forward(minutes=3)
    client.force_login(user)
    page = client.get(address)

    assert asked.headers["Location"] == f"/log-in/?next=%2Ft%2F{session.pk}%2F"
    assert (unknown.status_code, "door" in unknown.cookies, unknown.content) == (302, True, asked.content)
    assert asked.cookies["door"]["httponly"] is True
    assert "I am here" in page.text


@pytest.mark.parametrize("code", ["", "000000", "12", "x" * 500, "１２３４５６"])
def test_wrong_code_tells_nothing_of_the_session(session: TrainingSession, phone: Client, code: str):
    known = [phone.get(f"/t/{pk}/", {"c": code}, follow=True) for pk in (session.pk, 987_654_321)]
    typed = phone.post(f"/t/{session.pk}/", {"code": code})

    assert ["Basics" in page.text for page in known] == [False, False]
    assert [page.status_code for page in known] == [200, 200]
    assert (typed.status_code, "Error: " in typed.text) == (422, True)
    assert not Attendance.objects.exists()


def test_code_is_typed_where_there_is_no_camera(session: TrainingSession, phone: Client):
    sent = phone.post(f"/t/{session.pk}/", {"code": code_at(session.pk, NOW)}, follow=True)

    assert "You are checked in." in sent.text


def test_log_in_without_an_employee_number_is_told_so(session: TrainingSession, client: Client):
    client.force_login(make.make_user())

    page = client.get(f"/t/{session.pk}/", {"c": code_at(session.pk, NOW)}, follow=True)

    assert "Your log-in is not linked to an employee number." in page.text
    assert "I am here" not in page.text


def test_people_type_their_number_one_after_the_other(session: TrainingSession, trainer: Client, log_world: LogWorld):
    kiosk = door(session, "kiosk/")

    first = trainer.post(kiosk, {"number": f" {log_world.champion.number} "}, follow=True)
    wrong = trainer.post(kiosk, {"number": "nobody"})
    again = trainer.post(kiosk, {"number": ""})

    assert (f"Checked in: {log_world.champion.number}." in first.text, "Ada" in first.text) == (True, False)
    assert 'value="' not in first.text.partition('id="id_number"')[2].partition(">")[0]
    assert (wrong.status_code, "Nobody you may record has the employee number nobody." in wrong.text) == (422, True)
    assert (again.status_code, "Enter your employee number" in again.text) == (422, True)
    assert Attendance.objects.values_list("staff__name", "state").get() == ("Ada", "attended")
