"""The sheet of a session at a desk: three radios a person, who came without a place, and two who write at once."""

from typing import Any

import pytest
from django.test import Client

from readiness.views import attendance
from rollout.choices import Role
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.training.log_world import NOW, TODAY, LogWorld, make_log_world
from training.models import Attendance, StaffMember, TrainingSession


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> LogWorld:
    frozen_clock.move_to(NOW)
    return make_log_world()


@pytest.fixture
def trainer(world: LogWorld, client: Client) -> Client:
    client.force_login(make.make_member(Role.TRAINER, programme=world.deployment.programme))
    return client


def address(session: TrainingSession, page: str = "attendance") -> str:
    return f"/p/{session.programme.code}/training/sessions/{session.pk}/{page}/"


def place(session: TrainingSession, person: StaffMember, state: str = "booked") -> Attendance:
    return Attendance.objects.create(course=session.course, session=session, staff=person, on=TODAY, state=state)


def marks(person: StaffMember, state: str, was: str = "booked:unknown", **more: Any) -> dict[str, Any]:
    return {f"staff_{person.pk}": state, f"was_{person.pk}": was, **more}


def states() -> list[tuple[Any, ...]]:
    return list(Attendance.objects.order_by("pk").values_list("staff__name", "state", "passed"))


def test_sheet_marks_all_keeps_a_walk_in_and_says_how_many_places(world: LogWorld, trainer: Client):
    session = world.session()
    place(session, world.champion)
    place(session, world.second, "waiting")
    stranger = make.make_staff(world.other_ward, name="Cal")

    page = trainer.get(address(session))
    sent = trainer.post(address(session), {"everyone": "1", "number": stranger.number}, follow=True)

    assert "1 of 1 place, 1 not marked yet." in words(page.text)
    assert ("Ada" in page.text, "Cal" in page.text) == (True, False)
    # The Enter key presses the first button of the form.
    assert page.text.index(">Save attendance</button>") < page.text.index('name="everyone"')
    assert states() == [("Ada", "attended", None), ("Ben", "waiting", None), ("Cal", "attended", None)]
    told = "Attendance is saved: 2 attended. 1 person was added to the list. That is 2 of 1 place;"
    assert told in words(sent.text)


def test_sheet_of_an_assessed_course_says_who_passed_apart(world: LogWorld, trainer: Client):
    session = world.session()
    type(session.course).objects.update(assessed=True)
    for person in (world.champion, world.second):
        place(session, person)
    first, second = f"passed_{world.champion.pk}", f"passed_{world.second.pk}"

    wrong = trainer.post(address(session), marks(world.champion, "did_not_attend", **{first: "yes"}))
    sent = {
        **marks(world.champion, "attended", **{first: "yes"}),
        **marks(world.second, "attended", **{second: "unknown"}),
    }
    trainer.post(address(session), sent)

    assert (wrong.status_code, "Select Attended for somebody who has a result" in wrong.text) == (422, True)
    assert states() == [("Ada", "attended", True), ("Ben", "attended", None)]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Nothing was changed. Select what each person did."),
        ({"number": "nobody"}, "Nobody you may record has the employee number nobody. Check it and try again."),
        ({"number": "x" * 41}, "An employee number has at most 40 characters"),
        ({"number": " ".join(map(str, range(51)))}, "Enter at most 50 numbers"),
    ],
)
def test_sheet_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(
    world: LogWorld, trainer: Client, sent: dict[str, str], said: str
):
    session = world.session()
    place(session, world.champion)

    answer = trainer.post(address(session), sent)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert not sent or f'value="{sent["number"]}"' in answer.text
    assert "<title>Error: " in answer.text
    assert states() == [("Ada", "booked", None)]


def test_sheet_shows_what_somebody_else_marked_meanwhile_and_can_be_sent_again(world: LogWorld, trainer: Client):
    session = world.session()
    place(session, world.champion, "did_not_attend")

    overtaken = trainer.post(address(session), marks(world.champion, "attended"))
    kept = states()
    again = trainer.post(address(session), marks(world.champion, "attended", "did_not_attend:unknown"))

    assert overtaken.status_code == 409
    assert "Ada Saved meanwhile: Did not attend Yours: Attended" in words(overtaken.text)
    assert 'value="did_not_attend:unknown"' in overtaken.text
    assert (kept, again.status_code, states()) == (
        [("Ada", "did_not_attend", None)],
        302,
        [("Ada", "attended", None)],
    )


@pytest.mark.parametrize("people", [1, 3])
def test_sheet_costs_as_much_for_more_people(
    world: LogWorld, trainer: Client, people: int, django_assert_num_queries: Any
):
    session = world.session()
    for _ in range(people):
        place(session, make.make_staff(world.ward))
    trainer.get(address(session))

    with django_assert_num_queries(6):
        trainer.get(address(session))


def test_sheet_of_many_has_pages(world: LogWorld, trainer: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attendance, "PER_PAGE", 1)
    session = world.session()
    for person in (world.champion, world.second):
        place(session, person)

    page = trainer.get(address(session), {"page": "2"})
    sent = trainer.post(f"{address(session)}?page=2", {"everyone": "1"})

    assert ("Ben" in page.text, "Ada" in page.text) == (True, False)
    assert sent.headers["Location"] == f"{address(session)}?page=2"
    assert states() == [("Ada", "booked", None), ("Ben", "attended", None)]
