"""A day of the rota by the hour: the fewest who are there, who is alone, and days on which the clocks change."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.rota_world import NOON, RotaWorld
from training.choices import ShiftState

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)


@pytest.fixture
def world(frozen_clock: FrozenClock) -> RotaWorld:
    frozen_clock.move_to(NOON)
    return RotaWorld()


def test_hours_show_the_fewest_and_who_is_alone(world: RotaWorld):
    ana, bo = world.champion("Ana"), world.champion("Bo")
    world.shift(ana, DAY, world.early)
    middle = world.pattern("middle", 12, 16)
    world.shift(bo, DAY, middle)
    world.shift(world.champion("Cy"), DAY - timedelta(days=1), world.night)
    world.shift(world.champion("Di"), DAY, world.late, state=ShiftState.MISSED)

    page = world.manager().get(world.address(f"hours/?on={DAY}")).text

    (own, near) = table(page, "hours")
    assert own[0] == "Elder ward"
    assert own[1:13] == ["1 of 1"] * 12
    assert own[13:16] == ["2 of 1"] * 3
    assert own[16:] == ["1 of 1", *["0 of 1"] * 8]
    assert near[1:] == ["0 of 1"] * 24
    assert table(page, "alone") == [
        ["Elder ward", "midnight to 7am", "Cy"],
        ["Elder ward", "7am to midday", "Ana"],
        ["Elder ward", "3pm to 4pm", "Bo"],
    ]
    assert "On 20 March 2026, 32 of 48 hours have too few champions." in words(page)


def test_half_an_hour_without_anybody_shows(world: RotaWorld):
    row = world.shift(world.champion("Ana"), DAY, world.early)
    type(row).objects.filter(pk=row.pk).update(ends_at=row.ends_at - timedelta(minutes=30))

    (own, _near) = table(world.manager().get(world.address(f"hours/?on={DAY}")).text, "hours")

    assert own[14:16] == ["1 of 1", "0 of 1"]


@pytest.mark.parametrize(("on", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-20", 24)])
def test_day_has_as_many_hours_as_it_really_has(world: RotaWorld, on: str, hours: int):
    answer = world.manager().get(world.address(f"hours/?on={on}"))

    assert len(answer.context["shown"].hours) == hours
    assert ("1am again" in answer.context["shown"].hours) == (hours == 25)


def test_page_without_patterns_or_with_a_day_that_is_none(world: RotaWorld):
    client = world.manager()
    assert client.get(world.address("hours/?on=soon")).status_code == 404
    world.programme.shift_patterns.all().delete()

    assert "No shift asks for a champion on" in words(client.get(world.address("hours/")).text)


def test_hours_ask_the_same_for_one_and_for_three(world: RotaWorld):
    client, counts = world.manager(), []
    for patterns in ((world.early,), (world.late, world.night)):
        for pattern in patterns:
            world.shift(world.champion(), DAY, pattern)
        client.get(world.address(f"hours/?on={DAY}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(world.address(f"hours/?on={DAY}"))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25
