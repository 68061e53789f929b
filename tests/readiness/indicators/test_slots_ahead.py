"""Gaps and slots still to come, counted for many sites at once: what the score counts, in one statement."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.indicators.gather import parameters, with_ctes
from readiness.indicators.slots import slots_ahead
from rollout.models import Deployment, DeploymentWard
from tests.readiness.records import DAY, World, current_model, forgotten, local
from training.models import ShiftPattern, StaffMember

pytestmark = pytest.mark.django_db

NOON = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
COUNTED_BY_THE_SCORE = """
    SELECT u.deployment_id, count(*) FILTER (WHERE u.credit_num = 0), count(*)
    FROM cover_units u JOIN scored sc ON sc.deployment_id = u.deployment_id
    WHERE u.ends_at > LEAST(%(now)s, CASE WHEN %(whole_day)s THEN sc.day_ends_at END)
    GROUP BY u.deployment_id
"""


def by_the_score(**asked: Any) -> dict[int, tuple[int, int]]:
    ids = list(Deployment.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(COUNTED_BY_THE_SCORE), parameters(current_model(), ids=ids, day=DAY) | asked)
        return {deployment: (gaps, slots) for deployment, gaps, slots in cursor.fetchall()}


def ahead(**asked: Any) -> dict[int, tuple[int, int]]:
    ids = list(Deployment.objects.values_list("pk", flat=True))
    return dict(slots_ahead(current_model(), ids, day=DAY, **asked))


def sites(number: int) -> World:
    """Sites in their fortnight, in two time zones: two wards, a day shift of one and a night of two champions."""
    world = World()
    world.pattern(7, 15)
    world.pattern(21, 7, minimum=2)
    for place in range(number):
        began = DAY - timedelta(days=place % 12)
        here = world.site(("Europe/London", "Europe/Kyiv")[place % 2], wards=2, go_live_on=began, stage="live")
        people = [world.person(ward) for ward in world.wards(here) for _ in range(2)]
        for person in people[:2]:
            world.shift(person, world.wards(here)[0], local(here.site, DAY + timedelta(days=1), 21), hours=10)
        world.shift(people[2], world.wards(here)[1], local(here.site, DAY, 7), state="missed", ended_on=DAY)
        world.shift(people[3], world.wards(here)[1], local(here.site, DAY + timedelta(days=place % 3), 7))
    return world


@pytest.mark.parametrize("whole_day", [False, True])
@pytest.mark.parametrize("hours", [0, 9, 24])
def test_counts_what_the_score_counts(hours: int, whole_day: bool):
    sites(13).save()
    now = NOON + timedelta(hours=hours)

    found = ahead(now=now, whole_day=whole_day)

    assert found == by_the_score(now=now, whole_day=whole_day)
    assert len(set(found.values())) > 4


def test_ward_counts_where_somebody_stands_in_it_by_the_last_posting():
    world = World()
    world.pattern(7, 15)
    here = world.site(wards=6, go_live_on=DAY)
    held, left, gone, tied, higher, outside = world.wards(here)
    world.person(held)
    moved = world.person(left)
    world.posted(moved, held, from_on=DAY - timedelta(days=9))
    world.person(gone, retired_at=NOON, retired_reason="Left")
    both = world.person(tied)
    world.posted(both, higher)
    # A later posting at a ward that the deployment leaves out, or at another site, takes nobody away.
    for elsewhere in (outside, *world.wards(world.site(go_live_on=DAY))):
        stays = world.person(held)
        world.posted(stays, elsewhere, from_on=DAY - timedelta(days=3))
    world.save()
    for ward in (held, left, gone, tied, higher):
        DeploymentWard.objects.create(deployment=here, ward=ward)

    found = ahead(now=NOON, whole_day=False)

    assert found == by_the_score(now=NOON, whole_day=False)
    assert found[here.pk] == (28, 28)  # of the wards `held` and `higher`, 14 days each


def test_three_sites_and_three_hundred_are_one_statement():
    asked = []
    for number in (3, 300):
        with forgotten():
            sites(number).save()
            ids = list(Deployment.objects.values_list("pk", flat=True))
            model = current_model()
            with CaptureQueriesContext(connection) as captured:
                found = slots_ahead(model, ids, day=DAY, now=NOON, whole_day=False)
            assert (len(found), StaffMember.objects.count()) == (number, number * 4)
            assert max(slots for _gaps, slots in found.values()) <= 14 * 2 * ShiftPattern.objects.count()
            asked.append(len(captured))

    assert asked == [1, 1]
