"""Asking for days to be worked out again."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.services.runs import EARLIEST
from rollout.forms.days import day_field
from rollout.models import Programme

LONGEST = timedelta(days=200)


class RunForm(forms.Form):
    """The days to work out again, first and last included."""

    first_day = day_field(_("First day"))
    last_day = day_field(
        _("Last day"),
        required=False,
        help_text=_("Leave empty for one day."),
    )

    def clean(self) -> dict:
        """The days are in order, not in the future, and not more than 200."""
        days = super().clean() or {}
        first = days.get("first_day")
        last = days["last_day"] = days.get("last_day") or first
        if first is None or last is None:
            return days
        if last < first:
            self.add_error("last_day", gettext("The last day must not be before the first day."))
        elif last > timezone.localdate():
            self.add_error("last_day" if last != first else "first_day", gettext("The day must not be in the future."))
        elif first < EARLIEST:
            self.add_error("first_day", gettext("No scores are worked out for days before the year 2000."))
        elif last - first >= LONGEST:
            self.add_error("last_day", gettext("At most 200 days can be worked out at once."))
        return days


class RunOfAnyForm(RunForm):
    """The same for a programme of one's choice, or for all of them."""

    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.current().order_by("name", "pk"),
        required=False,
        empty_label=_("All programmes"),
        to_field_name="code",
    )
    field_order = ("programme", "first_day", "last_day")
