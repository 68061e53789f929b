"""What must hold for any records: the properties of SCORING.md over small programmes in the database."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import models
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from readiness.explain import (
    Evidence,
    Moment,
    Moved,
    by_group,
    missing_facts,
    next_best_actions,
    readings_of,
    why_moved,
)
from readiness.explain.contract import AGREEMENT
from readiness.indicators import evidence_of, facts_of_chunk
from readiness.models import ChecklistEvent, ChecklistItem, Hazard, ReadinessScore
from readiness.scoring import CODES, DOMAINS, Judgement, Model, Situation, judge
from readiness.services.scores import score_deployments
from rollout.models import Commitment, Deployment, EngagementEvent, Measure, Pilot, PulseResponse, Signature, SiteTarget
from tests.readiness.doing import attend, counted_in, do
from tests.readiness.drawn import SIZE, Drawn
from tests.readiness.draws import Draws, draws
from tests.readiness.records import DAY, current_model, forgotten, local
from training.models import AccessCheck, Attendance, Champion, ChampionShift, Course, Posting, ShiftPattern

NIGHT = os.environ.get("HYPOTHESIS_PROFILE") == "night"
# One database serves all examples: each takes back what it wrote. Shrinking a failure takes minutes: at night.
examples = settings(
    max_examples=300 if NIGHT else 15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if NIGHT else [])],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
pytestmark = pytest.mark.django_db


def judged(model: Model, deployment: Deployment, day: date = DAY) -> Judgement:
    """The exact judgement of a deployment, from the sums that the nightly run gathers."""
    (facts,) = facts_of_chunk(model, ids=[deployment.pk], day=day)
    return judge(model, facts.readings, facts.situation)


# The two ways to gather -----------------------------------------------------------------------------------------------


def counted(evidence: Evidence, situation: Situation) -> dict[str, int]:
    """What the caps count, told from the units in the words of SCORING.md."""
    items = [unit for code in CODES if code.startswith("checklist.") for unit in evidence.of(code)]
    blocking = [unit.facts for unit in items if unit.facts["blocking"] and not unit.facts["waived"] and not unit.credit]
    hazards = [unit.facts for unit in evidence.of("governance.hazards")]
    return {
        "overdue_blockers": sum(facts["due_on"] is not None and facts["due_on"] < situation.day for facts in blocking),
        "blocked_blockers": sum(facts["state"] == "blocked" for facts in blocking),
        "unacceptable_hazards": sum(facts["open"] and facts["rating"] >= 15 for facts in hazards),
        "unsigned_agreements": len(evidence.agreements),
    }


@given(draws(SIZE))
@examples
def test_sums_and_units_tell_the_same(draw: Draws) -> None:
    with forgotten():
        world = Drawn(draw, DAY).save()
        model = current_model()
        for deployment in world.of(Deployment):
            (facts,) = facts_of_chunk(model, ids=[deployment.pk], day=DAY)
            evidence, situation = evidence_of(model, deployment.pk, day=DAY)

            assert readings_of(evidence, model) == facts.readings
            assert situation == facts.situation
            assert counted(evidence, situation) == {
                name: getattr(situation, name) for name in counted(evidence, situation)
            }
            assert [
                (code, unit)
                for code, units in [*evidence.units.items(), (AGREEMENT, evidence.agreements)]
                for unit in units
                if missing_facts(code, unit) or not 0 <= unit.credit <= 1 or unit.weight < 1
            ] == []
            assert all(len({unit.key for unit in units}) == len(units) for units in evidence.units.values())


@given(draws(SIZE))
@examples
def test_score_does_not_depend_on_the_chunk(draw: Draws) -> None:
    with forgotten():
        world = Drawn(draw, DAY).save()
        model = current_model()
        ids = [deployment.pk for deployment in world.of(Deployment)]

        together = {facts.deployment_id: facts for facts in facts_of_chunk(model, ids=ids, day=DAY)}
        apart = {pk: facts for pk in ids for facts in facts_of_chunk(model, ids=[pk], day=DAY)}

        assert together == apart


# Ignorance never raises it, good records never lower it ---------------------------------------------------------------


def behind(code: str) -> list[type[models.Model]]:
    """The tables whose records an indicator rests on."""
    if code.startswith("checklist."):
        return [ChecklistEvent]
    return {
        "training.completion": [Attendance],
        "training.managers": [Attendance],
        "champions.ratio": [Champion],
        "champions.cover": [ChampionShift],
        "technical.access": [AccessCheck],
        "engagement.reach": [EngagementEvent],
        "engagement.confidence": [PulseResponse],
        "goals.targets": [SiteTarget, Measure],
        "partnerships.commitments": [Commitment],
        "pilots.outcome": [Pilot],
        "governance.hazards": [Hazard],
    }[code]


def records_behind(code: str) -> list[models.QuerySet]:
    """Every record behind an indicator, of all deployments."""
    tables = [model._default_manager.all() for model in behind(code)]
    if code.startswith("checklist."):
        domain = code.removeprefix("checklist.")
        return [table.filter(item__template_item__domain=domain) for table in tables]
    return tables


@given(draws(SIZE), st.sampled_from(DOMAINS))
@examples
def test_forgetting_an_indicator_never_raises_raw(draw: Draws, domain: str) -> None:
    """Each indicator by itself; of the checklist's one domain at a time."""
    with forgotten():
        world = Drawn(draw, DAY).save()
        model = current_model()
        before = {deployment.pk: judged(model, deployment) for deployment in world.of(Deployment)}
        for code in [f"checklist.{domain}", *(code for code in CODES if not code.startswith("checklist."))]:
            with forgotten():
                for records in records_behind(code):
                    records.update(retired_at=timezone.now())
                for deployment in world.of(Deployment):
                    after = judged(model, deployment)
                    assert after.raw <= before[deployment.pk].raw, code
                    assert after.readings[code].value == 0 or code == f"checklist.{domain}", code
                    if not code.startswith("checklist."):
                        assert after.score <= before[deployment.pk].score, code


