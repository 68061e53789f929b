"""Training: a site's page and a programme's list say what the score counts, and no more than the reader may know."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ReadinessScore
from readiness.packs import import_pack
from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import Deployment, Programme, User, Wave
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, undated, words
from tests.readiness.records import DAY, GO_LIVE, World, forgotten, local
from training.models import Absence, Attendance, Course, TrainingPlan, TrainingPlanPoint, TrainingSession

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parents[2] / "golden"
PAGE, LIST = "/p/PROG/s/S1/training/", "/p/PROG/training/"
HTMX = {"HX-Request": "true", "HX-Target": "sites"}


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(datetime(DAY.year, DAY.month, DAY.day, 12, 0, tzinfo=UTC))


def crowd(world: World, here: Deployment, ward: int, size: int, trained: int, course: Course, **fields: object) -> None:
    """So many people on a ward, the first of them trained ten days ago."""
    for number in range(size):
        person = world.person(world.wards(here)[ward], **fields)
        if number < trained:
            world.attended(person, course, DAY - timedelta(days=10))


def scored(world: World, *days: int) -> World:
    """Write the world, and work out the scores of today and of so many days ago."""
    world.save()
    ids = [deployment.pk for deployment in world.of(Deployment)]
    for back in (*days, 0):
        score_deployments(ids=ids, day=DAY - timedelta(days=back))
    return world


@pytest.fixture
def world() -> World:
    """Two wards of 20 and 10 nurses who need one course: 12 and 9 have it. The first session was 21 days ago."""
    world = World()
    here = world.site(wards=2)
    course = world.course()
    crowd(world, here, 0, 20, 12, course)
    crowd(world, here, 1, 10, 9, course)
    scored(world)
    session(world, DAY - timedelta(days=7))
    return world


def session(world: World, day: date, **fields: object) -> TrainingSession:
    """A session of the first course at the first site, from 9 to 11."""
    site = world.of(Deployment)[0].site
    described = {
        "programme": world.programme,
        "course": world.of(Course)[0],
        "site": site,
        "code": f"T{TrainingSession.objects.count() + 1}",
        "starts_at": local(site, day, 9),
        "ends_at": local(site, day, 11),
    }
    return TrainingSession.objects.create(**{**described, **fields})


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(world: World) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme))


@pytest.fixture
def board(world: World) -> Client:
    return client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))


def as_manager() -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=Programme.objects.get()))


def csv_of(client: Client, address: str, name: str) -> list[list[str]]:
    answer = client.get(address, {"download": "csv", "table": name})
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


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
    Absence.objects.create(staff=world.wards(world.of(Deployment)[0])[0].postings.first().staff, from_on=GO_LIVE)

    text = manager.get(PAGE).text

    assert table(text, "wards") == [
        ["Ward 1", "60%", "12", "20", "57% (11 of 19)"],
        ["Ward 2", "90%", "9", "10", "90% (9 of 10)"],
    ]
    assert table(text, "groups") == [["Nurse", "70%", "21", "30", "68% (20 of 29)"]]
    assert table(text, "courses") == [["C1", "Classroom", "70%", "21", "30"]]
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

    assert "2 people joined. They have completed 0 of the 2 courses they need. 1 person left." in words(answer.text)
    # Completed on 4 March, 25 days long: until 29 March, and go-live is on 4 April.
    assert table(answer.text, "lapses") == [["23 to 29 March 2026", "C1", "5"]]


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


# What a board member may see -----------------------------------------------------------------------------------------


def test_board_member_reads_counts_of_many_and_none_of_few():
    world = World()
    here = world.site(wards=4)
    course = world.course()
    for ward, (size, trained) in enumerate([(20, 10), (3, 1), (12, 6), (30, 10)]):
        crowd(world, here, ward, size, trained, course)
    Absence.objects.all().delete()
    scored(world)
    client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))

    text, file = client.get(PAGE).text, csv_of(client, PAGE, "wards")

    assert table(text, "wards") == [
        ["Ward 4", "33%", "10", "30", "33% (10 of 30)"],
        ["Ward 1", "50%", "10", "20", "50% (10 of 20)"],
        ["Ward 2", "Not shown"],
        ["Ward 3", "Not shown"],
    ]
    assert [row[:3] for row in file[1:]] == [
        ["Ward 4", "10", "30"],
        ["Ward 1", "10", "20"],
        ["Ward 2", "", ""],
        ["Ward 3", "", ""],
    ]
    assert [row[3:] for row in file[3:]] == [["", "", "", ""], ["", "", "", ""]]
    assert "27 of 65 trained (41%)." in words(text)


def test_board_member_reads_no_parts_of_days_that_have_passed():
    world = World()
    here = world.site(wards=2)
    course = world.course()
    for ward in range(2):
        crowd(world, here, ward, 20, 10, course)
    scored(world)
    readers = {role: make.make_member(role, programme=world.programme) for role in (Role.BOARD_MEMBER, Role.TRAINER)}
    past = f"{PAGE}?as_of={DAY}"

    found = {role: client_of(user).get(past).text for role, user in readers.items()}
    files = {
        role: [client_of(user).get(f"{past}&download=csv&table={name}").status_code for name in ("wards", "trajectory")]
        for role, user in readers.items()
    }

    assert [len(table(text, "wards")) for text in found.values()] == [0, 2]
    assert "20 of 40 trained (50%)." in words(found[Role.BOARD_MEMBER])
    assert "On days that have passed, training is not told by ward" in words(found[Role.BOARD_MEMBER])
    assert files == {Role.BOARD_MEMBER: [404, 200], Role.TRAINER: [200, 200]}


def test_second_basis_goes_where_it_would_tell_of_few_who_are_away(board: Client, world: World):
    staff = list(world.wards(world.of(Deployment)[0])[0].postings.values_list("staff", flat=True))
    for pk in staff[:2]:
        Absence.objects.create(staff_id=pk, from_on=GO_LIVE)
    Course.objects.update(name="C1")

    text = board.get(PAGE).text

    assert [len(row) for row in table(text, "groups")] == [4]
    assert "Without those absent" not in words(text)


@pytest.mark.parametrize("trained", [1, 2, 3, 4])
def test_whole_of_few_cannot_be_told_from_another(trained: int):
    """The page of a site of 20 with so few trained is the same whatever their number, but for its chart's days."""
    found = []
    for number in (trained, 4):
        with forgotten():
            world = World()
            here = world.site(wards=2)
            course = world.course()
            crowd(world, here, 0, 10, number, course)
            crowd(world, here, 1, 10, 0, course)
            scored(world, 40)
            reader = make.make_user(name="Ana")
            client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme, user=reader))
            ReadinessScore.objects.filter(day=DAY).update(score="50.00", raw="50.00", expected="60.00", coverage="0.5")
            page, listed = client.get(PAGE), client.get(LIST)
            files = [csv_of(client, PAGE, name) for name in ("trajectory", "wards", "groups", "courses", "lapses")]
            texts = [undated(each.text) for each in (page, listed)]
            found.append((texts, files, csv_of(client, LIST, "training")))

    assert found[0] == found[1]
    assert "Some counts here are of fewer than 5 people." in found[0][0][0]
    assert "Not shown: fewer than 5 people" in found[0][0][1]


