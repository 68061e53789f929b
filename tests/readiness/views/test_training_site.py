"""Training at a site: its page says what the score counts, and what is not there yet."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from readiness.models import ReadinessScore
from readiness.packs import import_pack
from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import Deployment, Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.readers import NOON, as_manager, client_of, csv_of
from tests.readiness.records import DAY, GO_LIVE, World
from tests.readiness.training_world import PAGE, crowd, scored, session, two_wards
from training.models import Absence, Attendance, Course, StaffMember, TrainingPlan, TrainingPlanPoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(NOON)


@pytest.fixture
def world() -> World:
    return two_wards()


@pytest.fixture
def manager(world: World) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))


GOLDEN = Path(__file__).parents[2] / "golden"


# The site ------------------------------------------------------------------------------------------------------------


def test_first_sentence_says_where_it_is_what_was_planned_and_what_it_takes(world: World, manager: Client):
    text = words(manager.get(PAGE).text)

    # From 0 on 7 March to 95% on 28 March: 31.66% by 14 March. 28.5 of 30 are needed, 8 more in two weeks.
    assert "21 of 30 trained (70%). Planned by today: 31%. Needed: 4 a week until 28 March 2026." in text
    assert "behind its plan" not in text


def test_pairs_are_courses_where_somebody_needs_several(world: World, manager: Client):
    Course.objects.create(programme=world.programme, code="C2", name="Second")

    assert "21 of 60 required courses completed (35%)." in words(manager.get(PAGE).text)


def test_pace_is_that_of_the_stored_scores():
    world = World()
    here = world.site()
    course = world.course()
    crowd(world, here, 0, 20, 10, course)
    scored(world, 35, 28, 7)

    text = words(as_manager().get(PAGE).text)

    assert "10 of 20 trained (50%). Needed: 5 a week until 28 March 2026; the last 4 weeks: 2 a week." in text


def test_behind_is_said_in_words_with_the_days_that_are_left(world: World, manager: Client):
    plan = TrainingPlan.objects.create(deployment=world.of(Deployment)[0])
    TrainingPlanPoint.objects.create(plan=plan, on=DAY - timedelta(days=20), share="0.5")
    TrainingPlanPoint.objects.create(plan=plan, on=DAY, share="0.88")

    page = manager.get(PAGE).text

    assert "Planned by today: 88%." in words(page)
    assert "Go-live is 21 days away, and training is 18 percentage points behind its plan." in words(page)
    assert '<figcaption class="app-chart__title">Training is 18 percentage points behind its plan</figcaption>' in page


def test_having_been_behind_four_weeks_before_is_said_too():
    world = World()
    here = world.site()
    course = world.course()
    for _number in range(10):
        world.attended(world.person(world.wards(here)[0]), course, DAY - timedelta(days=5))
    scored(world, 9)
    plan = TrainingPlan.objects.create(deployment=here)
    TrainingPlanPoint.objects.create(plan=plan, on=DAY - timedelta(days=60), share="0.4")

    text = words(as_manager().get(PAGE).text)

    assert "Four weeks before go-live it was 40 percentage points behind: 0%, and 40% was planned." in text
    assert "behind its plan" not in text


def test_tables_add_up_to_the_score_with_the_lowest_first(world: World, manager: Client):
    ward = world.wards(world.of(Deployment)[0])[0]
    Absence.objects.create(staff=ward.postings.earliest("pk").staff, from_on=GO_LIVE)

    text = manager.get(PAGE).text

    assert table(text, "wards") == [
        ["Ward 1", "60%", "12", "20", "8", "57% (11 of 19)"],
        ["Ward 2", "90%", "9", "10", "1", "90% (9 of 10)"],
    ]
    assert table(text, "groups") == [["Nurse", "70%", "21", "30", "9", "68% (20 of 29)"]]
    assert table(text, "courses") == [["C1", "Classroom", "70%", "21", "30", "9"]]
    assert f'href="{PAGE}missing/?ward={ward.code}"' in text
    stored = ReadinessScore.objects.get().indicators["training.completion"]
    assert (stored[1], stored[2]) == ("21", 30)


@pytest.mark.parametrize(("pack", "day"), [("pack1", date(2026, 2, 14)), ("pack3", date(2026, 2, 14))])
def test_sites_of_a_golden_pack_show_what_their_scores_count(pack: str, day: date):
    import_pack(GOLDEN / pack)
    score_deployments(ids=list(Deployment.objects.values_list("pk", flat=True)), day=day)
    programme = Programme.objects.get()
    client = client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    shown = {}
    for score in ReadinessScore.objects.select_related("deployment__site"):
        site = score.deployment.site.code
        rows = csv_of(client, f"/p/{programme.code}/s/{site}/training/?as_of={day}", "wards")[1:]
        shown[site] = [sum(int(row[1]) for row in rows), sum(int(row[2]) for row in rows)]
        stored = score.indicators["training.completion"]
        assert shown[site] == [int(stored[1]), stored[2]]

    assert any(counts[1] for counts in shown.values())
    listed = csv_of(client, f"/p/{programme.code}/training/?as_of={day}", "training")[1:]
    assert {row[1]: [int(row[7]), int(row[8])] for row in listed if row[7]} == {
        site: counts for site, counts in shown.items() if counts[1]
    }


def test_ways_to_count_stand_side_by_side_with_who_is_left_out(world: World, manager: Client):
    people = StaffMember.objects.filter(postings__ward__in=world.wards(world.of(Deployment)[0])).order_by("pk")
    StaffMember.objects.filter(pk__in=people.values("pk")[:4]).update(line_manager=True)
    # Two of those who are trained are away on the last of the 14 days; one of them manages people.
    for person in (people[0], people[5]):
        Absence.objects.create(staff=person, from_on=GO_LIVE + timedelta(days=13))
    Absence.objects.create(staff=people[6], from_on=GO_LIVE + timedelta(days=14))
    course = world.of(Course)[0]
    Course.objects.filter(pk=course.pk).update(assessed=True)
    first = list(people.values_list("pk", flat=True)[:5])
    Attendance.objects.filter(staff__in=first[:4]).update(passed=None)
    Attendance.objects.filter(staff=first[4]).update(passed=False)

    text = manager.get(PAGE).text

    assert table(text, "bases") == [
        ["All staff, as the score counts", "53%", "16", "30", "30", "0"],
        ["Without those absent from go-live", "53%", "15", "28", "28", "2"],
        ["Line managers", "0%", "0", "4", "4", "0"],
        ["Line managers without those absent", "0%", "0", "3", "3", "1"],
    ]
    assert "People who have completed every course they need: 53% (16 of 30)." in words(text)
    assert "5 courses were attended and are not passed yet, so they do not count." in words(text)
    assert csv_of(manager, PAGE, "bases")[2][1:] == ["15", "28", "53.5714285714", "28", "2"]


def test_line_managers_stand_apart(world: World, manager: Client):
    staff = world.wards(world.of(Deployment)[0])[0].postings.values_list("staff", flat=True)
    world.of(Deployment)[0].site.organisation.staff.filter(pk__in=list(staff)[10:]).update(line_manager=True)

    assert "Line managers have completed 20% (2 of 10) of the courses required of them." in words(
        manager.get(PAGE).text
    )


def test_starters_leavers_and_what_runs_out_are_told():
    world = World()
    here = world.site()
    course = world.course(valid_days=25)
    crowd(world, here, 0, 5, 5, course)
    for _number in range(2):
        world.posted(world.person(), world.wards(here)[0], from_on=DAY - timedelta(days=1))
    world.posted(world.person(), world.wards(here)[0], to_on=DAY - timedelta(days=2))
    scored(world)

    answer = as_manager().get(PAGE)

    told = "2 people joined. They have completed 0 of the 2 courses they need. 1 person left. "
    assert told in words(answer.text)
    # Completed on 4 March, 25 days long: until 29 March, and go-live is on 4 April.
    assert table(answer.text, "lapses") == [["23 to 29 March 2026", "C1", "5"]]


def test_what_starters_and_leavers_did_to_the_share_is_told():
    world = World()
    here = world.site(wards=2)
    course = world.course()
    crowd(world, here, 0, 10, 8, course)
    other = world.site()
    yesterday = DAY - timedelta(days=1)
    world.posted(world.person(), world.wards(here)[0], from_on=yesterday)
    moved = world.person(world.wards(other)[0])
    world.posted(moved, world.wards(here)[1], from_on=yesterday)
    gone = world.person()
    world.attended(gone, course, DAY - timedelta(days=20))
    world.posted(gone, world.wards(here)[0], to_on=DAY - timedelta(days=3))
    scored(world)

    text = words(as_manager().get(PAGE).text)

    # 8 of 12 now; 8 of 10 without the two who came; 9 of 13 with the one who went.
    assert "1 person joined. 1 person moved here from elsewhere. They have completed 0 of the 2 courses" in text
    assert "1 person left. Without those who came, 66% would be 80%. With those who went, it would be 69%." in text


def test_sessions_to_come_with_free_places_by_the_clock_of_the_site():
    world = World()
    here = world.site("America/New_York")
    course = world.course()
    people = [world.person(world.wards(here)[0]) for _number in range(4)]
    scored(world)
    held = session(world, DAY + timedelta(days=2), capacity=3, room="Room 2")
    session(world, DAY - timedelta(days=2))
    session(world, DAY + timedelta(days=3))
    states = ("booked", "booked", "waiting", "cancelled")
    for person, state in zip(people, states, strict=True):
        Attendance.objects.create(staff=person, course=course, session=held, on=DAY + timedelta(days=2), state=state)

    client = as_manager()

    assert table(client.get(PAGE).text, "sessions") == [
        ["Mon 16 March 2026 9am to 11am", "C1", "Room 2", "2", "1", "1"],
        ["Tue 17 March 2026 9am to 11am", "C1", "", "0", "No limit", "0"],
    ]
    assert csv_of(client, PAGE, "sessions")[1] == ["2026-03-16", "09:00", "11:00", "C1", "Room 2", "3", "2", "1", "1"]
    assert "Sessions to come" not in words(client.get(f"{PAGE}?as_of={DAY}").text)


# Nothing there -------------------------------------------------------------------------------------------------------


def said(prepare: Callable[[World, Deployment], object]) -> str:
    """What the page says of a site that is as `prepare` makes it."""
    world = World()
    here = world.site()
    prepare(world, here)
    scored(world)
    return words(as_manager().get(PAGE).text)


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda world, _here: world.rows.update({type(world.of(Deployment)[0].site.wards.model()): []}), "No ward"),
        (lambda _world, _here: None, "Nobody is posted here yet"),
        (lambda world, here: world.person(world.wards(here)[0]), "The programme has no course yet"),
        (
            lambda world, here: (world.person(world.wards(here)[0]), world.course(world.groups[1])),
            "No course is required of the staff groups that work here.",
        ),
        (
            lambda world, here: (world.person(world.wards(here)[0]), world.course()),
            "There is no training plan, and no session to draw a line from",
        ),
        (lambda _world, here: setattr(here, "go_live_on", None), "No go-live is planned: without a date"),
        (lambda _world, here: setattr(here, "stage", "deferred"), "Deferred: training is shown as it stands"),
    ],
)
def test_what_is_missing_is_said_with_what_it_is_for(prepare: Callable[[World, Deployment], object], sentence: str):
    assert sentence in said(prepare)


def test_site_without_a_score_says_what_belongs_there():
    world = World()
    here = world.site()
    world.save()
    client = as_manager()

    fresh = words(client.get(PAGE).text)
    Deployment.objects.filter(pk=here.pk).update(stage="embedded")
    embedded = words(client.get(PAGE).text)

    assert "Nothing recorded yet The way to trained staff stands here" in fresh
    assert "Not scored any more" in embedded
    assert client.get(PAGE, {"download": "csv", "table": "wards"}).status_code == 404


def test_site_that_was_embedded_keeps_its_line(world: World, manager: Client):
    Deployment.objects.update(stage="embedded")

    text = words(manager.get(PAGE).text)

    assert "An embedded site's readiness is not worked out any more." in text
    assert "Show as table" in text


def test_another_day_shows_the_facts_of_that_day():
    world = World()
    here = world.site()
    crowd(world, here, 0, 10, 6, world.course())
    scored(world, 12)
    day = DAY - timedelta(days=12)
    client = as_manager()

    past, none = words(client.get(f"{PAGE}?as_of={day}").text), words(client.get(f"{PAGE}?as_of=2025-01-01").text)

    assert "You are looking at 2 March 2026. Return to today" in past
    assert "0 of 10 trained (0%)." in past
    assert "Nothing known of 1 January 2025" in none


def test_records_that_came_in_after_the_score_are_told(world: World, manager: Client):
    person = world.wards(world.of(Deployment)[0])[0].postings.last().staff
    Attendance.objects.create(staff=person, course=world.of(Course)[0], on=DAY, state="attended")

    text = words(manager.get(PAGE).text)

    assert "22 of 30 trained" in text
    assert "The stored score counted 21 of 30. Records have come in since" in text
