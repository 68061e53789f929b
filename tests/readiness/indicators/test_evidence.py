"""Every unit of one deployment, read in one statement: its facts keep their kinds, and its cost does not grow."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.explain import Evidence
from readiness.indicators import evidence_of, units_behind
from readiness.scoring import MODEL_2026_1, Model
from rollout.models import Deployment
from tests.readiness.records import DAY, GO_LIVE, World, local

MODEL = Model.from_json(MODEL_2026_1)
pytestmark = pytest.mark.django_db


def world_of(number: int) -> Deployment:
    """A site with so many wards, staff, items, hazards and commitments."""
    world = World()
    here = world.site(wards=number)
    world.course()
    world.pattern(21, 7)
    for ward in world.wards(here):
        person = world.person(ward)
        world.shift(person, ward, local(here.site, GO_LIVE, 21), hours=10)
        world.template_item("continuity", blocking=True)
        world.hazard(here)
        world.commitment(here, DAY)
    world.checklist(here)
    world.agreement(here, None)
    world.save()
    return here


def test_days_instants_lists_and_numbers_keep_their_kinds():
    here = world_of(1)

    evidence, _situation = evidence_of(MODEL, here.pk, day=DAY)

    (item,) = evidence.of("checklist.continuity")
    slots = {slot.key[1]: slot for slot in evidence.of("champions.cover")}
    (agreement,) = evidence.agreements
    assert item.facts["due_on"] == GO_LIVE - timedelta(days=10)
    assert list(slots) == [GO_LIVE + timedelta(days=n) for n in range(14)]
    assert slots[GO_LIVE].facts == {
        "minimum": 1,
        "have": 1,
        "starts_at": local(here.site, GO_LIVE, 21),
        "ends_at": local(here.site, GO_LIVE + timedelta(days=1), 7),
    }
    assert (slots[GO_LIVE].weight, slots[GO_LIVE].credit, slots[date(2026, 4, 5)].credit) == (1, 1, 0)
    assert len(agreement.facts["missing"]) == 1


def test_site_that_is_not_scored_has_no_evidence():
    here = world_of(1)
    Deployment.objects.filter(pk=here.pk).update(stage="embedded")

    with pytest.raises(LookupError):
        evidence_of(MODEL, here.pk, day=DAY)
    with pytest.raises(LookupError):
        units_behind(MODEL, here.pk, day=DAY)


def test_deployment_without_records_has_no_units():
    here = World()
    deployment = here.site(wards=0)
    here.save()

    evidence, _situation = evidence_of(MODEL, deployment.pk, day=DAY)

    assert evidence == Evidence({}, has_template=False, agreements=[])


@pytest.mark.parametrize("number", [1, 3])
def test_two_queries_whatever_stands_behind_the_score(number: int):
    here = world_of(number)

    with CaptureQueriesContext(connection) as captured:
        evidence, _situation = evidence_of(MODEL, here.pk, day=DAY)

    assert (len(captured), len(evidence.of("governance.hazards"))) == (2, number)
