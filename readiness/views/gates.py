"""The gates of a site, and one of them: before the meeting, in it, and the record after."""

from collections.abc import Sequence
from contextlib import nullcontext

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.choices import GateOutcome
from readiness.dashboards.comments import thread_on
from readiness.dashboards.gate import (
    GateRow,
    conditions_of,
    criteria,
    gates_of,
    if_all_say_yes,
    reviews_of,
    seat_findings,
    seat_rows,
    seats_nobody_signs,
)
from readiness.dashboards.gate_evidence import gate_evidence
from readiness.dashboards.gate_links import add_signatory, records_behind, stage_after
from readiness.dashboards.hindsight import Hindsight, hindsight_of
from readiness.forms.gates import ConditionForm, OutcomeForm, SignForm
from readiness.gates import GateFacts, judge_gate
from readiness.models import Condition, GateReview
from readiness.services.gate_facts import facts_now
from readiness.services.gates import answers_of, check_outcome
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame
from readiness.views.gate_actions import (
    ACTIONS,
    INTERRUPTED,
    Held,
    find_gate,
    form_of,
    keeps_it,
    may_anything,
    open_review,
    own_seats,
    read_gate,
    runs_it,
)
from rollout.forms.patient_data import NoPatientData
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.permissions import read_deployment, read_evidence_at, see_counts_of_few, see_names_at
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, permitted

GATE_COLUMNS = ({"label": _("Gate")}, {"label": _("Due")}, {"label": _("Held")}, {"label": _("Outcome")})
CRITERION_COLUMNS = ({"label": _("What")}, {"label": _("Now")}, {"label": _("Asked")}, {"label": _("Result")})
SEAT_COLUMNS = ({"label": _("Seat")}, {"label": _("Answer")}, {"label": _("In words")}, {"label": _("Signed on")})
ADOPTION_COLUMNS = (
    {"label": _("Measure")},
    {"label": _("Target")},
    {"label": _("Newest value")},
    {"label": _("Result")},
)
ISSUE_COLUMNS = (
    {"label": _("Category")},
    {"label": _("Raised"), "numeric": True},
    {"label": _("Still open"), "numeric": True},
    {"label": _("For each 100 staff"), "numeric": True},
)
CONDITION_COLUMNS = ({"label": _("Condition")}, {"label": _("Owner")}, {"label": _("Due")}, {"label": _("Met")})


