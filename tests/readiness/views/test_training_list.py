"""Training at the sites of a programme: the list in its orders, and what the pages cost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.models import Deployment, Wave
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words
from tests.readiness.readers import NOON, as_manager, client_of
from tests.readiness.records import DAY, World, forgotten
from tests.readiness.training_world import LIST, PAGE, crowd, scored, session, two_wards
from training.models import Course, TrainingPlan, TrainingPlanPoint

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


HTMX = {"HX-Request": "true", "HX-Target": "sites"}


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


def champions(world: World) -> Course:
    return Course.objects.create(programme=world.programme, code="CH", name="Champions", for_champions=True)


def names(client: Client, query: str = "") -> list[str]:
    return [name.removesuffix(" Trust") for name in column(client.get(f"{LIST}{query}").text, "site-table")]


def test_list_begins_with_the_furthest_behind(programme: World):
    alder, damson = (Deployment.objects.get(site__name=name).site for name in ("Alder", "Damson"))
    for day, places in ((1, 20), (14, 9), (15, 50), (-1, 50)):
        session(programme, DAY + timedelta(days=day), site=alder, capacity=places)
    # Without a limit; of a course for champions; over a link; cancelled.
    session(programme, DAY + timedelta(days=3), site=damson)
    session(programme, DAY + timedelta(days=3), site=alder, capacity=7, course=champions(programme))
    session(programme, DAY + timedelta(days=3), site=None, capacity=7)
    session(programme, DAY + timedelta(days=3), site=alder, capacity=7, retired_at=NOON)

    answer = as_manager().get(LIST)

    rows = [[row[0].removesuffix(" Trust"), *row[1:5]] for row in table(answer.text, "site-table")]
    assert rows == [
        ["Birch", "45 percentage points", "20% (2 of 10)", "65%", "4 no seat to come"],
        ["Alder", "20 percentage points", "70% (7 of 10)", "90%", "2 29 seats to come"],
        ["Cedar", "Keeps up", "100% (10 of 10)", "65%", "0"],
        ["Damson", "No plan yet", "50% (5 of 10)", "No data", "3 seats without limit"],
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
