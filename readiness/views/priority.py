"""The priority review of a programme: whether it continues, pauses or stops; and the reviews held before."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.programme.records import reviews_of
from readiness.dashboards.programmes import programme_address
from readiness.dashboards.who import people_of
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.programme import REVIEW_COLUMNS
from rollout.forms.priority import HoldReviewForm, PlanReviewForm
from rollout.models import PriorityReview, Programme
from rollout.permissions import manage_programme, places_with_names
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.priority import hold_review, next_review, plan_review
from rollout.services.programmes import AT_WORK
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask

TEMPLATE = "readiness/priority_review.html"


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def priority_review(request: UserRequest, programme: Programme) -> HttpResponse:
    """Record the review that is due; below it the day of the next one, and those held before."""
    review = next_review(programme.pk)
    question = of_programme(
        programme, title=_("Priority review"), button=_("Record the review"), told=_("The review is recorded.")
    )

    def act(form: HoldReviewForm) -> str:
        def do() -> str:
            hold_review(programme_id=programme.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
            return question.back

        address = done_once(user=request.user, key=form.cleaned_data["once"], body=form.values, do=do)
        rescore_after_commit()
        return address

    make = partial(
        HoldReviewForm,
        row=review,
        at_rest=programme.state not in AT_WORK,
        initial={"held_on": timezone.localdate(), "outcome": None},
    )
    return ask(request, question, make=make, act=act, context=around(request, programme, review), template=TEMPLATE)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def priority_plan(request: UserRequest, programme: Programme) -> HttpResponse:
    """The day of the next review, set or moved."""
    question = of_programme(
        programme,
        title=_("Plan the priority review"),
        lead=_(
            "On that day you ask whether the programme continues, pauses or stops. Being able to stop is a strength."
        ),
        button=_("Save the day"),
        told=_("The day of the next review is saved."),
    )

    def act(form: PlanReviewForm) -> str:
        plan_review(programme_id=programme.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return question.back

    make = partial(PlanReviewForm, row=next_review(programme.pk))
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, "settings"))


def around(request: UserRequest, programme: Programme, review: PriorityReview) -> dict[str, Any]:
    """What stands around the form: when the review is due, and those that were held."""
    held = [row for row in reviews_of(programme) if row.outcome]
    people = people_of([row.by_id for row in held], programme, places_with_names(request.user, programme))
    return programme_frame(request, programme, "settings") | {
        "review": review,
        "reviews": [(row, people.words(row.by_id)) for row in held],
        "review_columns": REVIEW_COLUMNS,
    }


def of_programme(programme: Programme, **words: Any) -> Question:
    """A question below the page of the programme."""
    return Question(back=programme_address(programme), back_label=programme.name, **words)
