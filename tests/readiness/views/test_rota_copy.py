"""Copying a day or a week of the rota: what the check page says, what is made, what two people at once do."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.rota_world import NOON, TODAY, RotaWorld, client_of
from training.choices import ShiftState
from training.models import Absence, ChampionShift

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 23)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)


@pytest.fixture
def world() -> RotaWorld:
    return RotaWorld()


def address(world: RotaWorld, to: date = MONDAY + WEEK, **asked: object) -> str:
    query = {"what": "week", "from_on": MONDAY, "to_on": to, "ward": "", **asked}
    return world.address(f"copy/?{urlencode(query)}")


def sent(page: Any) -> dict[str, str]:
    return {"mark": page.context["check"].initial["mark"], "once": str(uuid4())}


def test_week_is_looked_at_and_then_made_once(world: RotaWorld):
    ana, bo, cy, di = (world.champion(name) for name in ("Ana", "Bo", "Cy", "Di"))
    world.shift(ana, MONDAY, world.early, state=ShiftState.CONFIRMED)
    world.shift(ana, MONDAY + timedelta(days=6), world.night)  # copied over the night in which the clocks go forward
    world.shift(bo, MONDAY, world.late)
    world.shift(bo, MONDAY + WEEK, world.late)
    world.shift(cy, MONDAY, world.late)
    world.shift(cy, MONDAY + WEEK, world.pattern("middle", 12, 18), world.near)
    world.shift(di, MONDAY, world.late)
    world.shift(di, MONDAY, world.early, state=ShiftState.CANCELLED)
    Absence.objects.create(staff=di, from_on=MONDAY + WEEK)
    world.shift(world.champion("Other Ward", ward=world.near), MONDAY, world.early, world.near)
    client = world.manager()

    page = client.get(address(world))
    form = sent(page)
    answers = [client.post(address(world), form) for _ in range(2)]

    assert "2 shifts will be planned. 1 stands so already. 2 cannot be planned." in words(page.text)
    assert table(page.text, "made") == [
        ["30 March 2026, 7am to 3pm", "Elder ward", "Ana"],
        ["5 April 2026, 9pm to 7am the next day", "Elder ward", "Ana"],
    ]
    assert [row[2:] for row in table(page.text, "refused")] == [
        ["Cy", "Already on the middle shift in Fern ward until 6pm."],
        ["Di", "Away on 30 March 2026."],
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    made = ChampionShift.objects.filter(planned_on=TODAY)
    assert [(row.staff_id, row.state, (row.ends_at - row.starts_at) // timedelta(hours=1)) for row in made] == [
        (ana.pk, "planned", 8),
        (ana.pk, "planned", 10),
    ]


@pytest.mark.parametrize(("to", "hours"), [(date(2026, 3, 28), 9), (date(2026, 10, 24), 11)])
def test_copied_night_keeps_its_clock_over_a_change(world: RotaWorld, to: date, hours: int):
    world.shift(world.champion(), MONDAY, world.night)
    client = world.manager()
    page = address(world, to, what="day")

    client.post(page, sent(client.get(page)))

    made = ChampionShift.objects.get(planned_on=TODAY)
    assert made.ends_at - made.starts_at == timedelta(hours=hours)


def test_rota_that_changed_since_the_check_page_is_shown_again(world: RotaWorld):
    person = world.champion()
    world.shift(person, MONDAY, world.early)
    client = world.manager()
    form = sent(client.get(address(world)))
    world.shift(person, MONDAY + WEEK, world.pattern("middle", 12, 18))

    answer = client.post(address(world), form)

    assert answer.status_code == 409
    assert "The rota has changed since you looked." in words(answer.text)
    assert not ChampionShift.objects.filter(planned_on=TODAY).exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"what": "year"}, "Select one"),
        ({"to_on": "soon"}, "Enter a date like 2026-03-14"),
        ({"to_on": MONDAY}, "Choose another day than the one that is copied"),
        ({"to_on": "2030-01-01"}, "Choose a day within a year"),
        ({"ward": "0"}, "Select where"),
    ],
)
def test_copy_that_is_none_is_asked_for_again(world: RotaWorld, asked: dict[str, object], said: str):
    answer = world.manager().get(address(world, **asked))

    assert answer.status_code == 422
    assert said in words(answer.text)


def test_past_days_and_no_shifts_give_nothing_to_plan(world: RotaWorld):
    client = world.manager()
    nothing = client.get(address(world)).text
    world.shift(world.champion(), MONDAY, world.early)
    past = client.get(address(world, TODAY - WEEK, what="day")).text

    assert "Nothing to plan" in words(nothing)
    assert "That day is over." in words(past)
    assert client.post(address(world), {"mark": "x"}).status_code == 422


def test_copying_asks_the_same_for_one_and_for_three(world: RotaWorld):
    client = client_of(make.make_member(Role.SITE_LEAD, site=world.ward.site))
    counts: list[tuple[int, int]] = []
    for number in (1, 2):
        for _ in range(number):
            world.shift(world.champion(), MONDAY, world.early)
            busy = world.champion()
            world.shift(busy, MONDAY, world.early)
            world.shift(busy, MONDAY + WEEK, world.late)
            world.shift(busy, MONDAY + WEEK, world.early, world.near)
        client.get(address(world))
        with CaptureQueriesContext(connection) as looking:
            page = client.get(address(world))
        with CaptureQueriesContext(connection) as making:
            client.post(address(world), sent(page))
        counts.append((len(looking), len(making)))
        ChampionShift.objects.filter(planned_on=TODAY).update(state=ShiftState.CANCELLED)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 35
