"""A gate from the frozen pack to the outcome: who signs what, what is refused, and what never changes after."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from readiness.choices import Answer, Band, GateKind, GateOutcome, WaiverState
from readiness.gates import Effect, GateFacts
from readiness.models import Condition, Gate, GateReview, SignOff, Waiver
from readiness.services.gate_facts import facts_now
from readiness.services.gates import (
    Forbidden,
    add_condition,
    answers_of,
    finish_condition,
    freeze_pack,
    record_outcome,
    seats_of,
    sign_gate,
    verdict_of,
)
from rollout.choices import Role
from rollout.models import Decision, Deployment, OtherChange, SeatRole, User
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock

NOW = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 4, 20)
SEATS = ("ccio", "clinical_safety_officer", "sro")
pytestmark = pytest.mark.django_db


@pytest.fixture
def deployment(frozen_clock: FrozenClock) -> Deployment:
    """A site four days before its go-live with nothing against it."""
    frozen_clock.move_to(NOW)
    deployment = make.make_deployment()
    make.make_score(deployment, day=TODAY, share=100)
    return deployment


@pytest.fixture
def gate(deployment: Deployment) -> Gate:
    gate = Gate.objects.create(
        programme=deployment.programme, code="GO", name="Go/no-go", kind=GateKind.GO_LIVE, due_days=3
    )
    gate.seats.set(SeatRole.objects.get_or_create(code=code)[0] for code in SEATS)
    return gate


@pytest.fixture
def manager(deployment: Deployment) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=deployment.programme)


@pytest.fixture
def review(gate: Gate, deployment: Deployment, manager: User) -> GateReview:
    return freeze_pack(gate=gate, deployment=deployment, by=manager)


def holder(deployment: Deployment, seat: str) -> User:
    return make.make_member(Role.SIGNATORY, programme=deployment.programme, seat_role=SeatRole.objects.get(code=seat))


def sign(review: GateReview, seat: str, answer: str = Answer.YES, words: str = "", by: User | None = None) -> SignOff:
    return sign_gate(
        review_id=review.pk,
        seat=SeatRole.objects.get(code=seat),
        answer=Answer(answer),
        words=words,
        by=by or holder(review.deployment, seat),
    )


def all_sign(review: GateReview, **answers: str) -> None:
    for seat in SEATS:
        answer = answers.get(seat, Answer.YES)
        sign(review, seat, answer, "Mend the printer" if answer == Answer.WITH_CONDITIONS else "")


def close(review: GateReview, outcome: str, by: User, **more: Any) -> GateReview:
    return record_outcome(review_id=review.pk, outcome=GateOutcome(outcome), by=by, **{"words": "", **more})


def test_facts_are_those_of_the_newest_score(deployment: Deployment):
    facts = facts_now(deployment, TODAY)

    assert (facts.score, facts.band, facts.caps, facts.hazards_open) == (100, Band.READY, (), 0)
    assert facts.trained is not None
    assert facts.trained[0] == facts.trained[1] > 0
    assert facts.score_id == deployment.readiness_scores.get().pk


def test_without_a_score_nothing_is_known(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)

    facts = facts_now(make.make_deployment(), TODAY)

    assert (facts.score, facts.trained, facts.hazards_open, facts.uncovered) == (None, None, None, None)


def test_collision_counts_until_it_is_waived(deployment: Deployment):
    OtherChange.objects.create(
        programme=deployment.programme,
        site=deployment.site,
        code="MOVE",
        text="Ward move",
        from_on=make.GO_LIVE,
        to_on=make.GO_LIVE,
        load=2,
    )
    before = facts_now(deployment, TODAY).collisions
    Waiver.objects.create(
        programme=deployment.programme,
        deployment=deployment,
        code="W1",
        subject="collision:2026-W17",
        state=WaiverState.APPROVED,
        decided_on=TODAY,
        until_on=TODAY + timedelta(days=30),
    )

    assert (before, facts_now(deployment, TODAY).collisions) == (("2026-W17",), ())


def test_all_yes_and_good_figures_may_go_and_the_site_keeps_the_decision(review: GateReview, manager: User):
    all_sign(review)

    close(review, GateOutcome.GO, manager, words="Every seat asked")

    assert GateReview.objects.get().outcome == GateOutcome.GO
    assert list(Decision.objects.values_list("kind", "text", "reason", "deployment")) == [
        ("go", "Go/no-go: Go", "Every seat asked", review.deployment_id)
    ]


def test_no_seat_no_go(review: GateReview, manager: User):
    sign(review, "sro")

    with pytest.raises(Forbidden) as told:
        close(review, GateOutcome.GO, manager)

    silent = [finding.about for finding in told.value.verdict.of(Effect.FORBIDS)]
    assert silent == [("ccio",), ("clinical_safety_officer",)]
    assert GateReview.objects.get().outcome == ""


def test_dissent_stays_and_asks_for_conditions_with_owner_and_date(review: GateReview, manager: User):
    all_sign(review, ccio=Answer.NO)
    for outcome, error in ((GateOutcome.GO, Forbidden), (GateOutcome.GO_WITH_CONDITIONS, Refused)):
        with pytest.raises(error):
            close(review, outcome, manager)

    for _ in range(2):
        add_condition(review_id=review.pk, text="Mend the printer", owner="bo@example.org", due_on=TODAY, by=manager)
    close(review, GateOutcome.GO_WITH_CONDITIONS, manager)

    assert SignOff.objects.get(seat_role__code="ccio").answer == Answer.NO
    assert list(Condition.objects.values_list("code", "text", "due_on", "done_on")) == [
        ("C1", "Mend the printer", TODAY, None)
    ]


def test_condition_is_met_once(review: GateReview, manager: User, frozen_clock: FrozenClock):
    condition = add_condition(review_id=review.pk, text="Mend", owner="Bo", due_on=TODAY, by=manager)
    finish_condition(condition_id=condition.pk, by=manager)
    frozen_clock.move_to(NOW + timedelta(days=1))

    assert finish_condition(condition_id=condition.pk, by=manager).done_on == TODAY


def test_deferral_at_the_gate_moves_the_dates(review: GateReview, manager: User):
    later = make.GO_LIVE + timedelta(days=28)
    with pytest.raises(Refused):
        close(review, GateOutcome.DEFER, manager, words=" ", go_live_on=later)

    close(review, GateOutcome.DEFER, manager, words="No Wi-Fi", go_live_on=later)

    found = Deployment.objects.get()
    assert (found.stage, found.go_live_on) == ("deferred", later)
    assert list(Decision.objects.values_list("kind", "reason")) == [("defer", "No Wi-Fi")]


def test_gate_that_is_closed_takes_nothing_more(review: GateReview, manager: User):
    close(review, GateOutcome.NO_GO, manager)

    with pytest.raises(Refused):
        sign(review, "sro")
    with pytest.raises(Refused):
        add_condition(review_id=review.pk, text="Mend", owner="Bo", due_on=TODAY, by=manager)
    with pytest.raises(Refused):
        close(review, GateOutcome.GO, manager)
    with pytest.raises(Refused):
        freeze_pack(gate=review.gate, deployment=review.deployment, by=manager)


def test_seat_signs_once_in_its_own_name(review: GateReview):
    sro = holder(review.deployment, "sro")
    first = sign(review, "sro", Answer.NO, "Too early", by=sro)
    same = sign(review, "sro", Answer.NO, "Too early", by=sro)

    with pytest.raises(Refused):
        sign(review, "sro", Answer.YES, by=sro)
    assert first.pk == same.pk
    assert SignOff.objects.get().answer == Answer.NO


def test_seat_of_somebody_else_and_of_no_gate_is_refused(review: GateReview):
    sro = holder(review.deployment, "sro")
    SeatRole.objects.create(code="ig_lead")
    with pytest.raises(Refused):
        sign(review, "ccio", by=sro)
    with pytest.raises(Refused):
        sign(review, "ig_lead", by=holder(review.deployment, "ig_lead"))
    with pytest.raises(Refused):
        sign(review, "ccio", Answer.WITH_CONDITIONS, " ")


def test_seats_reach_as_far_as_their_membership(deployment: Deployment, gate: Gate):
    role = SeatRole.objects.get(code="sro")
    here: list[dict[str, Any]] = [{"programme": deployment.programme}, {"site": deployment.site}]
    both: dict[str, Any] = {"programme": deployment.programme, "site": deployment.site}
    away: list[dict[str, Any]] = [
        {"programme": make.make_programme()},
        {"site": make.make_site()},
        {"programme": deployment.programme, "site": make.make_site()},
    ]

    def seats(scope: dict[str, Any]) -> list[str]:
        user = make.make_member(Role.SIGNATORY, seat_role=role, **scope)
        return list(seats_of(user, deployment).values_list("code", flat=True))

    assert [seats(scope) for scope in (*here, both, *away)] == [["sro"], ["sro"], ["sro"], [], [], []]


def test_frozen_pack_keeps_the_figures_whatever_comes_after(review: GateReview, manager: User):
    make.make_score(review.deployment, day=TODAY + timedelta(days=1), share=10)

    assert GateFacts.from_json(GateReview.objects.get().pack or {}).score == 100
    assert freeze_pack(gate=review.gate, deployment=review.deployment, by=manager).pk == review.pk
    with pytest.raises(IntegrityError):
        GateReview.objects.update(pack={"day": "2026-04-20"})


def test_cap_that_holds_forbids(gate: Gate, manager: User):
    held = make.make_deployment(programme=gate.programme)
    make.make_score(held, day=TODAY, share=100, situation={"overdue_blockers": 1})
    review = freeze_pack(gate=gate, deployment=held, by=manager)
    all_sign(review)

    found = verdict_of(review)

    assert [(each.code, each.about) for each in found.of(Effect.FORBIDS)] == [("cap", ("blocker_overdue",))]
    assert found.may == {GateOutcome.NO_GO, GateOutcome.DEFER}


def test_answers_follow_the_seats_of_the_gate(review: GateReview):
    sign(review, "sro", Answer.WITH_CONDITIONS, "Mend the printer")

    assert [(said.seat, said.answer) for said in answers_of(review)] == [
        ("ccio", ""),
        ("clinical_safety_officer", ""),
        ("sro", "with_conditions"),
    ]


@pytest.mark.django_db(transaction=True)
def test_outcome_recorded_at_once_by_two_is_one(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)
    deployment = make.make_deployment()
    make.make_score(deployment, day=TODAY, share=100)
    gate = Gate.objects.create(programme=deployment.programme, code="GO", name="Go/no-go", kind=GateKind.GO_LIVE)
    by = make.make_user()
    review = freeze_pack(gate=gate, deployment=deployment, by=by)
    refused: list[Refused] = []

    def one(outcome: GateOutcome) -> None:
        try:
            close(review, outcome, by)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(outcome,)) for outcome in (GateOutcome.GO, GateOutcome.NO_GO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Decision.objects.count() == 1


def test_condition_is_not_due_before_the_meeting(review: GateReview, manager: User):
    with pytest.raises(Refused, match="must not be in the past"):
        add_condition(review_id=review.pk, text="Mend", owner="Bo", due_on=TODAY - timedelta(days=1), by=manager)

    assert not Condition.objects.exists()
