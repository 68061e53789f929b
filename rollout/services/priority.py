"""Priority reviews: whether a programme continues, pauses or stops, and when that is asked again."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.choices import PriorityOutcome, ProgrammeState
from rollout.models import PriorityReview, Programme, User
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.people import person_of
from rollout.services.programmes import AT_WORK, STATE, enter_state
from rollout.services.refusals import Refused

# What a form over the next review brings back a mark of. `after` is the id of the review held last, 0 before the first.
REVIEW = ("pk", "due_on", "after")
FARTHEST = timedelta(days=3 * 366)
STATE_AFTER = {PriorityOutcome.PAUSE: ProgrammeState.PAUSED, PriorityOutcome.STOP: ProgrammeState.STOPPED}


def next_review(programme_id: int) -> PriorityReview:
    """The nearest review without an outcome, or one that is not planned yet. It also says `after` which it comes."""
    reviews = PriorityReview.objects.filter(programme=programme_id, retired_at=None)
    ahead = reviews.filter(outcome="").order_by("due_on", "pk").first()
    review = ahead or PriorityReview(programme_id=programme_id)
    vars(review)["after"] = reviews.exclude(outcome="").order_by("-pk").values_list("pk", flat=True).first() or 0
    return review


def plan_review(*, programme_id: int, mark: str, due_on: date, by: User) -> PriorityReview:
    """Set the day of the next review, or move it. Raises RecordChanged, and Refused for a day past or far off."""
    with acting(by, "priority review planned"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        review = next_review(programme_id)
        if review.due_on == due_on:
            return review
        if mark_of(review, REVIEW) != mark:
            raise RecordChanged(review)
        _check_next(due_on)
        review.due_on = due_on
        review.save()
        return review


def hold_review(
    *,
    programme_id: int,
    mark: str,
    outcome: PriorityOutcome,
    reason: str,
    held_on: date,
    next_on: date | None,
    go_on_in: ProgrammeState | None = None,
    by: User,
) -> PriorityReview:
    """Record what a review decided; pausing and stopping take the programme there by a decision, all at once.

    The review is the next planned one, or one made now where none is. `go_on_in` is the state in which a programme at
    rest continues. Raises RecordChanged where somebody recorded or moved the review meanwhile, and Refused.
    """
    with acting(by, "priority review held"):
        programme = Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        review = next_review(programme_id)
        if mark_of(review, REVIEW) != mark:
            raise RecordChanged(review)
        if held_on > timezone.localdate():
            raise Refused(gettext("The day of the review must not be in the future."))
        if next_on:
            _check_next(next_on)
        review.due_on = review.due_on or held_on
        review.held_on, review.outcome, review.reason, review.by = held_on, outcome, reason, person_of(by)
        review.save()
        if next_on:
            PriorityReview.objects.create(programme_id=programme_id, due_on=next_on)
        to = STATE_AFTER.get(outcome) or (None if programme.state in AT_WORK else go_on_in)
        if to:
            enter_state(programme, mark=mark_of(programme, STATE), to=to, reason=reason, by=by)
        return review


def _check_next(day: date) -> None:
    """The next review lies ahead, within three years."""
    today = timezone.localdate()
    if not today < day <= today + FARTHEST:
        raise Refused(gettext("The next review is on a day to come, within three years."))
