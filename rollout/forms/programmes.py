"""Describing a programme, deciding its state and what does not apply to it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import Approach, ProgrammeState
from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import LinesField, RecordForm, choice_of, code_field, known_day, text_field, words_field
from rollout.services.programmes import AT_WORK, DESCRIBED, NOT_APPLICABLE, STATE

LATEST_REFRESHER = 1000
HOURS_A_WEEK = 168


class DescribedForm(forms.Form):
    """What a programme is for, and what its people call things."""

    name = text_field(_("Name"), 200, missing=_("Enter a name"))
    product = text_field(_("Product"), 120, help_text=_("What is brought to the sites."))
    portfolio = text_field(
        _("Portfolio"), 60, help_text=_("Whose part of the digital agenda it is: patients, clinicians, support staff.")
    )
    problem = words_field(_("Problem"), help_text=_("Which problem is solved, in the words of those who have it."))
    mission = words_field(_("Mission"), rows=2)
    goal = words_field(
        _("Goal"), rows=2, help_text=_("One sentence with a figure and a time. It stands on every page.")
    )
    approach = forms.ChoiceField(
        label=_("Approach"),
        choices=[("", _("Not decided yet")), *Approach.choices],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Select an approach")},
    )
    target_date = known_day(_("Target date"))
    ward_word = text_field(
        _("Word for a ward"),
        40,
        missing=_("Enter the word that your sites use, such as ward"),
        help_text=_("Ward, reception, team or practice: what your sites call it."),
        initial="ward",
    )
    support_number = text_field(_("Support number"), 40, help_text=_("The one number to call in the go-live weeks."))


class NewProgrammeForm(DescribedForm, NoPatientData, OnceForm):
    """A programme that is not there yet."""

    code = code_field(_("Code"), help_text=_("Short, such as EPR. It stands in every address and cannot change later."))
    state = choice_of(
        _("State"),
        [(state.value, state.label) for state in AT_WORK],
        _("Select the state the programme is in"),
        initial=ProgrammeState.PLANNING,
    )
    field_order = (
        *("name", "code", "product", "portfolio", "problem", "mission", "goal", "target_date", "approach", "state"),
        *("ward_word", "support_number", "once"),
    )


class ProgrammeForm(DescribedForm, RecordForm):
    """A programme that is there, all of it but its code, its state and what does not apply."""

    marked = DESCRIBED

    processes = LinesField(
        label=_("Affected processes"), required=False, entry_length=200, help_text=_("One process a line.")
    )
    resource_need = words_field(
        _("Resource need"), help_text=_("Who is needed at a site, with which skill, for how long.")
    )
    refresher_days = forms.IntegerField(
        label=_("Refreshers until this many days after go-live"),
        min_value=0,
        max_value=LATEST_REFRESHER,
        widget=forms.NumberInput({"size": "4"}),
        help_text=_("Habits take up to 300 days."),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Enter a number of days from 0 to 1000")
        ),
    )
    champion_hours_limit = forms.DecimalField(
        label=_("Champion hours a week before a warning"),
        min_value=Decimal(0),
        max_value=HOURS_A_WEEK,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput({"size": "4"}),
        help_text=_("A champion planned for more hours in a week may burn out."),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("Enter a number of hours from 0 to 168, such as 7.5"),
        ),
    )
    field_order = (
        *("name", "product", "portfolio", "problem", "processes", "mission", "goal", "target_date", "approach"),
        *("resource_need", "ward_word", "support_number", "refresher_days", "champion_hours_limit", "mark"),
    )


class StateForm(RecordForm):
    """Another state, and why."""

    marked = STATE

    state = choice_of(_("State from today"), ProgrammeState.choices, _("Select a state"))
    reason = words_field(_("Reason"), missing=_("Say why: the decision is kept with its reason"))

    def clean_state(self) -> ProgrammeState:
        """The state as its own kind of value."""
        return ProgrammeState(self.cleaned_data["state"])


class LeftOutForm(RecordForm):
    """Which indicators do not apply, and why."""

    marked = NOT_APPLICABLE

    not_applicable = forms.MultipleChoiceField(
        label=_("Does not apply to this programme"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = words_field(_("Reason"), missing=_("Say why: the decision is kept with its reason"))
    field_order = ("not_applicable", "reason", "mark")

    def __init__(self, data: Any = None, *, row: Any, indicators: Iterable[tuple[str, str]]) -> None:
        """Offer the indicators by code, each in words."""
        self.indicators = dict(indicators)
        super().__init__(data, row=row)
        field = self.fields["not_applicable"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(self.indicators.items())

    def clean_not_applicable(self) -> list[str]:
        """At least one indicator applies, or there would be nothing to score."""
        codes = list(self.cleaned_data["not_applicable"])
        if len(codes) == len(self.indicators):
            raise forms.ValidationError(gettext("Leave at least one indicator in: without any there is no score"))
        return codes
