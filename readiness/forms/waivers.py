"""Asking for a waiver."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.days import day_field
from rollout.forms.patient_data import NoPatientData

LONGEST = 2000


class WaiverForm(NoPatientData):
    """What is to be waived, why, and until when."""

    subject = forms.ChoiceField(
        label=_("What is to be waived?"), error_messages={"required": _("Select what is to be waived")}
    )
    reason = forms.CharField(
        label=_("Why can the site go on without it for now?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Also say what keeps people safe meanwhile. Do not include patient details."),
        error_messages={"required": _("Say why the site can go on without it")},
    )
    until_on = day_field(
        _("Until"),
        help_text=_("The last day. The waiver lapses by itself."),
    )

    def __init__(self, data: Any = None, *, subjects: list[tuple[str, str]], subject: str = "") -> None:
        """Offer what can be waived here; `subject` is chosen already where it is one of them."""
        super().__init__(data, initial={"subject": subject})
        field = self.fields["subject"]
        if isinstance(field, forms.ChoiceField):
            field.choices = subjects

    @property
    def values(self) -> dict[str, Any]:
        """What is asked for, of a valid form: subject, reason, until_on."""
        said: dict[str, str | date] = self.cleaned_data
        return dict(said)