def test_board_member_hears_nothing_of_sessions_and_of_few_who_came(world: World, board: Client):
    session(world, DAY + timedelta(days=2), capacity=3)
    starter = world.of(Deployment)[0].site.organisation.staff.create(number="new", group=world.groups[0])
    starter.postings.create(ward=world.wards(world.of(Deployment)[0])[0], from_on=DAY)

    text = words(board.get(PAGE).text)

    assert "Sessions to come" not in text
    assert "Not shown: fewer than 5 people." in text
    assert "joined" not in text
    assert board.get(PAGE, {"download": "csv", "table": "sessions"}).status_code == 404


@pytest.mark.parametrize("role", [Role.TRAINER, Role.SIGNATORY, Role.SITE_LEAD, Role.WARD_MANAGER])
def test_other_roles_read_every_count(role: Role, world: World):
    here = world.of(Deployment)[0]
    scope = {
        Role.TRAINER: {"programme": world.programme},
        Role.SIGNATORY: {"programme": world.programme},
        Role.SITE_LEAD: {"site": here.site},
        Role.WARD_MANAGER: {"ward": world.wards(here)[0]},
    }[role]
    client = client_of(make.make_member(role, **scope))

    text = client.get(PAGE).text

    assert column(text, "wards", 2) == ["12", "9"]
    assert ("Sessions to come" in words(text)) is (role != Role.SIGNATORY)


# The programme -------------------------------------------------------------------------------------------------------


@pytest.fixture
def programme() -> World:
    """Behind by 20 and by 45 points, ahead, without a plan, deferred, without records, embedded."""
    world = World()
    course = world.course()
    wave = world.programme
    stands = {"Alder": 7, "Birch": 2, "Cedar": 10, "Damson": 5, "Elm": 1}
    for name, trained in stands.items():
        here = world.site()
        here.site.name = name
        crowd(world, here, 0, 10, trained, course)
        if name == "Elm":
            here.stage = "deferred"
    world.site().site.name = "Fir"
    gone = world.site()
    gone.site.name, gone.stage = "Gorse", "embedded"
    scored(world)
    for deployment in world.of(Deployment):
        if deployment.site.name in ("Alder", "Birch", "Cedar", "Elm"):
            plan = TrainingPlan.objects.create(deployment=deployment)
            TrainingPlanPoint.objects.create(
                plan=plan, on=DAY, share="0.9" if deployment.site.name == "Alder" else "0.65"
            )
    Wave.objects.create(programme=wave, number=2)
    Deployment.objects.filter(site__name="Alder").update(wave=Wave.objects.get())
    return world


