"""Everyone attended, said of several sessions at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rollout.choices import Role
from rollout.models import AuditEntry
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.training.log_world import NOW, LogWorld, make_log_world
from training.models import Attendance, StaffMember, TrainingSession


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> LogWorld:
    frozen_clock.move_to(NOW)
    return make_log_world()


@pytest.fixture
def trainer(world: LogWorld, client: Client) -> Client:
    client.force_login(make.make_member(Role.TRAINER, programme=world.deployment.programme))
    return client


def session_with(world: LogWorld, *people: StaffMember, days_ago: int = 0, **fields: Any) -> TrainingSession:
    """A session that is over, with everybody booked."""
    then = NOW - timedelta(days=days_ago, hours=3)
    session = world.session(starts_at=then, ends_at=then + timedelta(hours=1), **fields)
    for person in people:
        Attendance.objects.create(course=session.course, session=session, staff=person, on=then.date(), state="booked")
    return session


def address(world: LogWorld) -> str:
    return f"/p/{world.deployment.programme.code}/training/everyone-attended/"


def confirm(page: Any, *sessions: TrainingSession) -> dict[str, Any]:
    form = page.context["form"]
    return {"once": str(form["once"].value()), "mark": form["mark"].value(), "item": [each.pk for each in sessions]}


def states() -> list[str]:
    return list(Attendance.objects.order_by("pk").values_list("state", flat=True))


def test_everyone_on_the_chosen_sessions_is_marked_once(world: LogWorld, trainer: Client):
    first = session_with(world, world.champion, world.second)
    second = session_with(world, world.champion, days_ago=400)
    other = session_with(world, world.champion)
    Attendance.objects.filter(session=first, staff=world.second).update(state="did_not_attend")
    chosen = (first, second)
    ticked: list[str | int] = [first.pk, second.pk, "x", "9" * 40]

    check = trainer.get(address(world), {"item": ticked})
    sent = confirm(check, *chosen)
    done = trainer.post(address(world), sent, follow=True)
    again = trainer.post(address(world), sent)

    assert [row[2] for row in table(check.text, "everyone")] == ["1", "1"]
    assert "2 people will be marked as attended." in words(check.text)
    assert "Attendance of 2 people is saved." in words(done.text)
    assert (again.status_code, states()) == (302, ["attended", "did_not_attend", "attended", "booked"])
    assert AuditEntry.objects.filter(table="training_attendance", reason="everyone attended").count() == 2
    assert Attendance.objects.get(session=other).state == "booked"


def test_people_who_changed_meanwhile_are_shown_again(world: LogWorld, trainer: Client):
    session = session_with(world, world.champion, world.second)
    check = trainer.get(address(world), {"item": session.pk})
    Attendance.objects.filter(staff=world.champion).update(state="did_not_attend")

    overtaken = trainer.post(address(world), confirm(check, session))

    assert (overtaken.status_code, states()) == (409, ["did_not_attend", "booked"])
    assert "The records have changed meanwhile." in overtaken.text
    assert [row[2] for row in table(overtaken.text, "everyone")] == ["1"]


def test_nothing_chosen_says_what_to_do(world: LogWorld, trainer: Client):
    page = trainer.get(address(world))

    assert "Tick one or more sessions on the list first." in page.text


def test_ward_manager_marks_the_own_ward_and_nothing_long_past(world: LogWorld, client: Client):
    client.force_login(world.manager)
    stranger = make.make_staff(world.other_ward)
    session = session_with(world, world.champion, stranger)
    elsewhere = session_with(world, world.champion, site=make.make_site())
    old = session_with(world, world.champion, days_ago=31)

    check = client.get(address(world), {"item": [session.pk, elsewhere.pk]})
    client.post(address(world), confirm(check, session, elsewhere))
    late = client.get(address(world), {"item": old.pk})

    assert states() == ["attended", "booked", "booked", "booked"]
    assert (late.status_code, "is more than 30 days ago." in late.text) == (422, True)


@pytest.mark.parametrize("many", [1, 3])
def test_costs_as_much_for_more_sessions(world: LogWorld, trainer: Client, many: int, django_assert_num_queries: Any):
    sessions = [session_with(world, world.champion, world.second) for _ in range(many)]
    trainer.get(address(world))

    with django_assert_num_queries(6):
        trainer.get(address(world), {"item": [each.pk for each in sessions]})
