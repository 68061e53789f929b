"""The pages of the log without scripts: one tap, another shift, a log-in test, an issue, a sheet."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from rollout.choices import Role
from rollout.models import Programme, SupportIssue
from tests import factories as make
from tests.pages import words
from tests.training.log_world import NOW, TODAY, LogWorld
from training.models import AccessCheck, Attendance, Champion, ChampionShift, LogEntry, ShiftPattern
from training.services.shift_log import TABLE


@pytest.fixture
def manager(log_world: LogWorld, client: Client) -> Client:
    client.force_login(log_world.manager)
    return client


def shift_form(world: LogWorld, **fields: Any) -> dict[str, Any]:
    form = {
        "once": str(uuid4()),
        "on": TODAY.isoformat(),
        "pattern": world.patterns["early"].pk,
        "champion": world.champion.pk,
        "helped": "3",
    }
    return form | fields


def test_log_shows_todays_shifts_what_can_be_logged_and_the_number(log_world: LogWorld, manager: Client):
    log_world.plan()
    log_world.plan("late", staff=log_world.second, ward=log_world.other_ward)
    log_world.plan("night", on=TODAY - timedelta(days=1), staff=log_world.second)

    page = manager.get("/log/")

    text = words(page.text)
    assert "Yesterday, 11pm to 7am · Ward A Ben" in text
    assert "7am to 3pm · Ward A Ada" in text
    assert "Ward B" not in text
    assert 'href="tel:03005550100"' in page.text
    links = ("/log/shift/", "/log/attendance/", "/log/access/", "/log/issue/")
    assert [f'href="{link}?ward={log_world.ward.pk}"' in page.text for link in links] == [True] * 4
    assert 'content="light dark"' in page.text


def test_support_number_is_shown_in_the_fortnight_alone(log_world: LogWorld, manager: Client):
    type(log_world.deployment).objects.update(actual_go_live_on=TODAY - timedelta(days=14))

    assert "tel:" not in manager.get("/log/").text


@pytest.mark.parametrize("more", [1, 3])
def test_log_costs_as_much_for_more_shifts(
    log_world: LogWorld, manager: Client, more: int, django_assert_max_num_queries: Any
):
    for _number in range(more):
        log_world.plan(staff=make.make_staff(log_world.ward))

    with django_assert_max_num_queries(14):
        page = manager.get("/log/")

    assert page.text.count('value="worked"') == more


def test_one_tap_and_undo_as_page_and_as_part(log_world: LogWorld, manager: Client):
    shift = log_world.plan()

    def tap(kind: str, **headers: str) -> Any:
        return manager.post("/log/mark/", {"once": str(uuid4()), "shift": shift.pk, "kind": kind}, headers=headers)

    plain = tap("worked")
    again = tap("missed")
    part = tap("undo", **{"HX-Request": "true"})
    refused = tap("undo", **{"HX-Request": "true"})

    assert (plain.status_code, plain.headers["Location"]) == (302, f"/log/#shift-{shift.pk}")
    assert again.status_code == 422
    assert "marked as worked by now" in again.text
    assert "<title>Error: Log" in again.text
    assert part.status_code == 200
    assert part.text.strip().startswith(f'<li class="app-shift" id="shift-{shift.pk}"')
    assert refused.status_code == 422
    assert "There is nothing to undo here" in refused.text
    shift.refresh_from_db()
    assert shift.state == "planned"


def test_last_nights_shift_stays_for_undo_on_the_day_it_was_marked(log_world: LogWorld, manager: Client):
    nights = []
    for arrived in (NOW, NOW - timedelta(days=1)):
        staff = make.make_staff(log_world.ward)
        nights.append(log_world.plan("night", on=TODAY - timedelta(days=1), staff=staff, state="missed"))
        mark = {"kind": "missed", "record": TABLE, "record_id": nights[-1].pk, "before": "planned"}
        LogEntry.objects.create(
            client_id=uuid4(), user=log_world.manager, body_hash="0" * 64, answer="accepted", arrived_at=arrived, **mark
        )

    page = manager.get("/log/").text

    assert [f'id="shift-{night.pk}"' in page for night in nights] == [True, False]
    assert page.count('value="undo"') == 1


def test_another_shift_is_saved_once_however_often_the_form_is_sent(log_world: LogWorld, manager: Client):
    form = shift_form(log_world)

    answers = [manager.post("/log/shift/", form) for _time in range(2)]
    page = manager.get(answers[0].headers["Location"])
    changed = manager.post("/log/shift/", {**form, "helped": "9"})

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, f"/log/?ward={log_world.ward.pk}&added=shift")
    }
    assert changed.status_code == 422
    assert ChampionShift.objects.values_list("staff_helped", "state").get() == (3, "worked")
    assert "Shift sent at 6pm." in words(page.text)
    assert "Add another shift" in page.text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"champion": ""}, "Select a champion"),
        ({"champion": "987654321"}, "Select a champion"),
        ({"pattern": ""}, "Select a shift"),
        ({"helped": "2.5"}, "Enter a whole number from 0 to 999"),
        ({"helped": "1000000000"}, "Enter a whole number from 0 to 999"),
        ({"on": "other"}, "Enter a date like 2026-03-14"),
        ({"on": "other", "other_on": "2026-03-01"}, "1 March 2026 is more than 30 days ago."),
        ({"pattern": "other:CODE", "starts": "09:00"}, "Enter a time like 07:30"),
        ({"pattern": "other:CODE", "starts": "09:00", "ends": "08:00"}, "The shift ends before it starts."),
        ({"notes": "About 943 476 5919"}, "This looks like an NHS number."),
    ],
)
def test_form_says_at_the_field_how_to_mend_it(
    log_world: LogWorld, manager: Client, fields: dict[str, str], problem: str
):
    Champion.objects.update(from_on=TODAY - timedelta(days=90))
    code = log_world.deployment.programme.code
    form = shift_form(log_world, notes="Asked about printing")
    form |= {name: value.replace("CODE", code) for name, value in fields.items()}

    page = manager.post("/log/shift/", form)
    mended = manager.post("/log/shift/", shift_form(log_world, once=form["once"]))

    assert page.status_code == 422
    assert problem.rstrip(".") in words(page.text)
    assert "<title>Error:" in page.text
    assert mended.status_code == 302


def test_champions_of_the_rota_come_first_and_others_are_found_by_name(log_world: LogWorld, manager: Client):
    beside = make.make_staff(log_world.other_ward, name="Cleo")
    Champion.objects.create(staff=beside, programme=log_world.deployment.programme, from_on=make.DAY)
    log_world.plan(staff=log_world.second)

    shown = words(manager.get("/log/shift/").text)
    found = manager.get("/log/shift/", {"q": "cle", "helped": "7"})

    kept = manager.post("/log/shift/", {**shift_form(log_world), "q": "cle", "search": "1", "notes": "Typed"})

    assert (kept.status_code, "Cleo" in kept.text, "Typed" in kept.text) == (200, True, True)
    assert ChampionShift.objects.filter(state="worked").count() == 0
    assert shown.index("Ben") < shown.index("Ada")
    assert "Cleo" not in shown
    assert "Cleo" in found.text
    assert 'value="7"' in found.text


def test_enter_searches_a_name_that_was_not_searched_for_yet_and_saves_otherwise(log_world: LogWorld, manager: Client):
    form = shift_form(log_world, enter="1")

    searched = manager.post("/log/shift/", {**form, "q": "be", "searched": ""})
    saved = [manager.post("/log/shift/", {**form, "q": "be", "searched": "be", "champion": log_world.second.pk})]
    saved.append(manager.post("/log/shift/", shift_form(log_world, enter="1", q="", searched="")))

    assert (searched.status_code, "Ben" in searched.text) == (200, True)
    assert searched.text.index('name="enter"') < searched.text.index('name="search"')
    assert [answer.status_code for answer in saved] == [302, 302]
    assert ChampionShift.objects.filter(state="worked").count() == 2


def test_day_and_times_that_are_not_chosen_are_not_read(log_world: LogWorld, manager: Client):
    answer = manager.post("/log/shift/", shift_form(log_world, other_on="1/3", starts="early", ends="9"))

    assert answer.status_code == 302
    assert timezone.localdate(ChampionShift.objects.get().starts_at) == TODAY


def test_ward_is_asked_where_it_is_not_plain_and_the_code_on_the_wall_answers_it(log_world: LogWorld, client: Client):
    client.force_login(make.make_member(Role.SITE_LEAD, site=log_world.deployment.site))

    asked = client.get("/log/shift/")
    sent = client.post("/log/shift/", shift_form(log_world))
    wall = client.get(f"/q/{log_world.ward.pk}/")

    Programme.objects.update(ward_word="team")
    told = client.get("/log/shift/")

    assert "Which ward?" in asked.text
    assert "Which team?" in told.text
    assert f'href="/log/shift/?ward={log_world.ward.pk}"' in asked.text
    assert (sent.status_code, ChampionShift.objects.count()) == (422, 0)
    assert wall.headers["Location"] == f"/log/?ward={log_world.ward.pk}"
    assert client.get(wall.headers["Location"]).status_code == 200


@pytest.mark.parametrize("ward", ["987654321", "0", "x", "9" * 30, "²"])
def test_ward_that_is_none_of_ones_own_is_not_found(manager: Client, ward: str):
    assert manager.get("/log/shift/", {"ward": ward}).status_code == 404


def test_champion_sees_own_shifts_and_logs_nobody_else(log_world: LogWorld, client: Client):
    user = make.make_member(Role.CHAMPION)
    type(log_world.champion).objects.filter(pk=log_world.champion.pk).update(user=user)
    log_world.plan()
    log_world.plan(staff=log_world.second)
    client.force_login(user)

    home = client.get("/log/").text
    form = client.get("/log/shift/", {"ward": log_world.ward.pk}).text

    assert (home.count('value="worked"'), "Ben" in home, "I will be there" in home) == (1, False, True)
    assert "Ben" not in form
    assert client.post(f"/log/shift/?ward={log_world.ward.pk}", shift_form(log_world)).status_code == 302


def test_patterns_say_their_programme_where_a_ward_has_several(log_world: LogWorld, manager: Client):
    other = make.make_deployment(site=log_world.deployment.site)
    ShiftPattern.objects.create(programme=other.programme, name="day", starts="09:00", ends="17:00")

    text = words(manager.get("/log/shift/").text)

    assert f"Day, 9am to 5pm ({other.programme.code})" in text
    assert f"Early, 7am to 3pm ({log_world.deployment.programme.code})" in text


def test_log_in_test_is_saved_and_those_still_to_test_stand_first(log_world: LogWorld, manager: Client):
    form = {"once": str(uuid4()), "staff": log_world.second.pk, "passed": "no", "reason": "", "device": "Cart 3"}

    missing = manager.post("/log/access/", form)
    saved = manager.post("/log/access/", {**form, "reason": "card"})
    manager.post("/log/access/", {**form, "once": str(uuid4()), "passed": "yes"})
    page = words(manager.get("/log/access/").text)

    assert "Select why the log-in did not work" in missing.text
    assert saved.headers["Location"] == f"/log/?ward={log_world.ward.pk}&added=access"
    tests = AccessCheck.objects.order_by("pk").values_list("passed", "reason", "device", "checked_at")
    assert list(tests) == [
        (False, "card", "Cart 3", NOW),
        (True, "", "Cart 3", NOW + timedelta(microseconds=1)),
    ]
    assert page.index("Ada") < page.index("Ben")


def test_issue_asks_nothing_else_and_is_sent(log_world: LogWorld, manager: Client):
    form = {"once": str(uuid4()), "words": "The printer prints nothing", "stops_work": "yes"}

    empty = manager.post("/log/issue/", {"once": str(uuid4())})
    sent = manager.post("/log/issue/", form)

    assert empty.status_code == 422
    assert words(empty.text).count("Say what is wrong") == words(empty.text).count("Select whether it stops work") == 2
    assert sent.headers["Location"] == f"/log/?ward={log_world.ward.pk}&added=issue"
    assert SupportIssue.objects.values_list("words", "stops_work").get() == ("The printer prints nothing", True)


def test_sheet_marks_everybody_and_then_one(log_world: LogWorld, manager: Client):
    session = log_world.session()
    for person in (log_world.champion, log_world.second, make.make_staff(log_world.other_ward, name="Stranger")):
        Attendance.objects.create(course=session.course, session=session, staff=person, on=TODAY, state="booked")
    address = f"/log/attendance/{session.pk}/"

    listed = manager.get("/log/attendance/")
    sheet = manager.get(address)
    nothing = manager.post(address, {"once": str(uuid4())})
    everyone = manager.post(address, {"once": str(uuid4()), "everyone": "1"})
    one = manager.post(address, {"once": str(uuid4()), f"staff_{log_world.champion.pk}": "did_not_attend"})

    assert address in listed.text
    assert ("Ada" in sheet.text, "Stranger" in sheet.text) == (True, False)
    assert (nothing.status_code, everyone.status_code, one.status_code) == (422, 302, 302)
    states = Attendance.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["did_not_attend", "attended", "booked"]


def test_sheet_of_an_assessed_course_says_who_passed(log_world: LogWorld, manager: Client):
    session = log_world.session()
    type(session.course).objects.update(assessed=True)
    Attendance.objects.create(
        course=session.course, session=session, staff=log_world.champion, on=TODAY, state="booked"
    )
    address = f"/log/attendance/{session.pk}/"

    manager.post(address, {"once": str(uuid4()), f"staff_{log_world.champion.pk}": "not_passed"})
    kept = Attendance.objects.values_list("state", "passed").get()
    page = manager.get(address)

    assert kept == ("attended", False)
    assert 'value="not_passed" checked' in page.text
    assert "Everyone passed" in page.text