@require_safe
@permitted(read_deployment, find_deployment)
def gate_list(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Every gate of a site in order, with the day it is due, and what came of it."""
    context = deployment_frame(request, deployment, "gates")
    day = context["as_of"]
    context |= {"gates": gates_of(deployment, day), "columns": GATE_COLUMNS, "site_day": day or today_at(deployment)}
    return render_page(request, "readiness/gate_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_gate, find_gate)
def gate_detail(request: UserRequest, held: Held) -> HttpResponse:
    """One gate of a site. A POST freezes the pack, signs, sets or meets a condition, or records the outcome."""
    if request.method != "POST":
        return page(request, held)
    name = request.POST.get("action", "")
    act = ACTIONS.get(name)
    if act is None:
        if not may_anything(request.user, held):
            raise PermissionDenied
        return page(request, held, refusal=gettext("Select what you want to do."), status=422)
    if not act.may(request.user, held):
        raise PermissionDenied
    form = form_of(name, request, held)
    if form is not None and not form.is_valid():
        return page(request, held, form=form, status=422)
    try:
        if name in INTERRUPTED and "sure" not in request.POST:
            return interruption(request, held, name, form)
        with form.reason_noted() if form else nullcontext():
            act.do(request, held, form.cleaned_data if form else {})
    except Refused as refusal:
        return page(request, held, form=form, refusal=str(refusal), status=422)
    rescore_after_commit()
    messages.success(request, str(act.done))
    return redirect(request.path)


def interruption(request: UserRequest, held: Held, name: str, form: NoPatientData | None) -> HttpResponse:
    """Ask once more before what cannot be undone; what was typed goes along.

    Raises Refused for an outcome that the gate does not allow: nobody is asked to be sure of that.
    """
    context = deployment_frame(request, held.deployment, "gates")
    outcome = form.cleaned_data["outcome"] if form else ""
    if outcome:
        check_outcome(open_review(held), GateOutcome(outcome))
    context |= {
        "gate": held.gate,
        "action": name,
        "outcome": GateOutcome(outcome).label if outcome else "",
        "fields": [(key, value) for key, value in request.POST.items() if key not in ("csrfmiddlewaretoken", "sure")],
        "back": request.path,
    }
    return render_page(request, "readiness/gate_interruption.html", context)


def page(
    request: UserRequest, held: Held, *, form: NoPatientData | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page of a gate: as it stands now, or as it was when the pack was frozen."""
    deployment, gate = held.deployment, held.gate
    context = deployment_frame(request, deployment, "gates")
    reviews = reviews_of(deployment, gate, context["as_of"])
    review = shown_review(request, reviews)
    day = context["as_of"] or today_at(deployment)
    if review and review.outcome and not review.pack:
        day = review.held_on  # an older meeting, of which no pack was kept
    facts = GateFacts.from_json(review.pack) if review and review.pack else facts_now(deployment, day)
    gates, conditions = gates_of(deployment), conditions_of(review)
    keeps = keeps_it(request.user, held)
    answers = answers_of(review) if review else answers_of(GateReview(gate=gate, deployment=deployment))
    verdict = judge_gate(gate.kind, gate.minimum_score, facts, answers)
    foreseen = verdict if review and review.pack else if_all_say_yes(gate, facts, answers)
    seats = seat_rows(gate, review)
    answered = {row.code for row in seats if row.answer}
    opened = review is not None and review.pack is not None and not review.outcome and not context["as_of"]
    mine = [seat for seat in own_seats(request.user, held) if seat[0] not in answered] if opened else []
    runs = runs_it(request.user, held) and not context["as_of"]
    nobody = seats_nobody_signs(gate, deployment) if runs and not (review and review.outcome) else []
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    context["trail"] = [
        *context["trail"],
        {"label": deployment.site.name, "href": reverse("readiness:deployment-detail", kwargs=address)},
        {"label": gettext("Gates"), "href": reverse("readiness:gate-list", kwargs=address)},
    ]
    context |= {
        "gate": gate,
        "due_on": next((row.due_on for row in gates if row.gate.pk == gate.pk), None),
        "site_day": context["as_of"] or today_at(deployment),
        "review": review,
        "reviews": reviews,
        "facts": facts,
        "verdict": verdict,
        "may": [GateOutcome(code).label for code in GateOutcome.values if code in foreseen.may],
        "foreseen": foreseen,
        "criteria": criteria(
            gate,
            facts,
            verdict,
            few=see_counts_of_few(request.user, deployment),
            behind=records_behind(deployment, facts.day, today=today_at(deployment)),
        ),
        "seat_findings": seat_findings(verdict) if review and not review.outcome else [],
        "seats": seats,
        "nobody_signs": [
            {"name": str(seat), "href": add_signatory(deployment, seat, back=request.path)} for seat in nobody
        ],
        "next_stage": stage_after(deployment, gate, review) if runs else "",
        "conditions": conditions,
        "can_meet": set() if context["as_of"] else {each.pk for each in conditions if keeps or owns(request, each)},
        "hindsight": hindsight(request, deployment, review, conditions, gates) if not context["as_of"] else None,
        "evidence": gate_evidence(facts, deployment, opens=read_evidence_at(request.user, deployment)),
        "evidence_count": len(facts.evidence),
        "thread": None
        if context["as_of"]
        else thread_on(gate, request.user, programme=deployment.programme, deployment=deployment),
        "names": see_names_at(request.user, deployment),
        "can_freeze": runs and not opened and (review is None or review.held_on != today_at(deployment)),
        "sign_form": pick(form, SignForm) or (SignForm(seats=mine) if mine else None),
        "condition_form": pick(form, ConditionForm) or (ConditionForm() if opened and runs else None),
        "outcome_form": pick(form, OutcomeForm) or (OutcomeForm() if opened and runs else None),
        "form": form,
        "refusal": refusal,
        "columns": {
            "criteria": CRITERION_COLUMNS,
            "seats": SEAT_COLUMNS,
            "conditions": CONDITION_COLUMNS,
            "adoption": ADOPTION_COLUMNS,
            "issues": ISSUE_COLUMNS,
        },
    }
    return render_page(request, "readiness/gate_detail.html", context, status=status)


def owns(request: UserRequest, condition: Condition) -> bool:
    """Whether a condition is the reader's own to meet."""
    return condition.owner is not None and condition.owner.user_id == request.user.pk


def hindsight(
    request: UserRequest,
    deployment: Deployment,
    review: GateReview | None,
    conditions: Sequence[Condition],
    gates: Sequence[GateRow],
) -> Hindsight | None:
    """What came after a review; None while it has no outcome."""
    if review is None or not review.outcome:
        return None
    few = see_counts_of_few(request.user, deployment)
    return hindsight_of(review, deployment, conditions, gates, today=today_at(deployment), few=few)


def pick(form: NoPatientData | None, kind: type[NoPatientData]) -> NoPatientData | None:
    """The form that was sent, where it is of the kind."""
    return form if isinstance(form, kind) else None


def shown_review(request: UserRequest, reviews: list[GateReview]) -> GateReview | None:
    """The review of `?review=2026-03-14`, else the latest. Raises Http404 for a day without one."""
    asked = request.GET.get("review")
    if not asked:
        return reviews[0] if reviews else None
    for review in reviews:
        if review.held_on.isoformat() == asked:
            return review
    raise Http404("no such review")
