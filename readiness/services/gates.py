"""A gate held for a deployment: pack frozen, seats signed, conditions set, the outcome recorded by the rule table."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from readiness.choices import Answer, GateKind, GateOutcome
from readiness.gates import GateFacts, Said, Verdict, judge_gate
from readiness.models import Condition, Gate, GateReview, SignOff
from readiness.services.gate_facts import facts_now
from rollout.audit import acting
from rollout.choices import DecisionKind
from rollout.models import Deployment, Membership, SeatRole, User
from rollout.services.decisions import record_decision
from rollout.services.deployments import plan_mark, today_at
from rollout.services.people import person_named, person_of
from rollout.services.refusals import Refused
from rollout.services.stages import defer

# Outcomes of these gates are decisions that each affected site keeps.
DECIDING = frozenset({GateKind.TECHNICAL, GateKind.GO_LIVE})
DECISIONS = {
    GateOutcome.GO: DecisionKind.GO,
    GateOutcome.GO_WITH_CONDITIONS: DecisionKind.GO,
    GateOutcome.NO_GO: DecisionKind.NO_GO,
    GateOutcome.DEFER: DecisionKind.DEFER,
}


class Forbidden(Refused):
    """The rule table does not allow the outcome; `verdict` says what does."""

    def __init__(self, verdict: Verdict) -> None:
        """Keep the findings, and say what is allowed."""
        allowed = ", ".join(str(each.label).lower() for each in GateOutcome if each in verdict.may)
        told = gettext("The gate does not allow this outcome. As it stands it can end in: %(outcomes)s.")
        super().__init__(told % {"outcomes": allowed})
        self.verdict = verdict


def seats_of(user: User, deployment: Deployment) -> "QuerySet[SeatRole]":
    """The seats in whose name the user may sign for the deployment."""
    held = Membership.objects.signing_for(deployment.programme_id, deployment.site_id).filter(user=user)
    return SeatRole.objects.filter(pk__in=held.values("seat_role"))


def answers_of(review: GateReview) -> list[Said]:
    """What each seat of the gate has answered, in the order of their codes; a seat that has not says nothing."""
    given = (
        {}
        if review.pk is None
        else dict(SignOff.objects.filter(review=review, retired_at=None).values_list("seat_role__code", "answer"))
    )
    asked = review.gate.seats.order_by("code").values_list("code", flat=True)
    return [Said(seat, given.get(seat, "")) for seat in asked]


def verdict_of(review: GateReview) -> Verdict:
    """What the rule table says of a review: the frozen figures, and the answers as they are now.

    Raises ValueError for a review whose pack was never frozen.
    """
    facts = GateFacts.from_json(review.pack or {})
    return judge_gate(review.gate.kind, review.gate.minimum_score, facts, answers_of(review))


def freeze_pack(*, gate: Gate, deployment: Deployment, by: User) -> GateReview:
    """Begin the meeting: the figures as they stand now are kept, and never edited after.

    A review of today that is frozen already is the one; a gate with an open review goes on with that. Raises Refused
    where today's review has an outcome.
    """
    with acting(by, "pack frozen"):
        Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        today = today_at(deployment)
        reviews = GateReview.objects.filter(gate=gate, deployment=deployment, retired_at=None).order_by("-held_on")
        open_review = reviews.filter(outcome="", pack__isnull=False).first()
        if open_review is not None:
            return open_review
        review = reviews.filter(held_on=today).first() or GateReview(gate=gate, deployment=deployment, held_on=today)
        if review.outcome:
            raise Refused(gettext("This gate was held today and has its outcome. It can be held again tomorrow."))
        review.pack = facts_now(deployment, today).to_json()
        review.frozen_at = timezone.now()
        review.save()
        return review


def sign_gate(*, review_id: int, seat: SeatRole, answer: Answer, words: str, by: User) -> SignOff:
    """Sign in the name of a seat the user holds. The same answer sent twice is one.

    Raises Refused for a seat that is not the user's or not asked, one that has answered, and a review that is closed.
    """
    with _open(review_id, by, "gate signed") as review:
        if not review.gate.seats.filter(pk=seat.pk).exists():
            raise Refused(gettext("This gate does not ask that seat."))
        if not seats_of(by, review.deployment).filter(pk=seat.pk).exists():
            raise Refused(gettext("You do not hold that seat here."))
        if answer == Answer.WITH_CONDITIONS and not words.strip():
            raise Refused(gettext("Say which conditions."))
        before = SignOff.objects.filter(review=review, seat_role=seat, retired_at=None).first()
        if before is not None and before.answer:
            if (before.answer, before.words, before.person_id) == (answer, words, person_of(by).pk):
                return before
            raise Refused(gettext("This seat has answered. An answer stays in the record as it was given."))
        values = {"person": person_of(by), "answer": answer, "words": words, "signed_on": today_at(review.deployment)}
        return SignOff.objects.update_or_create(review=review, seat_role=seat, defaults=values)[0]


def add_condition(*, review_id: int, text: str, owner: str, due_on: date, by: User) -> Condition:
    """Write down what is to be done, by whom and by when. The same condition sent twice is one. Raises Refused."""
    with _open(review_id, by, "condition set") as review:
        if due_on < today_at(review.deployment):
            raise Refused(gettext("A condition is met after the meeting: its day must not be in the past."))
        person = person_named(owner)
        if person is None:
            raise Refused(gettext("Name an owner."))
        conditions = Condition.objects.filter(review=review)
        before = conditions.filter(text=text, owner=person, due_on=due_on, retired_at=None).first()
        code = f"C{conditions.count() + 1}"
        return before or Condition.objects.create(review=review, code=code, text=text, owner=person, due_on=due_on)


def finish_condition(*, condition_id: int, by: User) -> Condition:
    """Record that a condition was met today; what was met already stays as it is."""
    with acting(by, "condition met"):
        condition = Condition.objects.select_for_update(of=("self",), no_key=True).get(pk=condition_id)
        if condition.done_on is None:
            condition.done_on = today_at(condition.review.deployment)
            condition.save(update_fields=["done_on"])
        return condition


def record_outcome(
    *,
    review_id: int,
    outcome: GateOutcome,
    words: str,
    by: User,
    go_live_on: date | None = None,
    technical_go_live_on: date | None = None,
) -> GateReview:
    """Close a review with its outcome; of a go/no-go it is a decision too, and `defer` puts the go-live off.

    Raises Forbidden where the rule table does not allow it, and Refused without the conditions that it needs.
    """
    with _open(review_id, by, "gate outcome") as review:
        check_outcome(review, outcome)
        review.outcome, review.words = outcome, words
        review.save(update_fields=["outcome", "words"])
        if review.gate.kind in DECIDING:
            _decide(review, outcome, words, by, go_live_on=go_live_on, technical_go_live_on=technical_go_live_on)
        return review


def check_outcome(review: GateReview, outcome: GateOutcome) -> None:
    """Raise Forbidden where the rule table does not allow the outcome, Refused without the conditions it needs."""
    verdict = verdict_of(review)
    if outcome not in verdict.may:
        raise Forbidden(verdict)
    _check_conditions(review, outcome)


def _check_conditions(review: GateReview, outcome: GateOutcome) -> None:
    conditions = Condition.objects.filter(review=review, retired_at=None)
    if outcome != GateOutcome.GO_WITH_CONDITIONS:
        return
    if not conditions.exists():
        raise Refused(gettext("Write down the conditions first, each with an owner and a date."))
    if conditions.filter(Q(owner=None) | Q(due_on=None)).exists():
        raise Refused(gettext("Each condition needs an owner and a date."))


def _decide(review: GateReview, outcome: GateOutcome, words: str, by: User, **dates: date | None) -> None:
    """Keep the outcome as a decision; a deferral moves the dates and is a decision of its own."""
    deployment = review.deployment
    if outcome == GateOutcome.DEFER:
        if not words.strip():
            raise Refused(gettext("Say why the go-live is deferred."))
        defer(deployment_id=deployment.pk, mark=plan_mark(deployment), reason=words, by=by, **dates)
        return
    record_decision(
        programme_id=deployment.programme_id,
        deployment=deployment,
        kind=DECISIONS[outcome],
        text=f"{review.gate.name}: {outcome.label}",
        reason=words,
        from_on=review.held_on,
        by=by,
    )


@contextmanager
def _open(review_id: int, by: User, reason: str) -> Iterator[GateReview]:
    """A review that is frozen and has no outcome, held until the transaction ends. Raises Refused for any other."""
    with acting(by, reason):
        rows = GateReview.objects.select_for_update(of=("self",), no_key=True).select_related(
            "gate", "deployment__site"
        )
        review = rows.get(pk=review_id)
        if review.outcome:
            raise Refused(gettext("This gate is closed. What was decided stays in the record."))
        if review.pack is None:
            raise Refused(gettext("Freeze the pack first: an answer is to figures that do not change any more."))
        yield review
