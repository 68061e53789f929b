"""Enrolling a phone for a ward."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.places import choosing
from rollout.forms.records import text_field
from rollout.models import Ward


class PhoneForm(OnceForm):
    """Which ward the phone in the person's hand belongs to, and what people call it."""

    ward = forms.TypedChoiceField(
        label=_("Ward"),
        coerce=int,
        error_messages={"required": _("Select a ward"), "invalid_choice": _("Select a ward of the list")},
    )
    name = text_field(
        _("Name of the phone"),
        60,
        missing=_("Enter a name, such as Ward 7 phone"),
        help_text=_("What people on the ward call it, such as Ward 7 phone."),
    )
    field_order = ("ward", "name", "once")

    def __init__(self, data: Any = None, *, wards: Sequence[Ward]) -> None:
        """Offer the wards that the person may enrol for, each with its site; an only one is chosen already."""
        super().__init__(data, initial={"ward": wards[0].pk} if len(wards) == 1 else {})
        choosing(self, "ward", [("", _("Select a ward")), *((ward.pk, f"{ward.name} – {ward.site}") for ward in wards)])
