"""Signing a gate, setting conditions, recording the outcome."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Answer, GateOutcome
from rollout.forms.days import day_field
from rollout.forms.patient_data import NoPatientData

LONGEST = 2000


class SignForm(NoPatientData):
    """One seat's answer, in the name of the person who is logged in."""

    prefix = "sign"

    seat = forms.ChoiceField(
        label=_("You sign as"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select the seat you sign for")},
    )
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select your answer")},
    )
    words = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed with conditions, and read by all with a no. It stays in the record."),
    )

    def __init__(self, data: Any = None, *, seats: Iterable[tuple[str, Any]]) -> None:
        """Offer the seats that the person holds and that have not answered; the only one is chosen already."""
        choices = list(seats)
        super().__init__(data, initial={"seat": choices[0][0]} if len(choices) == 1 else {})
        field = self.fields["seat"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Conditions are said in words, and so is a no."""
        said = super().clean() or {}
        if said.get("answer") in (Answer.NO, Answer.WITH_CONDITIONS) and not said.get("words") and not self.errors:
            self.add_error("words", gettext("Say which conditions, or why not"))
        return said


class ConditionForm(NoPatientData):
    """What is to be done, by whom and by when."""

    prefix = "condition"

    text = forms.CharField(
        label=_("Condition"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say what is to be done")},
    )
    owner = forms.CharField(
        label=_("Owner"),
        max_length=254,
        help_text=_("An email address or a name."),
        error_messages={"required": _("Enter who does it")},
    )
    due_on = day_field(_("Due on"))


class OutcomeForm(NoPatientData):
    """What the meeting decided. A deferral asks for its reason and may give new dates."""

    prefix = "outcome"

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=GateOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select the outcome")},
    )
    words = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Why. Needed when the go-live is deferred."),
    )
    technical_go_live_on = day_field(_("New technical go-live, if deferred"), required=False)
    go_live_on = day_field(_("New go-live, if deferred"), required=False)

    def clean(self) -> dict[str, Any]:
        """New dates belong to a deferral, in order; a deferral says why."""
        said = super().clean() or {}
        technical, user = said.get("technical_go_live_on"), said.get("go_live_on")
        deferred = said.get("outcome") == GateOutcome.DEFER
        if (technical or user) and said.get("outcome") and not deferred:
            self.add_error("go_live_on", gettext("Only a deferral has new dates: leave them empty, or select defer"))
        elif technical and user and technical > user:
            self.add_error("technical_go_live_on", gettext("The technical go-live must not be after the go-live"))
        if deferred and not said.get("words"):
            self.add_error("words", gettext("Say why the go-live is deferred"))
        return said
