"""Champions: names only to those who may know them, the list of a programme, and what the pages cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.dashboards.few import OF_PEOPLE
from readiness.models import ReadinessScore
from rollout.choices import Role
from rollout.models import Deployment
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words
from tests.readiness.cover_world import DAYS, LIST, PAGE, early, rota, scored
from tests.readiness.readers import NOON, as_manager, client_of, csv_of
from tests.readiness.records import DAY, World, forgotten, local
from training.models import StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(NOON)


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "named"),
    [
        (Role.ADMINISTRATOR, True),
        (Role.PROGRAMME_MANAGER, True),
        (Role.SITE_LEAD, True),
        (Role.WARD_MANAGER, True),
        (Role.TRAINER, False),
        (Role.SIGNATORY, False),
        (Role.BOARD_MEMBER, False),
    ],
)
def test_champions_are_named_to_those_who_may_know_them(role: Role, named: bool):
    world = scored(rota())
    here = world.of(Deployment)[0]
    scope = {
        Role.ADMINISTRATOR: {},
        Role.SITE_LEAD: {"site": here.site},
        Role.WARD_MANAGER: {"ward": world.wards(here)[1]},
    }.get(role, {"programme": world.programme})
    client = client_of(make.make_member(role, **scope))

    page = words(client.get(PAGE).text)
    file = csv_of(client, PAGE, "rota")

    assert [name in page for name in ("Ana", "Ben, Kim")] == [named, named]
    assert ("Who" in file[0]) is named
    assert any("Ben, Kim" in row for row in file) is named


def test_name_that_is_not_the_readers_to_know_is_left_out():
    world = rota()
    elsewhere = world.site()
    stranger = world.person(world.wards(elsewhere)[0], name="Stranger")
    early(world, stranger, DAYS[0])
    scored(world)
    client = client_of(make.make_member(Role.SITE_LEAD, site=world.of(Deployment)[0].site))

    text = client.get(PAGE).text

    assert "Stranger" not in text
    assert table(text, "rota")[0][2] == "1 of 1"


# What a board member may see -----------------------------------------------------------------------------------------


def test_board_member_sees_gaps_and_no_count_of_people():
    world = scored(rota())
    many = {code: ["known", "20", 40, "1", "0.5"] for code in OF_PEOPLE}
    ReadinessScore.objects.update(indicators=ReadinessScore.objects.get().indicators | many)
    client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))

    answer = client.get(PAGE)

    text = words(answer.text)
    assert table(answer.text, "rota")[0][:4] == ["Ward 1", "7-15", "Gap", "Covered"]
    assert table(answer.text, "gaps")[0] == ["Sat 4 April", "Ward 1", "7-15 7am to 3pm", "1"]
    assert table(answer.text, "champions") == [["Ward 2", "Short"], ["Ward 1", "Enough"]]
    assert "no-show" not in text
    assert "spare" not in text
    assert "have too few champions" in text
    assert csv_of(client, PAGE, "rota")[0] == ["Area", "Day", "Shift", "From", "To", "State", "Champions needed"]
    assert csv_of(client, PAGE, "champions")[1:] == [["Ward 2", "no"], ["Ward 1", "yes"]]
    assert client.get(PAGE, {"download": "csv", "table": "bare"}).status_code == 404


def test_board_member_cannot_tell_how_many_stand_in_a_slot():
    found = []
    for extra in (0, 1):
        with forgotten():
            world = rota()
            if extra:
                early(world, world.of(StaffMember)[1], DAYS[3])
            scored(world)
            reader = make.make_user(name="Uma")
            client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme, user=reader))
            files = [csv_of(client, PAGE, name) for name in ("rota", "gaps")]
            found.append((table(client.get(PAGE).text, "rota"), files))

    assert found[0] == found[1]


def test_board_member_reads_no_champions_where_any_figure_is_of_few():
    world = scored(rota())
    client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))

    text = words(client.get(PAGE).text)

    assert "Some counts here are of fewer than 5 people." in text
    assert "areas have the trained champions" not in text
    assert client.get(PAGE, {"download": "csv", "table": "champions"}).status_code == 404
    assert table(client.get(LIST).text, "site-table")[0][4] == "No data"


# The programme -------------------------------------------------------------------------------------------------------


@pytest.fixture
def programme() -> World:
    """Go-lives in 21 and 10 days with gaps, in 30 without, long ago, none, deferred; and a site without staff."""
    world = World()
    world.pattern(7, 15)
    plans = {"Alder": 21, "Birch": 10, "Cedar": 30, "Damson": -20, "Elm": None, "Fir": 5}
    for name, days in plans.items():
        go_live = DAY + timedelta(days=days) if days is not None else None
        here = world.site(go_live_on=go_live, stage="deferred" if name == "Fir" else "preparing")
        here.site.name = name
        person = world.person(world.wards(here)[0])
        for number in range({"Alder": 3, "Cedar": 14}.get(name, 0)):
            day = DAY + timedelta(days=(days or 0) + number)
            world.shift(person, world.wards(here)[0], local(here.site, day, 7))
    world.site().site.name = "Gorse"
    return scored(world)


def test_list_begins_with_gaps_to_fill_and_of_these_with_the_next_to_go_live(programme: World):
    answer = as_manager().get(LIST)

    assert [[row[0].removesuffix(" Trust"), *row[1:4]] for row in table(answer.text, "site-table")] == [
        ["Birch", "Nothing planned yet", "14 of 14", "0%"],
        ["Alder", "Gaps to fill", "11 of 14", "21%"],
        ["Damson", "The fortnight is over", "None to come", "0%"],
        ["Fir", "Deferred", "14 of 14", "0%"],
        ["Gorse", "No slots: shift patterns or staff are missing", "No data", "No data"],
        ["Cedar", "No gaps", "0 of 14", "100%"],
        ["Elm", "No go-live planned", "No data", "No data"],
    ]
    text = words(answer.text)
    assert "2 of 3 sites that go live in the next 6 weeks, or just did, have gaps to fill." in text
    assert "The first: Birch, go-live on 24 March, 14 gaps." in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sort=site", "Alder Birch Cedar Damson Elm Fir Gorse"),
        ("?sort=gaps", "Cedar Damson Alder Birch Fir Elm Gorse"),
        ("?sort=-days", "Cedar Alder Gorse Birch Fir Damson Elm"),
        ("?only=on", "Birch Alder"),
        ("?q=elm", "Elm"),
        ("?stage=deferred", "Fir"),
    ],
)
def test_order_and_filters(query: str, expected: str, programme: World):
    names = [name.removesuffix(" Trust") for name in column(as_manager().get(f"{LIST}{query}").text, "site-table")]

    assert names == expected.split()


# Cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [PAGE, LIST])
@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.WARD_MANAGER, Role.BOARD_MEMBER])
def test_queries_do_not_grow(page: str, role: Role):
    found = []
    for size in (1, 3):
        with forgotten():
            world = World()
            for number in range(size):
                here = world.site(wards=size)
                world.pattern(7, 15 + number)
                for ward in world.wards(here):
                    person = world.person(ward)
                    world.champion(person)
                    world.shift(person, ward, local(here.site, DAYS[number], 7))
            scored(world)
            scope = {"ward": world.wards(world.of(Deployment)[0])[0]} if role == Role.WARD_MANAGER else {}
            client = client_of(make.make_member(role, **(scope or {"programme": world.programme})))
            client.get(page)  # the first request of a log-in also writes its session
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            found.append(len(captured))

    assert (found[0] == found[1], found[1] <= 25) == (True, True)
