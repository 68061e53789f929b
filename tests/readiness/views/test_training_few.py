"""Training as a board member reads it: counts of many, none of few, and none that can be worked out."""

from datetime import timedelta

import pytest
from django.test import Client

from readiness.models import ReadinessScore
from rollout.choices import Role
from rollout.models import Deployment
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, undated, words
from tests.readiness.readers import NOON, client_of, csv_of
from tests.readiness.records import DAY, GO_LIVE, World, forgotten
from tests.readiness.training_world import LIST, PAGE, crowd, scored, session, two_wards
from training.models import Absence, Course

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(NOON)


@pytest.fixture
def world() -> World:
    return two_wards()


@pytest.fixture
def board(world: World) -> Client:
    return client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))


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
        ["Ward 4", "33%", "10", "30", "20", "33% (10 of 30)"],
        ["Ward 1", "50%", "10", "20", "10", "50% (10 of 20)"],
        ["Ward 2", "Not shown"],
        ["Ward 3", "Not shown"],
    ]
    assert [row[:3] for row in file[1:]] == [
        ["Ward 4", "10", "30"],
        ["Ward 1", "10", "20"],
        ["Ward 2", "", ""],
        ["Ward 3", "", ""],
    ]
    assert [row[3:] for row in file[3:]] == [[""] * 5, [""] * 5]
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

    assert [len(row) for row in table(text, "groups")] == [5]
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


def test_board_member_orders_the_list_by_nothing_that_is_hidden():
    world = World()
    course = world.course()
    for trained in (50, 48, 30):
        crowd(world, world.site(), 0, 50, trained, course)
    scored(world)
    client = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))

    text = client.get(f"{LIST}?sort=share").text

    rows = table(text, "site-table")

    # 48 of 50 leaves 2: the site stands last, and says nothing.
    assert [row[2] for row in rows] == ["60% (30 of 50)", "100% (50 of 50)", "No data"]
    assert rows[-1][1] == "Not shown: fewer than 5 people"
    assert "How 1 site stands against its plan is not shown: fewer than 5 people." in words(text)
