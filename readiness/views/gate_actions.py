"""What is done at a gate: who may, with which form, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Answer, GateOutcome
from readiness.dashboards.gate import conditions_of, own_conditions, reviews_of
from readiness.forms.gates import ConditionForm, OutcomeForm, SignForm
from readiness.models import Gate, GateReview
from readiness.services.gates import (
    add_condition,
    finish_condition,
    freeze_pack,
    record_outcome,
    seats_of,
    sign_gate,
)
from rollout.forms.patient_data import NoPatientData
from rollout.models import Deployment
from rollout.permissions import decide_for_deployment, plan_deployment, read_deployment
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment


@dataclass(frozen=True)
class Held:
    """A gate and the deployment it is held for."""

    deployment: Deployment
    gate: Gate


def find_gate(user: Somebody, programme: str, site: str, gate: str) -> Held:
    """The gate of an address like /p/<programme>/s/<site>/gates/<gate>/."""
    deployment = find_deployment(user, programme, site)
    return Held(deployment, get_object_or_404(deployment.programme.gates.filter(retired_at=None), code=gate))


def read_gate(user: Somebody, held: Held) -> bool:
    """Everybody who may know of the deployment."""
    return read_deployment(user, held.deployment)


def open_review(held: Held) -> GateReview:
    """The review that is under way. Raises Refused where there is none."""
    review = next(iter(reviews_of(held.deployment, held.gate)), None)
    if review is None or review.outcome or review.pack is None:
        raise Refused(gettext("Freeze the pack first: an answer is to figures that do not change any more."))
    return review


def freeze(request: UserRequest, held: Held, said: Mapping[str, Any]) -> None:
    """Begin the meeting."""
    freeze_pack(gate=held.gate, deployment=held.deployment, by=request.user)


def sign(request: UserRequest, held: Held, said: Mapping[str, Any]) -> None:
    """Sign as a seat."""
    seat = held.gate.seats.get(code=said["seat"])
    answer = Answer(said["answer"])
    sign_gate(review_id=open_review(held).pk, seat=seat, answer=answer, words=said["words"], by=request.user)


def set_condition(request: UserRequest, held: Held, said: Mapping[str, Any]) -> None:
    """Set a condition."""
    add_condition(review_id=open_review(held).pk, by=request.user, **said)


def meet_condition(request: UserRequest, held: Held, said: Mapping[str, Any]) -> None:
    """Say that a condition is met."""
    code = request.POST.get("condition", "")
    found = [each for review in reviews_of(held.deployment, held.gate) for each in conditions_of(review)]
    mine = None if keeps_it(request.user, held) else own_conditions(request.user, held.deployment, held.gate)
    for condition in found:
        if str(condition.pk) == code and (mine is None or condition.pk in mine):
            finish_condition(condition_id=condition.pk, by=request.user)
            return
    raise Refused(gettext("There is no such condition."))


def close(request: UserRequest, held: Held, said: Mapping[str, Any]) -> None:
    """Record the outcome."""
    values = {**said, "outcome": GateOutcome(said["outcome"])}
    record_outcome(review_id=open_review(held).pk, by=request.user, **values)


def runs_it(user: Somebody, held: Held) -> bool:
    """Those who run the meeting: the programme's managers."""
    return decide_for_deployment(user, held.deployment)


def keeps_it(user: Somebody, held: Held) -> bool:
    """Those who see to the conditions: the programme's managers and the site's leads."""
    return plan_deployment(user, held.deployment)


def meets_conditions(user: Somebody, held: Held) -> bool:
    """Those who see to the conditions, and who owns one of them."""
    return keeps_it(user, held) or bool(own_conditions(user, held.deployment, held.gate))


def holds_a_seat(user: Somebody, held: Held) -> bool:
    """Those who hold a seat that the gate asks."""
    return user.is_authenticated and bool(own_seats(user, held))


@dataclass(frozen=True)
class Act:
    """Something that is done at a gate: who may, how, what is said after."""

    may: Callable[[Somebody, Held], bool]
    do: Callable[[UserRequest, Held, Mapping[str, Any]], None]
    done: Any


ACTIONS: Mapping[str, Act] = {
    "freeze": Act(runs_it, freeze, _("The pack is frozen. The seats can sign now.")),
    "sign": Act(holds_a_seat, sign, _("Your answer is in the record.")),
    "condition": Act(runs_it, set_condition, _("The condition is set.")),
    "met": Act(meets_conditions, meet_condition, _("The condition is met.")),
    "outcome": Act(runs_it, close, _("The outcome is recorded.")),
}
# What cannot be undone asks once more, on a page of its own.
INTERRUPTED = frozenset({"freeze", "outcome"})


def may_anything(user: Somebody, held: Held) -> bool:
    """Whether the user may do anything at the gate at all."""
    return any(act.may(user, held) for act in ACTIONS.values())


def own_seats(user: Any, held: Held) -> list[tuple[str, str]]:
    """The seats of the gate that the user may sign for: code and words."""
    asked = held.gate.seats.filter(pk__in=seats_of(user, held.deployment).values("pk"))
    return [(seat.code, str(seat)) for seat in asked.order_by("code")]


def form_of(name: str, request: UserRequest, held: Held) -> NoPatientData | None:
    """The form that an action brings."""
    if name == "sign":
        return SignForm(request.POST, seats=own_seats(request.user, held))
    return {"condition": ConditionForm, "outcome": OutcomeForm}[name](request.POST) if name in FORMS else None


FORMS = frozenset({"condition", "outcome"})
