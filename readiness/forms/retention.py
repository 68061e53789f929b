"""For how long a programme keeps the names of its staff after it has closed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm
from training.services.retention import KEPT_DAYS

LONGEST_DAYS = 3650
WORDS = _("Enter a whole number of days from 0 to 3650")


class KeptDaysForm(RecordForm):
    """The number of days."""

    marked = KEPT_DAYS

    names_kept_days = forms.IntegerField(
        label=_("Days after closing"),
        help_text=_("365 unless your organisation asks for something else. 0: on the day on which it is closed."),
        min_value=0,
        max_value=LONGEST_DAYS,
        widget=forms.TextInput({"size": "5", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WORDS),
    )


class RemoveNowForm(OnceForm):
    """That the names are to go now."""
