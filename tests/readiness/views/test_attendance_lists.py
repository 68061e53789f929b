"""Many at once: numbers of a session or a course, shown with what becomes of each, then saved; and what is missing."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rollout.choices import Role
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.training.log_world import NOW, TODAY, LogWorld, make_log_world
from training.models import Attendance, Course, StaffMember, TrainingSession


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> LogWorld:
    frozen_clock.move_to(NOW)
    return make_log_world()


@pytest.fixture
def trainer(world: LogWorld, client: Client) -> Client:
    client.force_login(make.make_member(Role.TRAINER, programme=world.deployment.programme))
    return client


@pytest.fixture
def course(world: LogWorld) -> Course:
    return Course.objects.create(
        programme=world.deployment.programme, code="ELEARN", name="Essentials", mode="e-learning", assessed=True
    )


def place(session: TrainingSession, person: StaffMember, state: str) -> None:
    Attendance.objects.create(course=session.course, session=session, staff=person, on=TODAY, state=state)


def of_session(session: TrainingSession) -> str:
    return f"/p/{session.programme.code}/training/sessions/{session.pk}/attendance/numbers/"


def of_course(course: Course) -> str:
    return f"/p/{course.programme.code}/training/attendance/{course.code}/"


def confirm(page: Any, **more: str) -> dict[str, str]:
    """What the check page sends when it is confirmed."""
    form = page.context["form"]
    return {
        name: str(form[name].value() or "") for name in ("once", "lines", "mark", "on", "passed", "organisation")
    } | more


def rows() -> list[tuple[Any, ...]]:
    return list(Attendance.objects.order_by("staff__name", "on").values_list("staff__name", "state", "passed", "on"))


def test_numbers_of_a_session_are_shown_and_then_saved_once(world: LogWorld, trainer: Client):
    session = world.session(capacity=None)
    place(session, world.champion, "booked")
    place(session, world.second, "attended")
    new, number = make.make_staff(world.other_ward, name="Cal"), world.champion.number
    typed = f"{number} {world.second.number},{new.number}\nnobody;{number}"

    check = trainer.post(of_session(session), {"numbers": typed})
    kept = rows()
    sent = confirm(check)
    done = trainer.post(of_session(session), sent, follow=True)
    again = trainer.post(of_session(session), sent)
    other = trainer.post(of_session(session), sent | {"lines": json.dumps([[1, new.number, "", ""]])})

    assert table(check.text, "fates") == [
        ["4", "nobody", "Not saved Nobody you may record has the employee number nobody. Check it and try again."],
        ["1", number, "Booked → Attended"],
        ["3", new.number, "Attended"],
        ["2", world.second.number, "Already so Attended"],
    ]
    assert "2 will be saved, 1 is so already, 1 will not be saved." in words(check.text)
    assert kept == [("Ada", "booked", None, TODAY), ("Ben", "attended", None, TODAY)]
    assert "Attendance of 2 people is saved." in words(done.text)
    assert rows() == [(name, "attended", None, TODAY) for name in ("Ada", "Ben", "Cal")]
    assert (again.status_code, other.status_code) == (302, 422)


def test_list_that_would_do_something_else_by_now_is_shown_again(world: LogWorld, trainer: Client):
    session = world.session()
    place(session, world.champion, "booked")
    check = trainer.post(of_session(session), {"numbers": world.champion.number})
    Attendance.objects.update(state="did_not_attend")

    overtaken = trainer.post(of_session(session), confirm(check))

    assert overtaken.status_code == 409
    assert "The records have changed meanwhile. Look at the list again." in overtaken.text
    assert table(overtaken.text, "fates")[0][2] == "Did not attend → Attended"
    assert rows() == [("Ada", "did_not_attend", None, TODAY)]


def test_completions_come_from_a_file_with_their_days_and_results(world: LogWorld, trainer: Client, course: Course):
    numbers = [world.champion.number, world.second.number]
    lines = [
        "Name,Staff number,Completed,Result",
        f"Ada,{numbers[0]},21/04/2026,Pass",
        f"Ben,{numbers[1]},,",
        f"Ben,{numbers[1]},2026-04-25,no",
        f"Ada,{numbers[0]},22/04/2026,perhaps",
        f"Ada,{numbers[0]},someday,yes",
        f"Ada,{numbers[0]},30/04/2026,yes",
    ]
    file = SimpleUploadedFile("done.csv", "\n".join(lines).encode())

    check = trainer.post(of_course(course), {"file": file, "on": "2026-04-25", "passed": "unknown"})
    trainer.post(of_course(course), confirm(check))

    assert [(row[0], row[2]) for row in table(check.text, "fates")] == [
        ("4", "Not saved Stands above already"),
        ("5", "Not saved Passed cannot be read: write yes or no, or nothing"),
        ("6", "Not saved The date cannot be read: write it like 2026-03-14"),
        ("7", "Not saved 30 April 2026 is still to come"),
        ("2", "Attended, passed"),
        ("3", "Attended"),
    ]
    assert rows() == [("Ada", "attended", True, TODAY - timedelta(days=4)), ("Ben", "attended", None, TODAY)]
    assert set(Attendance.objects.values_list("course", "session")) == {(course.pk, None)}


def test_result_that_is_known_stays_where_the_list_has_none(world: LogWorld, trainer: Client, course: Course):
    Attendance.objects.create(course=course, staff=world.champion, on=TODAY, state="attended", passed=True)

    check = trainer.post(
        of_course(course), {"numbers": world.champion.number, "on": TODAY.isoformat(), "passed": "unknown"}
    )
    worse = trainer.post(of_course(course), {"numbers": world.champion.number, "on": TODAY.isoformat(), "passed": "no"})

    assert table(check.text, "fates")[0][2] == "Already so Attended, passed"
    assert "Confirm and save" not in check.text
    assert table(worse.text, "fates")[0][2] == "Attended, passed → Attended, not passed"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Enter at least one employee number, or choose a file"),
        ({"numbers": "1", "on": ""}, "Enter a date like 2026-03-14"),
        ({"numbers": "1", "on": "2026-04-26"}, "26 April 2026 is still to come"),
        ({"numbers": "1", "on": "1999-12-31"}, "31 December 1999 is too long ago"),
        ({"numbers": " ".join(map(str, range(2001)))}, "A list has at most 2,000 rows. Split it into smaller ones."),
        ({"numbers": "1", "passed": "1e9"}, "Select whether they passed"),
        ({"numbers": "1", "file": "Number\n1"}, "Type numbers or choose a file, not both"),
        ({"file": "Ward,Name\nA,Ada"}, "Call the column with the employee numbers"),
        ({"file": "<html>"}, "Enter"),
        ({"file": "PK\x03\x04 not a workbook"}, "file"),
        ({"lines": "[[1]]", "once": "", "mark": "0" * 16}, "Enter at least one employee number, or choose a file"),
        ({"lines": "[" * 100_000, "mark": "x"}, "Enter at least one employee number, or choose a file"),
    ],
)
def test_list_says_how_to_mend_it(world: LogWorld, trainer: Client, course: Course, sent: dict[str, str], said: str):
    form: dict[str, Any] = {"on": TODAY.isoformat(), "passed": "yes"} | sent
    if "file" in form:
        form["file"] = SimpleUploadedFile("list.csv", form["file"].encode())

    answer = trainer.post(of_course(course), form)

    if sent.get("file") == "<html>":
        # One column of one cell: a heading and nobody below it, or a number that nobody has.
        assert answer.status_code in (200, 422)
    else:
        assert (answer.status_code, said in answer.text, "<title>Error: " in answer.text) == (422, True, True)
    assert rows() == []


def test_number_of_several_organisations_is_asked_for(world: LogWorld, trainer: Client, course: Course):
    other = make.make_deployment(programme=course.programme).site
    number = world.champion.number
    make.make_staff(make.make_ward(site=other), organisation=other.organisation, number=number, name="Dee")
    form = {"numbers": number, "on": TODAY.isoformat(), "passed": "yes"}

    missing = trainer.post(of_course(course), form)
    check = trainer.post(of_course(course), form | {"organisation": str(other.organisation_id)})
    trainer.post(of_course(course), confirm(check))

    assert (missing.status_code, "Select whose employee numbers these are" in missing.text) == (422, True)
    assert rows() == [("Dee", "attended", True, TODAY)]
    # At a session the site's own is meant, unless somebody says otherwise.
    page = trainer.get(of_session(world.session()))
    assert f'value="{world.deployment.site.organisation_id}" checked' in page.text


def test_course_that_is_taught_in_sessions_has_sheets(world: LogWorld, trainer: Client):
    taught = world.session().course

    answer = trainer.post(of_course(taught), {"numbers": "1", "on": TODAY.isoformat()})

    assert (answer.status_code, "This course is taught in sessions." in answer.text) == (422, True)


def test_numbers_can_be_changed_before_they_are_saved(world: LogWorld, trainer: Client):
    session = world.session()
    check = trainer.post(of_session(session), {"numbers": "A1 A2"})

    back = trainer.post(of_session(session), confirm(check, again="1"))

    assert re.search(r">\s*A1\nA2</textarea>", back.text)


def test_ward_manager_lists_the_own_ward_for_thirty_days(world: LogWorld, client: Client, course: Course):
    client.force_login(world.manager)
    other = make.make_staff(world.other_ward)
    form = {"numbers": f"{world.champion.number} {other.number}", "passed": "yes"}

    check = client.post(of_course(course), form | {"on": (TODAY - timedelta(days=30)).isoformat()})
    late = client.post(of_course(course), form | {"on": (TODAY - timedelta(days=31)).isoformat()})

    assert [row[2].partition(" has")[0] for row in table(check.text, "fates")] == [
        "Not saved Nobody you may record",
        "Attended, passed",
    ]
    assert (late.status_code, "is more than 30 days ago. Ask the trainer to record it." in late.text) == (422, True)


@pytest.mark.parametrize("many", [1, 3])
def test_list_costs_as_much_for_more_rows(world: LogWorld, trainer: Client, many: int, django_assert_num_queries: Any):
    session = world.session()
    numbers = " ".join(make.make_staff(world.ward).number for _ in range(many))
    trainer.get(of_session(session))

    with django_assert_num_queries(8):
        check = trainer.post(of_session(session), {"numbers": numbers})
    with django_assert_num_queries(24):
        trainer.post(of_session(session), confirm(check))


@pytest.mark.parametrize("many", [1, 3])
def test_sessions_without_attendance_are_listed(
    world: LogWorld, trainer: Client, course: Course, many: int, django_assert_num_queries: Any
):
    for days in range(many):
        then = NOW - timedelta(days=days, hours=3)
        place(world.session(starts_at=then, ends_at=then + timedelta(hours=1)), world.champion, "booked")
    place(world.session(), world.champion, "attended")
    place(world.session(starts_at=NOW, ends_at=NOW + timedelta(hours=1)), world.champion, "booked")
    address = f"/p/{course.programme.code}/training/attendance/"
    trainer.get(address)

    with django_assert_num_queries(10):
        page = trainer.get(address)

    found = table(page.text, "missing")
    assert (len(found), found[0][1], found[0][3]) == (many, "Basics, 25 April 2026, 3pm to 4pm", "1")
    assert of_course(course) in page.text
