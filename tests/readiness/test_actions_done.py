"""Every kind of next best action, done: what it promised is what the stored score gains."""

from datetime import timedelta

import pytest

from readiness.explain import ActionKind, next_best_actions, readings_of
from readiness.indicators import evidence_of
from readiness.models import ReadinessScore
from readiness.scoring import MODEL_2026_1, Model, judge, rounded
from readiness.services.scores import score_deployments
from rollout.models import Deployment
from tests.clock import FrozenClock
from tests.readiness.doing import do
from tests.readiness.records import DAY, World, local

MODEL = Model.from_json(MODEL_2026_1)
YESTERDAY = DAY - timedelta(days=1)
pytestmark = pytest.mark.django_db


def everything_to_do(kind: ActionKind) -> Deployment:
    """A deployment at which every kind of action wins something; only the cap that `kind` may lift holds it down."""
    world = World()
    here = world.site(wards=2)
    first, second = world.wards(here)
    basics = world.course(assessed=True)
    for_champions = world.course(for_champions=True)
    people = [world.person(first, line_manager=number == 0) for number in range(12)]
    elsewhere = [world.person(second) for _number in range(3)]
    for person in people[:3]:
        world.attended(person, basics, YESTERDAY, passed=person is not people[2])
        world.check(person, local(here.site, YESTERDAY, 9), passed=person is not people[1])
    world.champion(people[5])  # who has not been to the champions' course
    world.champion(elsewhere[0])
    world.attended(elsewhere[0], for_champions, YESTERDAY)
    world.pattern(7, 15, minimum=2)
    world.pattern(21, 7)
    world.shift(people[5], first, local(here.site, here.go_live_on, 7))

    blocks = kind is ActionKind.UNBLOCK_ITEM
    for fields in ({}, {"valid_days": 7}, {"evidence_needed": True}, {"blocking": blocks}, {"evidence_needed": True}):
        world.template_item("continuity", **fields)
    _unfinished, stale, _undone, blocked, declared = world.checklist(here)
    world.event(stale, DAY - timedelta(days=8), "done")
    world.event(blocked, YESTERDAY, "blocked")
    world.event(declared, YESTERDAY, "done", assurance="declared")

    for confidence in (4, 4, 5, 5, 5):
        world.answer(here, YESTERDAY, confidence)
    world.target(world.measure(), here, YESTERDAY)
    world.target(world.measure(), here, None)
    world.commitment(here, DAY, YESTERDAY)
    world.commitment(None, here.go_live_on)
    world.pilot()
    world.pilot(outcome="scale", decided_on=YESTERDAY)
    world.hazard(here, 3, 5 if kind is ActionKind.CLOSE_HAZARD else 4)
    world.hazard(None, accepted_on=YESTERDAY)
    if kind is ActionKind.SIGN_AGREEMENT:
        here.go_live_on = DAY + timedelta(days=21)
        world.agreement(here, YESTERDAY, None, None)
    world.save()
    return here


def stored(deployment: Deployment) -> ReadinessScore:
    """The current row of the day, scored now."""
    assert score_deployments(ids=[deployment.pk], day=DAY).failed == []
    return ReadinessScore.objects.current().get(deployment=deployment, day=DAY)


@pytest.mark.parametrize("kind", list(ActionKind))
def test_action_gains_what_it_promises(kind: ActionKind, frozen_clock: FrozenClock) -> None:
    deployment = everything_to_do(kind)
    frozen_clock.move_to(local(deployment.site, DAY, 23, 59, 59))
    evidence, situation = evidence_of(MODEL, deployment.pk, day=DAY)
    exact = judge(MODEL, readings_of(evidence, MODEL), situation)
    before = stored(deployment)
    action = next(action for action in next_best_actions(MODEL, evidence, situation) if action.kind is kind)

    do(action, deployment, DAY)
    after = stored(deployment)

    assert (before.raw, before.score) == (rounded(exact.raw, 2), rounded(exact.score, 2))
    assert after.raw == rounded(exact.raw + action.raw_gain, 2)
    assert after.score == rounded(exact.score + action.unit_gain, 2)
    assert sorted(set(before.caps) - set(after.caps)) == sorted(action.lifts)
    assert action.raw_gain > 0 or action.lifts