def names(client: Client, query: str = "") -> list[str]:
    return [name.removesuffix(" Trust") for name in column(client.get(f"{LIST}{query}").text, "site-table")]


def test_list_begins_with_the_furthest_behind(programme: World):
    answer = as_manager().get(LIST)

    rows = [[row[0].removesuffix(" Trust"), *row[1:5]] for row in table(answer.text, "site-table")]
    assert rows == [
        ["Birch", "45 percentage points", "20% (2 of 10)", "65%", "4"],
        ["Alder", "20 percentage points", "70% (7 of 10)", "90%", "2"],
        ["Cedar", "Keeps up", "100% (10 of 10)", "65%", "0"],
        ["Damson", "No plan yet", "50% (5 of 10)", "No data", "3"],
        ["Elm", "Deferred", "10% (1 of 10)", "65%", "No data"],
        ["Fir", "Nothing to count yet", "No data", "No data", "No data"],
        ["Gorse", "Not scored once embedded", "No data", "No data", "No data"],
    ]
    text = words(answer.text)
    assert "2 of 3 sites are behind their training plan. Furthest: Birch, 45 percentage points." in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sort=site", "Alder Birch Cedar Damson Elm Fir Gorse"),
        ("?sort=-site", "Gorse Fir Elm Damson Cedar Birch Alder"),
        ("?sort=share", "Elm Birch Damson Alder Cedar Fir Gorse"),
        ("?sort=behind", "Cedar Alder Birch Damson Elm Fir Gorse"),
        ("?sort=-needed", "Birch Damson Alder Cedar Elm Fir Gorse"),
        ("?sort=nonsense", "Birch Alder Cedar Damson Elm Fir Gorse"),
        ("?wave=2", "Alder"),
        ("?q=fir", "Fir"),
        ("?stage=deferred", "Elm"),
        ("?only=on", "Birch Alder"),
        ("?only=on&wave=2", "Alder"),
        ("?wave=99&q=nul%00", "Birch Alder Cedar Damson Elm Fir Gorse"),
    ],
)
def test_order_and_filters(query: str, expected: str, programme: World):
    assert names(as_manager(), query) == expected.split()


def test_part_holds_the_table_and_announces_the_count(programme: World):
    answer = as_manager().get(f"{LIST}?only=on", headers=HTMX)

    assert answer.text.lstrip().startswith('<div id="sites"')
    assert '<div id="status" hx-swap-oob="innerHTML">2 sites match</div>' in answer.text
    assert "<h1" not in answer.text


def test_list_of_nothing_says_what_belongs_there(world: World, manager: Client):
    filtered = words(manager.get(f"{LIST}?q=zzz").text)
    Deployment.objects.update(retired_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert "No sites match" in filtered
    assert "No sites yet The sites of the programme stand here once they are imported" in words(manager.get(LIST).text)


def test_board_member_orders_the_list_by_nothing_that_is_hidden():
    world = World()
    course = world.course()
    for trained in (50, 48, 30):
        crowd(world, world.site(), 0, 50, trained, course)
    scored(world)
    client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))

    rows = table(client.get(f"{LIST}?sort=share").text, "site-table")

    # 48 of 50 leaves 2: the site stands last, and says nothing.
    assert [row[2] for row in rows] == ["60% (30 of 50)", "100% (50 of 50)", "No data"]
    assert rows[-1][1] == "Not shown: fewer than 5 people"


def test_list_of_another_day_leads_to_that_day(programme: World):
    text = as_manager().get(f"{LIST}?as_of={DAY}").text

    assert f'href="/p/PROG/s/S1/training/?as_of={DAY}"' in text
    assert f'<input type="hidden" name="as_of" value="{DAY}">' in text


# Cost ----------------------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    client.get(address)  # the first request of a log-in also writes its session
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def sized(size: int) -> World:
    """A site with so many wards, people, courses, sessions and points of its plan; and so many such sites."""
    world = World()
    for _site in range(size):
        here = world.site(wards=size)
        course = world.course(valid_days=20)
        for ward in range(size):
            crowd(world, here, ward, size, 1, course)
    scored(world, *range(1, size))
    for number in range(size):
        session(world, DAY + timedelta(days=number + 1))
    for deployment in world.of(Deployment):
        plan = TrainingPlan.objects.create(deployment=deployment)
        for number in range(size):
            TrainingPlanPoint.objects.create(plan=plan, on=DAY - timedelta(days=number), share="0.5")
    return world


@pytest.mark.parametrize("page", [PAGE, LIST, f"{LIST}?q=Hospital&sort=share"])
@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER])
def test_queries_do_not_grow(page: str, role: Role):
    found = []
    for size in (1, 3):
        with forgotten():
            world = sized(size)
            found.append(queries(client_of(make.make_member(role, programme=world.programme)), page))

    assert (found[0] == found[1], found[1] <= 25) == (True, True)
