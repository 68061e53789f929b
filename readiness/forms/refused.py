"""What is to become of an entry that was refused at its arrival."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import choice_of

ACCEPT, DISMISS = "accept", "dismiss"


class RefusedForm(NoPatientData):
    """Take it in one's own right, or say why not."""

    become = choice_of(
        _("What should become of it?"),
        [(ACCEPT, _("Accept it: it is recorded as it was written, in your name")), (DISMISS, _("Dismiss it"))],
        _("Select what should become of it"),
    )
    words = forms.CharField(
        label=_("Why dismiss it?"),
        required=False,
        max_length=500,
        help_text=_("Needed where you dismiss it, for example: it was logged on paper already."),
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """What is dismissed says why."""
        said = super().clean() or {}
        if said.get("become") == DISMISS and not said.get("words") and "words" not in self.errors:
            self.add_error("words", gettext("Say why it is dismissed"))
        return said