def staff_of(deployment: Deployment) -> list[int]:
    return sorted(counted_in(deployment, DAY))


def attend_everything(deployment: Deployment, draw: Draws) -> None:
    """One person passes one course, a champions' course perhaps."""
    people, courses = staff_of(deployment), list(Course.objects.order_by("pk"))
    if people and courses:
        attend(draw.one_of(people), draw.one_of(courses), DAY)


def pass_check(deployment: Deployment, draw: Draws) -> None:
    if people := staff_of(deployment):
        at = local(deployment.site, DAY, 23, 59)
        AccessCheck.objects.create(
            staff_id=draw.one_of(people), programme=deployment.programme, checked_at=at, passed=True
        )


def prove_item(deployment: Deployment, draw: Draws) -> None:
    if items := list(ChecklistItem.objects.filter(deployment=deployment).order_by("pk")):
        item, at = draw.one_of(items), local(deployment.site, DAY, 23, 59)
        ChecklistEvent.objects.create(item=item, deployment=deployment, at=at, state="done", assurance="proved")


def raise_assurance(deployment: Deployment, draw: Draws) -> None:
    if items := list(ChecklistItem.objects.filter(deployment=deployment).order_by("pk")):
        item, at = draw.one_of(items), local(deployment.site, DAY, 23, 59)
        level = draw.one_of(["declared", "seen", "proved"])
        ChecklistEvent.objects.create(item=item, deployment=deployment, at=at, assurance=level)


def add_champion(deployment: Deployment, draw: Draws) -> None:
    if people := staff_of(deployment):
        Champion.objects.get_or_create(staff_id=draw.one_of(people), programme=deployment.programme, from_on=DAY)


def plan_shift(deployment: Deployment, draw: Draws) -> None:
    """Somebody without shifts takes one, which may fill a slot or half of one."""
    ward = Posting.objects.filter(ward__site=deployment.site).order_by("pk").first()
    pattern = ShiftPattern.objects.order_by("pk").first()
    if ward and pattern and deployment.go_live_on:
        starts_at = local(deployment.site, deployment.go_live_on + timedelta(days=draw.below(14)), pattern.starts.hour)
        free = Posting.objects.exclude(staff__champion_shifts__isnull=False).order_by("pk").first()
        if free:
            ChampionShift.objects.create(
                client_id="00000000-0000-0000-0000-0000000000ff",
                programme=deployment.programme,
                staff=free.staff,
                ward=ward.ward,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=4 + draw.below(5)),
                planned_on=DAY,
            )


def reach_groups(deployment: Deployment, draw: Draws) -> None:
    event = EngagementEvent.objects.create(
        programme=deployment.programme, code="good", kind="demo", held_on=DAY - timedelta(days=draw.below(90))
    )
    event.sites.add(deployment.site)
    event.groups.add(*EngagementEvent.groups.rel.model.objects.all())


def answer_confidently(deployment: Deployment, _draw: Draws) -> None:
    PulseResponse.objects.create(
        programme=deployment.programme, deployment=deployment, code="good", answered_on=DAY, confidence=5
    )


def agree_targets(deployment: Deployment, _draw: Draws) -> None:
    for measure in Measure.objects.all():
        SiteTarget.objects.update_or_create(measure=measure, deployment=deployment, defaults={"agreed_on": DAY})


def deliver(deployment: Deployment, draw: Draws) -> None:
    due_on = DAY + timedelta(days=draw.one_of([-1, 0, 40]))
    partner = Commitment.partner.field.related_model.objects.create(code="GOOD", name="Good partner")
    Commitment.objects.create(
        programme=deployment.programme,
        deployment=deployment,
        partner=partner,
        code="good",
        text="Kept",
        due_on=due_on,
        delivered_on=DAY,
    )


