"""The priority review of a programme: its day, and what it decided."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import PriorityOutcome, ProgrammeState
from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, known_day, words_field
from rollout.models import PriorityReview
from rollout.services.priority import REVIEW
from rollout.services.programmes import AT_WORK


class PlanReviewForm(RecordForm):
    """The day of the next review."""

    marked = REVIEW

    due_on = known_day(_("Day of the next review"), missing=_("Enter a date like 2026-03-14"))

    @classmethod
    def standing(cls, row: PriorityReview) -> dict[str, Any]:
        """The day that is planned."""
        return {"due_on": row.due_on}


class HoldReviewForm(OnceForm, RecordForm):
    """What was decided, why, and when it is asked again."""

    marked = REVIEW

    outcome = choice_of(_("Does the programme go on?"), PriorityOutcome.choices, _("Select an outcome"))
    reason = words_field(_("Reason"), missing=_("Say why: it is kept with the review"))
    go_on_in = choice_of(
        _("If it continues: in which state?"),
        [(state.value, state.label) for state in AT_WORK],
        _("Select the state in which the programme goes on"),
        required=False,
    )
    held_on = known_day(_("Day of the review"), missing=_("Enter a date like 2026-03-14"))
    next_on = known_day(_("Day of the next review"), help_text=_("Needed unless the programme stops."))
    field_order = ("outcome", "reason", "go_on_in", "held_on", "next_on", "mark", "once")

    def __init__(self, data: Any = None, *, row: PriorityReview, at_rest: bool, **options: Any) -> None:
        """Ask for the state to go on in only of a programme that is at rest."""
        super().__init__(data, row=row, **options)
        self.at_rest = at_rest
        if not at_rest:
            del self.fields["go_on_in"]

    @classmethod
    def standing(cls, row: PriorityReview) -> dict[str, Any]:
        """What is recorded of the review."""
        return {"outcome": row.outcome, "reason": row.reason}

    def clean(self) -> dict[str, Any]:
        """Whatever goes on is looked at again, and says in which state it goes on."""
        said = super().clean() or {}
        outcome = said.get("outcome")
        if outcome and outcome != PriorityOutcome.STOP and not said.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", gettext("Enter the day on which this is asked again, like 2026-03-14"))
        if outcome == PriorityOutcome.CONTINUE and self.at_rest and not said.get("go_on_in") and not self.errors:
            self.add_error("go_on_in", gettext("Select the state in which the programme goes on"))
        return said

    @property
    def values(self) -> dict[str, Any]:
        """What is decided, without mark and key; the outcome and the state as their own kinds of value."""
        said = {name: value for name, value in super().values.items() if name != "once"}
        state = said.get("go_on_in")
        return {
            **said,
            "outcome": PriorityOutcome(said["outcome"]),
            "go_on_in": ProgrammeState(state) if state else None,
        }
