"""Gates of a programme: adding one, changing one, retiring one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.choices import GateKind
from readiness.services.gate_settings import MARKED
from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, code_field, text_field
from rollout.forms.retiring import reason_field

MOST_DAYS = 3_650  # ten years
Choices = Sequence[tuple[Any, Any]]


class GateFields(forms.Form):
    """What a gate is."""

    name = text_field(_("Name"), 200, missing=_("Enter a name"))
    kind = choice_of(
        _("Kind"),
        GateKind.choices,
        _("Select a kind"),
        help_text=_("Only a go/no-go lets a site go live, and forbids what the others warn of."),
    )
    due_days = forms.IntegerField(
        label=_("Days before the go-live"),
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text=_("Below 0: after it, for reviews. Empty: no day of its own."),
        widget=forms.NumberInput({"size": "4"}),
        error_messages={
            "invalid": _("Enter a whole number of days"),
            "min_value": _("Enter a number of days within ten years"),
            "max_value": _("Enter a number of days within ten years"),
        },
    )
    minimum_score = forms.IntegerField(
        label=_("Minimum score"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Below it the site goes on only with conditions. Empty: 90 for a go/no-go, none for the others."),
        widget=forms.NumberInput({"size": "3"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a score from 0 to 100")),
    )
    seat_ids = forms.TypedMultipleChoiceField(
        label=_("Seats that sign"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select seats from the list")},
    )

    def offer(self, seats: Choices) -> None:
        """Offer these seats."""
        field = self.fields["seat_ids"]
        if isinstance(field, forms.ChoiceField):
            field.choices = seats

    def clean_seat_ids(self) -> list[int]:
        """In the order of their ids, as they are kept."""
        return sorted(self.cleaned_data["seat_ids"])


class NewGateForm(OnceForm, GateFields):
    """A gate that the programme does not have yet."""

    code = code_field(_("Code"), help_text=_("Short and lasting, such as T-45. It cannot be changed later."))
    field_order = ("code", "name")

    def __init__(self, data: Any = None, *, seats: Choices) -> None:
        """Offer the seats."""
        super().__init__(data)
        self.offer(seats)


class GateSettingsForm(RecordForm, GateFields):
    """A gate as it stands."""

    marked = MARKED

    def __init__(self, data: Any = None, row: Any = None, *, seats: Choices) -> None:
        """Offer the seats."""
        super().__init__(data, row)
        self.offer(seats)


class RetireGateForm(RecordForm):
    """Why a gate is no longer asked for."""

    marked = MARKED

    reason = reason_field(_("Why is it no longer needed?"))

    @classmethod
    def standing(cls, row: Any) -> dict[str, Any]:
        """Nothing is written yet."""
        return {}
