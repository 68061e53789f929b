"""Training in parts: each table comes to the indicator's numerator and denominator, on any records."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings

from readiness.indicators import facts_of_chunk
from readiness.indicators.training_parts import Count, Lapse, Part, Turnover, lapses, training_parts, turnover
from readiness.packs import import_pack
from rollout.models import Deployment, StaffGroup
from tests.readiness.drawn import SIZE, Drawn
from tests.readiness.draws import Draws, draws
from tests.readiness.records import DAY, GO_LIVE, World, current_model, forgotten
from training.models import Absence, StaffMember

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parents[2] / "golden"
examples = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


Sum = tuple[Any, Any]


def sums(counts: Iterable[Count]) -> tuple[int, int]:
    found = list(counts)
    return sum(count.completed for count in found), sum(count.required for count in found)


def compared(deployments: Iterable[Deployment], day: date) -> list[tuple[list[Sum], list[Sum]]]:
    """For each deployment the sums of every table of the page, and beside them what the score counts."""
    model, found = current_model(), []
    for deployment in deployments:
        (facts,) = facts_of_chunk(model, ids=[deployment.pk], day=day)
        completion, managers = facts.readings["training.completion"], facts.readings["training.managers"]
        parts = training_parts(model, deployment.pk, day=day)
        tables = [
            sums([parts.whole]),
            sums(part.count for part in parts.wards),
            sums(part.count for part in parts.groups),
            sums(part.count for part in parts.courses),
            sums([parts.managers, parts.others]),
            sums([parts.managers]),
        ]
        counted = (completion.numerator, completion.denominator)
        found.append((tables, [counted] * 5 + [(managers.numerator, managers.denominator)]))
    return found


@examples
@given(draws(SIZE))
def test_parts_of_any_world_are_the_indicators(draw: Draws):
    with forgotten():
        world = Drawn(draw, DAY).save()
        found = compared(world.of(Deployment), DAY)

    assert [tables for tables, _counted in found] == [counted for _tables, counted in found]


@pytest.mark.parametrize(("pack", "day"), [("pack1", date(2026, 2, 14)), ("pack3", date(2026, 3, 30))])
def test_parts_of_a_golden_pack_are_the_indicators(pack: str, day: date):
    import_pack(GOLDEN / pack)

    found = compared(Deployment.objects.exclude(stage="embedded"), day)

    assert [tables for tables, _counted in found] == [counted for _tables, counted in found]
    assert any(counted[0][1] for _tables, counted in found)


def person_of(world: World, deployment: Deployment, ward: int = 0, **fields: object) -> StaffMember:
    return world.person(world.wards(deployment)[ward], **fields)


def test_people_are_counted_beside_their_courses():
    world = World()
    here = world.site(wards=2)
    first, second = world.course(), world.course(world.groups[0])
    nurse = person_of(world, here)
    away = person_of(world, here, 1)
    doctor = person_of(world, here, 1, group=world.groups[1], line_manager=True)
    loner = person_of(world, here, group=None)
    world.attended(nurse, first, DAY)
    world.attended(away, first, DAY)
    world.attended(away, second, DAY)
    world.save()
    Absence.objects.create(staff=away, from_on=GO_LIVE + timedelta(days=13))
    Absence.objects.create(staff=doctor, from_on=GO_LIVE - timedelta(days=9), to_on=GO_LIVE - timedelta(days=1))
    Absence.objects.create(staff=loner, from_on=GO_LIVE + timedelta(days=14))

    parts = training_parts(current_model(), here.pk, day=DAY)

    assert parts.whole == Count(6, 3, 4, 1, people=4, started=2, unfinished=3, away=1)
    assert {part.name: part.count for part in parts.wards} == {
        "Ward 1": Count(3, 1, 3, 1, people=2, started=1, unfinished=2),
        "Ward 2": Count(3, 2, 1, 0, people=2, started=1, unfinished=1, away=1),
    }
    assert {part.name for part in parts.groups} == {"nurse", "doctor", ""}
    assert Part("C2", "C2", "classroom", Count(2, 1, 1, 0, people=2, started=1, unfinished=1, away=1)) in parts.courses
    assert parts.managers == Count(1, 0, 1, 0, people=1, unfinished=1)


def test_those_who_came_left_and_moved_in_a_week():
    world = World()
    here = world.site(wards=2)
    course = world.course()
    one, two = world.wards(here)
    week = DAY - timedelta(days=7)
    starter, leaver, mover = world.person(), world.person(), world.person()
    person_of(world, here)
    world.posted(starter, one, from_on=week + timedelta(days=1))
    world.posted(leaver, one, to_on=DAY - timedelta(days=1))
    world.posted(mover, one, to_on=week)
    world.posted(mover, two, from_on=week + timedelta(days=1))
    world.attended(starter, course, DAY)
    # Two change sites: one comes from elsewhere, one goes there and takes a completion along.
    (elsewhere,) = world.wards(world.site())
    for person, before, after in ((world.person(), elsewhere, one), (gone := world.person(), one, elsewhere)):
        world.posted(person, before, to_on=week)
        world.posted(person, after, from_on=week + timedelta(days=1))
    world.attended(gone, course, DAY - timedelta(days=40))
    world.save()

    assert turnover(current_model(), here.pk, day=DAY) == Turnover(
        before=week,
        wards=2,
        staff=4,
        courses=1,
        starters=2,
        leavers=2,
        movers=1,
        required=2,
        completed=1,
        moved_in=1,
        moved_out=1,
        gone_required=2,
        gone_completed=1,
    )


def test_what_there_is_to_count_at_a_site_of_nothing():
    world = World()
    here = world.site(wards=0)
    world.save()
    model = current_model()

    found = turnover(model, here.pk, day=DAY)

    assert (found.wards, found.staff, found.courses, found.starters) == (0, 0, 0, 0)
    assert training_parts(model, here.pk, day=DAY).whole == Count()
    assert lapses(model, here.pk, day=DAY, until=GO_LIVE) == []


def test_completions_that_run_out_before_go_live_by_the_week_of_their_last_day():
    world = World()
    here = world.site()
    yearly, lasting = world.course(valid_days=30), world.course()
    monday = date(2026, 3, 16)
    ages = {
        "last valid on Monday": monday,
        "last valid on Sunday": monday + timedelta(days=6),
        "the week after": monday + timedelta(days=7),
        "on go-live itself": GO_LIVE,
        "over already": DAY - timedelta(days=1),
    }
    for last in ages.values():
        world.attended(person_of(world, here), yearly, last - timedelta(days=30))
    renewed = person_of(world, here)
    world.attended(renewed, yearly, monday - timedelta(days=30))
    world.attended(renewed, yearly, DAY)
    world.attended(renewed, lasting, DAY - timedelta(days=300))
    world.save()

    found = lapses(current_model(), here.pk, day=DAY, until=GO_LIVE)

    assert found == [Lapse(monday, "C1", 2), Lapse(monday + timedelta(days=7), "C1", 1)]


@pytest.mark.parametrize("size", [1, 3])
def test_three_queries_whatever_the_size(size: int):
    world = World()
    here = world.site(wards=size)
    for number in range(size):
        world.course()
        person_of(world, here, number, group=world.groups[number % 2])
    world.save()
    model = current_model()

    with CaptureQueriesContext(connection) as captured:
        parts = training_parts(model, here.pk, day=DAY)
        turnover(model, here.pk, day=DAY)
        lapses(model, here.pk, day=DAY, until=GO_LIVE)

    assert (len(captured), len(parts.wards), len(parts.courses)) == (3, size, size)


def test_staff_groups_are_called_by_their_names():
    world = World()
    here = world.site()
    world.course()
    person_of(world, here)
    world.save()
    StaffGroup.objects.filter(code="nurse").update(name="Nurses and midwives")

    assert [part.name for part in training_parts(current_model(), here.pk, day=DAY).groups] == ["Nurses and midwives"]