def scale_pilot(deployment: Deployment, _draw: Draws) -> None:
    Pilot.objects.create(
        programme=deployment.programme, code="good", ends_on=DAY, outcome="scale", decided_on=DAY, secured_on=DAY
    )


def close_hazards(deployment: Deployment, draw: Draws) -> None:
    Hazard.objects.filter(programme=deployment.programme, raised_on__lte=DAY).update(
        **{draw.one_of(["closed_on", "accepted_on"]): DAY}
    )


def raise_closed_hazard(deployment: Deployment, _draw: Draws) -> None:
    Hazard.objects.create(
        programme=deployment.programme,
        deployment=deployment,
        code="good",
        text="Closed at once",
        likelihood=5,
        severity=5,
        raised_on=DAY,
        closed_on=DAY,
    )


def sign(deployment: Deployment, _draw: Draws) -> None:
    Signature.objects.filter(agreement__deployment=deployment).update(signed_on=DAY)


GOOD_RECORDS: tuple[Callable[[Deployment, Draws], None], ...] = (
    *(attend_everything, pass_check, prove_item, raise_assurance, add_champion, plan_shift, reach_groups),
    *(answer_confidently, agree_targets, deliver, scale_pilot, close_hazards, raise_closed_hazard, sign),
)


@given(draws(SIZE))
@examples
def test_good_record_never_lowers_the_score(draw: Draws) -> None:
    with forgotten():
        world = Drawn(draw, DAY).save()
        model = current_model()
        before = {deployment.pk: judged(model, deployment) for deployment in world.of(Deployment)}
        for record in GOOD_RECORDS:
            with forgotten():
                record(world.of(Deployment)[0], draw)
                for deployment in world.of(Deployment):
                    after = judged(model, deployment)
                    assert after.raw >= before[deployment.pk].raw, record.__name__
                    assert after.score >= before[deployment.pk].score, record.__name__


# Explanations ---------------------------------------------------------------------------------------------------------


def moved_between(model: Model, deployment: Deployment, first: date, last: date) -> Moved:
    def moment(day: date) -> Moment:
        evidence, situation = evidence_of(model, deployment.pk, day=day)
        row = ReadinessScore.objects.current().get(deployment=deployment, day=day)
        return Moment(evidence, situation, row.score, row.raw)

    crossed, _situation = evidence_of(model, deployment.pk, day=first, people_day=last)
    return why_moved(model, before=moment(first), after=moment(last), crossed=crossed)


@given(draws(SIZE), st.sampled_from([1, 3, 7, 30]), st.booleans())
@examples
def test_causes_add_up_to_the_change_of_the_stored_scores(draw: Draws, apart: int, replanned: bool) -> None:
    """Also where the plan changed in between, so that today's facts no longer give the stored score."""
    with forgotten():
        world = Drawn(draw, DAY).save()
        model = current_model()
        first = DAY - timedelta(days=apart)
        ids = [deployment.pk for deployment in world.of(Deployment)]
        for day in (first, DAY):
            assert score_deployments(ids=ids, day=day).failed == []
        if replanned:
            Deployment.objects.update(go_live_on=DAY + timedelta(days=2))
            Course.objects.update(valid_days=20)

        for deployment in world.of(Deployment):
            moved = moved_between(model, deployment, first, DAY)
            rows = {row.day: row for row in ReadinessScore.objects.current().filter(deployment=deployment)}

            assert moved.shown_change == rows[DAY].score - rows[first].score
            assert sum((cause.points for cause in moved.causes), Fraction(0)) == moved.change
            assert sum((cause.raw_points for cause in moved.causes), Fraction(0)) == moved.raw_change
            assert abs(moved.change - Fraction(moved.shown_change)) <= Fraction(1, 100)
            assert sum(points for _cause, points in moved.shown(2)) == moved.shown_change


@given(draws(SIZE))
@examples
def test_actions_give_what_they_promise(draw: Draws) -> None:
    """One action of each kind, and everything of one group, done by recording it."""
    with forgotten():
        world = Drawn(draw, DAY).save()
        model = current_model()
        deployment = draw.one_of(world.of(Deployment))
        evidence, situation = evidence_of(model, deployment.pk, day=DAY)
        before = judged(model, deployment)
        actions = next_best_actions(model, evidence, situation)
        kinds = {action.kind: action for action in actions}

        for action in kinds.values():
            with forgotten():
                do(action, deployment, DAY)
                after = judged(model, deployment)
                assert (action.kind, after.score - before.score, after.raw - before.raw) == (
                    action.kind,
                    action.unit_gain,
                    action.raw_gain,
                )
                assert set(before.caps) - set(after.caps) == set(action.lifts)
        for group in by_group(actions):
            with forgotten():
                for action in group.actions:
                    do(action, deployment, DAY, times=action.times)
                after = judged(model, deployment)
                assert (group.best.kind, after.score - before.score) == (group.best.kind, group.best.total_gain)
                assert set(before.caps) - set(after.caps) == set(group.best.total_lifts)
