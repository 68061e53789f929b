"""Seats still needed at a site, week by week, against the seats there are; and refreshers until day 300."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import Deployment
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.readers import NOON, as_manager, client_of, csv_of
from tests.readiness.records import DAY, GO_LIVE, World, forgotten
from tests.readiness.training_world import PAGE, crowd, scored, session, two_wards
from training.models import Attendance, Course, StaffMember, TrainingSession

pytestmark = pytest.mark.django_db

SEATS = f"{PAGE}seats/"


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(NOON)


def untrained(world: World) -> list[StaffMember]:
    """The members of staff who still need the course, in order."""
    done = Attendance.objects.filter(state="attended").values("staff")
    return list(StaffMember.objects.exclude(pk__in=done).order_by("pk"))


def placed(person: StaffMember, held: TrainingSession, on: int, state: str = "booked") -> None:
    Attendance.objects.create(
        staff=person, course=Course.objects.get(), session=held, on=DAY + timedelta(days=on), state=state
    )


def test_seats_count_where_somebody_who_needs_the_course_has_or_can_have_them():
    world = two_wards()
    # Nine are missing. By Sunday 15 March the line asks for fewer than have it; then 24 of 30, then 29.
    first, second, third = untrained(world)[:3]
    trained = StaffMember.objects.filter(attendances__state="attended").first()
    elsewhere = make.make_staff(make.make_ward())
    assert trained is not None
    near = session(world, DAY + timedelta(days=3), capacity=4)
    for person in (first, trained, elsewhere):
        placed(person, near, 3)
    placed(second, near, 3, "waiting")
    later = session(world, DAY + timedelta(days=10), capacity=2)
    placed(first, later, 10)
    shared = session(world, DAY + timedelta(days=4), capacity=9, site=None)
    placed(third, shared, 4)
    # Held in the last week, but after the day of the target; and one that is not held at all.
    session(world, GO_LIVE - timedelta(days=6), capacity=50)
    session(world, DAY + timedelta(days=5), capacity=50, retired_at=NOON)
    client = as_manager()

    text = client.get(SEATS).text

    assert table(text, "seats") == [
        ["9 March 2026", "0", "0", "0", "0", "0", "Enough"],
        ["16 March 2026", "0", "3", "2", "1", "1", "Enough"],
        ["23 March 2026", "8", "1", "0", "1", "0", "4 short"],
    ]
    assert table(text, "courses") == [["C1", "8", "4", "2", "2", "1", "4 short", "2"]]
    lead = (
        "Seats needed until 28 March 2026: 8; seats there are: 4. "
        "Week of 23 March 2026: 8 needed, 1 seat, 4 short. Plan more: 2 sessions of C1."
    )
    assert lead in words(text)
    assert "Besides, 8 places are free in sessions open to every site." in words(text)
    assert csv_of(client, SEATS, "seats")[3] == ["2026-03-23", "C1", "8", "1", "0", "1", "0", "4"]


def test_courses_learnt_alone_take_no_seat_and_a_session_without_limit_serves_all():
    world = World()
    here = world.site()
    crowd(world, here, 0, 10, 0, world.course())
    crowd(world, here, 0, 10, 0, world.course(mode="e-learning"))
    scored(world)
    session(world, DAY + timedelta(days=3))

    text = as_manager().get(SEATS).text

    assert table(text, "courses") == [["C1", "19", "No limit", "0", "No limit", "0", "Enough", "0"]]
    assert "19 completions of e-learning are needed as well; they take no seat." in words(text)


def test_after_the_day_of_the_target_all_that_is_missing_is_needed_now():
    world = two_wards()
    Deployment.objects.update(go_live_on=DAY + timedelta(days=2), stage="preparing")
    session(world, DAY + timedelta(days=9), capacity=3)

    text = as_manager().get(SEATS).text

    assert "The day of the target is past. Seats still needed: 8; seats to come: 3." in words(text)
    assert [row[-1] for row in table(text, "seats")] == ["8 short", "8 short", "5 short"]


def test_refreshers_are_those_that_count_at_go_live_and_run_out_before_day_300():
    world = World()
    here = world.site()
    crowd(world, here, 0, 6, 5, world.course(valid_days=60))
    scored(world)
    client = as_manager()
    # Completed on 4 March, so until 3 May. One is booked again in time, one too late, one on what is not held.
    people = list(StaffMember.objects.filter(attendances__state="attended").order_by("pk"))
    placed(people[0], session(world, DAY + timedelta(days=40), capacity=5), 40)
    placed(people[1], session(world, DAY + timedelta(days=90), capacity=5), 90)
    placed(people[2], session(world, DAY + timedelta(days=41), retired_at=NOON), 41)

    text = client.get(SEATS).text

    assert table(text, "running-out") == [["C1", "5", "1", "4", "8"]]
    assert table(text, "refreshers-by-week") == [["27 April 2026", "C1", "5", "1", "4"]]
    assert "courses are kept valid until 29 January 2027" in words(text)
    assert csv_of(client, SEATS, "refreshers")[1:] == [["2026-04-27", "C1", "5", "1", "4"]]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"go_live_on": None}, "No go-live is planned: without a date there is no day"),
        ({"stage": "embedded"}, "An embedded site's training is not held against a plan any more."),
        ({}, "No completion that counts today runs out before 29 January 2027"),
    ],
)
def test_what_is_not_there_is_said(changes: dict[str, object], sentence: str):
    two_wards()
    Deployment.objects.update(**changes)

    assert sentence in words(as_manager().get(SEATS).text)


def test_site_on_hold_or_unscored_is_told_so():
    world = World()
    here = world.site()
    here.stage = "deferred"
    crowd(world, here, 0, 9, 1, world.course(mode="e-learning"))
    world.save()
    client = as_manager()

    before = words(client.get(SEATS).text)
    score_deployments(ids=[here.pk], day=DAY)
    on_hold = words(client.get(SEATS).text)
    Deployment.objects.update(stage="preparing")
    score_deployments(ids=[here.pk], day=DAY)

    assert "Seats needed from week to week stand here after the first run." in before
    assert "Deferred: the seats are shown as they stand, and nothing is held against a plan." in on_hold
    assert "No course that is taught in sessions is required here." in words(client.get(SEATS).text)


def test_another_day_says_that_seats_are_told_for_today_alone():
    two_wards()
    answer = as_manager().get(f"{SEATS}?as_of={DAY}")

    assert "How places were booked on another day is not known." in words(answer.text)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.TRAINER, 200), (Role.SITE_LEAD, 200), (Role.WARD_MANAGER, 200), (Role.BOARD_MEMBER, 403)],
)
def test_seats_are_for_those_who_book(role: Role, status: int):
    world = two_wards()
    here = world.of(Deployment)[0]
    scope: dict[str, Any] = {
        Role.SITE_LEAD: {"site": here.site},
        Role.WARD_MANAGER: {"ward": world.wards(here)[0]},
    }.get(role, {"programme": world.programme})
    client: Client = client_of(make.make_member(role, **scope))

    assert client.get(SEATS).status_code == status
    assert ("Seats needed until" in words(client.get(PAGE).text)) == (status == 200)


def test_queries_do_not_grow():
    found = []
    for size in (1, 3):
        with forgotten():
            world = World()
            here = world.site()
            for _course in range(size):
                crowd(world, here, 0, size, 1, world.course(valid_days=100))
            scored(world)
            for number in range(size):
                session(world, DAY + timedelta(days=number + 1), capacity=9)
            client = as_manager()
            client.get(SEATS)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(SEATS).status_code == 200
            found.append(len(captured))

    assert (found[0] == found[1], found[1] <= 25) == (True, True)
