"""A drill recorded at once: who logged in on a ward, from one form."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.models import AuditEntry, Deployment, Site, User, Ward
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.access_world import DRILL, PAGE, a_drill
from tests.readiness.readers import NOON, as_manager
from tests.readiness.records import DAY, World
from training.models import AccessCheck, Posting, StaffMember
from training.services.access_checks import NewerTest, NotThatDrill, WrongPeople, record_access_checks

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


def sent(client: Client, ward: Ward, **said: Any) -> dict[str, Any]:
    """What the form of a ward's drill sends."""
    page = client.get(f"{DRILL}?ward={ward.pk}").text
    hidden = dict(re.findall(r'type="hidden" name="(once|seen)" value="([^"]+)"', page))
    people = list(
        StaffMember.objects.filter(name__in=said.pop("names", ["Ann 4", "Ann 5"])).values_list("pk", flat=True)
    )
    return {**hidden, "people": people, "device": " Cart  1 ", "tested_on": str(DAY), **said}


def test_drill_is_recorded_at_once_and_once(world: World, manager: Client):
    ward = world.of(Ward)[0]
    said = sent(manager, ward)

    answers = [manager.post(f"{DRILL}?ward={ward.pk}", said) for _twice in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, PAGE), (302, PAGE)]
    made = AccessCheck.objects.filter(checked_at__gte=NOON).order_by("staff__name")
    assert list(made.values_list("staff__name", "ward", "device", "passed", "reason")) == [
        ("Ann 4", ward.pk, "Cart 1", True, ""),
        ("Ann 5", ward.pk, "Cart 1", True, ""),
    ]
    assert "9 of 12 have logged in on a device of their own ward (75%)." in words(manager.get(PAGE).text)
    trail = AuditEntry.objects.filter(table="training_accesscheck", reason="log-ins tested at a drill")
    assert trail.count() == 2


def test_drill_of_a_day_before_is_the_last_test_of_that_day(world: World, manager: Client):
    ward = world.of(Ward)[0]
    said = sent(manager, ward, names=["Ann 2"], tested_on=str(DAY - timedelta(days=3)))

    for key in ("3f1c7f0e-2f0b-4a0b-9d0e-000000000001", "3f1c7f0e-2f0b-4a0b-9d0e-000000000002"):
        newest = str(AccessCheck.objects.latest("pk").pk)
        assert manager.post(f"{DRILL}?ward={ward.pk}", {**said, "once": key, "seen": newest}).status_code == 302

    assert "8 of 12 have logged in" in words(manager.get(PAGE).text)
    made = AccessCheck.objects.filter(staff__name="Ann 2").order_by("-checked_at")[:2]
    assert [row.checked_at.date() for row in made] == [DAY - timedelta(days=3)] * 2


def test_somebody_tested_after_the_page_was_shown_is_looked_at_again(world: World, manager: Client):
    ward, ann = world.of(Ward)[0], StaffMember.objects.get(name="Ann 5")
    said = sent(manager, ward)
    AccessCheck.objects.create(
        staff=ann, programme=world.programme, ward=ward, checked_at=NOON, passed=False, reason="wrong_role"
    )

    refused = manager.post(f"{DRILL}?ward={ward.pk}", said)

    assert refused.status_code == 422
    assert "1 of them was tested after this page was shown." in words(refused.text)
    assert "Ann 5 (Failed: Wrong role" in words(refused.text)
    assert not AccessCheck.objects.filter(checked_at__gte=NOON, passed=True).exists()
    again = dict(re.findall(r'type="hidden" name="(once|seen)" value="([^"]+)"', refused.text))
    assert manager.post(f"{DRILL}?ward={ward.pk}", {**said, **again}).status_code == 302


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"people": []}, "Select who logged in"),
    ({"people": [0]}, "Select people who are listed here"),
    ({"names": ["Bo 1"]}, "Select people who are listed here"),
    ({"tested_on": ""}, "Enter a date like 2026-03-14"),
    ({"tested_on": str(DAY + timedelta(days=1))}, "is still to come"),
    ({"device": "x" * 121}, "at most 120 characters"),
)


def test_form_says_what_is_wrong_and_keeps_what_was_typed(world: World, manager: Client):
    ward = world.of(Ward)[0]

    for said, words_said in WRONG:
        answer = manager.post(f"{DRILL}?ward={ward.pk}", sent(manager, ward, **said))

        assert answer.status_code == 422
        assert words_said in words(answer.text)
        assert "<title>Error: " in answer.text
    assert not AccessCheck.objects.filter(checked_at__gte=NOON).exists()


def recorded(world: World, by: User, *names: str, on: date = DAY, seen: int | None = None) -> int:
    """Record a drill on the first ward."""
    people = list(StaffMember.objects.filter(name__in=names).values_list("pk", flat=True))
    newest = AccessCheck.objects.latest("pk").pk if seen is None else seen
    return record_access_checks(
        deployment=world.of(Deployment)[0],
        ward=world.of(Ward)[0],
        staff_ids=people,
        device="",
        on=on,
        seen=newest,
        by=by,
    )


def test_service_refuses_whole_and_takes_the_same_statements_for_any_number(world: World):
    manager = make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme)
    stranger = make.make_member(Role.WARD_MANAGER, ward=world.of(Ward)[1])
    lead = make.make_member(Role.SITE_LEAD, site=world.of(Site)[0])
    Posting.objects.filter(staff__name="Ann 3").update(to_on=DAY - timedelta(days=1))

    refusals: list[tuple[type[Refused], dict[str, Any]]] = [
        (WrongPeople, {"by": manager, "names": ("Ann 2", "Ann 3")}),
        (WrongPeople, {"by": manager, "names": ("Bo 1",)}),
        (WrongPeople, {"by": stranger, "names": ("Ann 1",)}),
        (NewerTest, {"by": manager, "names": ("Ann 2",), "seen": 0}),
        (NotThatDrill, {"by": lead, "names": ("Ann 2",), "on": DAY - timedelta(days=31)}),
    ]
    for refusal, said in refusals:
        with pytest.raises(refusal):
            recorded(world, said.pop("by"), *said.pop("names"), **said)
    before = AccessCheck.objects.count()
    costs = []
    for names in (("Ann 0",), ("Ann 1", "Ann 2", "Ann 4", "Ann 5")):
        with CaptureQueriesContext(connection) as caught:
            assert recorded(world, manager, *names) == len(names)
        costs.append(len(caught))
    assert AccessCheck.objects.count() == before + 5
    assert costs[0] == costs[1]
