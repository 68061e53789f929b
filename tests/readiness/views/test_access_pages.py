"""Log-in tests of a site: who passed on their own ward, who is left and why; a drill recorded at once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ReadinessScore
from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import Deployment, Ward, WardCount
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words
from tests.readiness.access_world import DRILL, LIST, PAGE, PEOPLE, a_drill, tried
from tests.readiness.readers import NOON, as_manager, client_of, csv_of
from tests.readiness.records import DAY, World, forgotten
from tests.readiness.training_world import scored
from training.models import AccessCheck, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> FrozenClock:
    """It is noon of the day of the worlds."""
    frozen_clock.move_to(NOON)
    return frozen_clock


@pytest.fixture
def world() -> World:
    return a_drill()


@pytest.fixture
def manager(world: World) -> Client:
    return as_manager()


def test_tracker_says_who_is_left_by_ward_reason_and_device(world: World, manager: Client):
    text = manager.get(PAGE).text

    assert (
        "7 of 12 have logged in on a device of their own ward (58%). 5 people are left with 21 days to go: 1 a day."
        " 2 people failed and were not tried again." in words(text)
    )
    assert table(text, "wards") == [
        ["Ward 1", "33% (2 of 6)", "2", "1", "1"],
        ["Ward 2", "83% (5 of 6)", "0", "1", "0"],
    ]
    assert table(text, "reasons") == [["Card", "1"], ["Device", "1"]]
    assert table(text, "devices") == [
        ["Cart 1", "1", "3", "Card 1"],
        ["Cart 2", "1", "5", "Device 1"],
        ["Nobody said which", "0", "1", "Nobody fails"],
    ]


def test_passed_are_those_that_the_score_counts_and_the_page_says_where_it_counts_otherwise(
    world: World, manager: Client
):
    rows = csv_of(manager, PAGE, "wards")[1:]

    stored = ReadinessScore.objects.get(day=DAY).indicators["technical.access"]
    assert (stored[1], stored[2]) == ("9", 12)
    assert [sum(int(row[place]) for row in rows) for place in (1, 2, 5)] == [7, 2, 12]
    text = words(manager.get(PAGE).text)
    assert "2 people passed elsewhere, or nobody said where. The score counts them" in text
    assert "The stored score counted" not in text
    AccessCheck.objects.filter(staff__name="Ann 0").update(passed=False, reason="card")
    assert "The stored score counted 9 of 12 who passed" in words(manager.get(PAGE).text)


def test_day_that_is_past_is_shown_as_it_was_with_nothing_to_do(world: World, manager: Client):
    text = manager.get(f"{PAGE}?as_of={DAY - timedelta(days=7)}").text

    # Nine days ago one passed who failed later, and one failed.
    assert "1 of 12 have logged in on a device of their own ward (8%)." in words(text)
    assert "28 days to go" in words(text)
    assert "Record a drill" not in text
    assert f"people/?ward={world.of(Ward)[0].pk}&as_of=" in text.replace("&amp;", "&")


def test_after_go_live_the_drill_is_over_and_who_cannot_log_in_is_said(world: World, manager: Client):
    Deployment.objects.update(go_live_on=DAY - timedelta(days=4), actual_go_live_on=DAY - timedelta(days=4))

    text = manager.get(PAGE).text

    # Before go-live Ann 1 had failed and Ann 2 had passed: it is the other way round since.
    assert "7 of 12 had logged in on a device of their own ward before go-live (58%)." in words(text)
    assert "3 people have no passed log-in test even now." in words(text)
    assert column(text, "wards", 1) == ["33% (2 of 6)", "83% (5 of 6)"]
    assert "days to go:" not in words(text)


def test_devices_that_were_counted_on_a_ward_stand_beside_its_tests(world: World, manager: Client):
    ward = world.of(Ward)[0]
    here = world.of(Deployment)[0]
    WardCount.objects.create(deployment=here, ward=ward, kind="sign_in", needed=9, ready=4, counted_on=DAY)

    assert column(manager.get(PAGE).text, "wards", 5) == ["4 of 9", "Not counted"]


CHOSEN: tuple[tuple[str, list[str]], ...] = (
    ("", ["Ann 2", "Ann 3", "Ann 4", "Ann 5", "Bo 5"]),
    ("?standing=failed", ["Ann 2", "Bo 5"]),
    ("?standing=untested", ["Ann 5"]),
    ("?standing=elsewhere", ["Ann 3", "Ann 4"]),
    ("?standing=own&q=bo+1", ["Bo 1"]),
    ("?standing=own&q=8", ["Bo 1"]),
    ("?reason=card", ["Ann 2"]),
    ("?standing=all&q=nobody", []),
    ("?ward={ward}&sort=-name", ["Ann 5", "Ann 4", "Ann 3", "Ann 2"]),
    ("?standing=nonsense&ward=zz", ["Ann 2", "Ann 3", "Ann 4", "Ann 5", "Bo 5"]),
)


def test_who_is_left_can_be_filtered_and_put_in_order(world: World, manager: Client):
    for query, found in CHOSEN:
        address = PEOPLE + query.format(ward=world.of(Ward)[0].pk)

        assert column(manager.get(address).text, "people-table") == found
        part = manager.get(address, headers={"HX-Request": "true", "HX-Target": "people"}).text
        assert "<html" not in part
        assert column(part, "people-table") == found
        file = manager.get(f"{address}{'&' if '?' in address else '?'}download=csv&table=people").getvalue().decode()
        assert [line.split(",")[0] for line in file.splitlines()[1:]] == found


def test_row_says_what_happened_and_leads_to_a_new_test_that_knows_who(world: World, manager: Client):
    text = manager.get(f"{PEOPLE}?q=ann+2").text

    assert table(text, "people-table") == [
        ["Ann 2", "Ward 1", "Nurse", "Failed: Card", "9am on 11 March 2026, cart 1", "Test again"]
    ]
    link = re.search(r'href="(/log/access/[^"]+)"', text)
    assert link
    form = manager.get(link[1].replace("&amp;", "&")).text
    person = StaffMember.objects.get(name="Ann 2")
    assert re.search(rf'<option value="{person.pk}" selected>', form)


def test_names_are_for_those_who_may_read_them(world: World):
    own, other = world.of(Ward)
    keeper = client_of(make.make_member(Role.WARD_MANAGER, ward=own))
    signatory = client_of(make.make_member(Role.SIGNATORY, programme=world.programme))

    assert set(column(keeper.get(f"{PEOPLE}?standing=all").text, "people-table")) == {f"Ann {n}" for n in range(6)}
    page = keeper.get(PAGE).text
    assert f"people/?ward={own.pk}" in page and f"people/?ward={other.pk}" not in page
    assert keeper.get(f"{DRILL}?ward={other.pk}").status_code == 422
    assert signatory.get(PEOPLE).status_code == 403
    assert "Ann" not in signatory.get(PAGE).text and "See who is left" not in signatory.get(PAGE).text


def test_board_member_reads_no_count_of_few(world: World):
    board = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))
    several = AccessCheck.objects.filter(staff__name__startswith="Bo").order_by("pk")

    assert "Some counts here are of fewer than 5 people." in words(board.get(PAGE).text)
    # With 7 of 12 passed nothing of the score is of few, but who passed elsewhere and who failed still would be.
    several.filter(staff__in=StaffMember.objects.filter(name__in=["Bo 0", "Bo 1"])).update(passed=False, reason="card")
    score_deployments(ids=[world.of(Deployment)[0].pk], day=DAY)
    text = board.get(PAGE).text
    assert "7 of 12 have passed a log-in test (58%)." in words(text)
    assert not table(text, "wards") and not table(text, "devices") and not table(text, "reasons")
    assert board.get(f"{PAGE}?download=csv&table=wards").status_code == 404
    assert board.get(f"{PAGE}?download=csv&table=devices").status_code == 404


def test_board_member_reads_wards_that_tell_of_nobody_today_alone():
    world = World()
    here = world.site(wards=2)
    for ward in world.wards(here):
        for number in range(20):
            person = world.person(ward)
            if number < 15:
                tried(world, person, ward if number < 10 else None, reason="card" if number < 5 else "")
    scored(world, 1)
    board = client_of(make.make_member(Role.BOARD_MEMBER, programme=world.programme))

    assert table(board.get(PAGE).text, "wards") == [
        ["Ward 1", "25% (5 of 20)", "5", "5", "5"],
        ["Ward 2", "25% (5 of 20)", "5", "5", "5"],
    ]
    assert not table(board.get(f"{PAGE}?as_of={DAY}").text, "wards")
    assert not table(board.get(PAGE).text, "devices")


def test_sites_stand_side_by_side_those_that_are_live_with_people_left_first():
    world = World()
    stands = {"Alder": 2, "Birch": 6, "Cedar": 0, "Damson": 5}
    for name, passed in stands.items():
        here = world.site()
        here.site.name = name
        people = [world.person(world.wards(here)[0]) for _number in range(6)]
        for person in people[:passed]:
            tried(world, person, world.wards(here)[0])
        if name == "Damson":
            here.stage, here.go_live_on, here.actual_go_live_on = "live", DAY, DAY
    world.site().site.name = "Elm"
    scored(world)

    answer = as_manager().get(LIST)

    assert [row[:5] for row in table(answer.text, "site-table")] == [
        ["Damson Trust", "Live with people left", "83% (5 of 6)", "1", "Day is past"],
        ["Alder Trust", "Testing", "33% (2 of 6)", "4", "1"],
        ["Cedar Trust", "Not begun", "0% (0 of 6)", "6", "1"],
        ["Birch Trust", "Everybody has passed", "100% (6 of 6)", "0", "0"],
        ["Elm Trust", "Nobody posted yet", "No data", "No data", "No data"],
    ]
    assert "13 of 24 have passed a log-in test (54%). 1 site is live with people who have not." in words(answer.text)
    assert len(table(as_manager().get(f"{LIST}?only=on").text, "site-table")) == 3


@pytest.mark.parametrize("address", [PAGE, PEOPLE, LIST, DRILL + "?ward={ward}"])
def test_pages_cost_the_same_for_few_people_and_for_many(address: str):
    costs = []
    for size in (6, 18):
        with forgotten():
            asked = address.format(ward=a_drill(size).of(Ward)[0].pk)
            client = as_manager()
            client.get(asked)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(asked).status_code == 200
            costs.append(len(caught))

    assert costs[0] == costs[1] <= 25


def test_site_without_records_says_what_will_stand_there():
    world = World()
    world.site()
    world.save()
    client = as_manager()

    assert "Nothing recorded yet" in words(client.get(PAGE).text)
    assert "Nobody to test" in words(client.get(PEOPLE).text)
    score_deployments(ids=list(Deployment.objects.values_list("pk", flat=True)), day=DAY)
    assert "Nobody is posted here yet" in words(client.get(PAGE).text)
