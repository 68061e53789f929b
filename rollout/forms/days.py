"""A known date in a form: the browser's own control, which takes ISO dates and no others."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ISO = "%Y-%m-%d"
HOW = _("Enter a date like 2026-03-14")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A date, read and written as ISO 8601: a browser drops any other form and would send the field back empty."""
    said = {"required": HOW, "invalid": HOW, **options.pop("error_messages", {})}
    widget = forms.DateInput({"type": "date"}, format=ISO)
    return forms.DateField(label=label, widget=widget, error_messages=said, **options)


class PeriodForm(forms.Form):
    """Mix into a form with the days `first` and `last`, both optional."""

    def clean(self) -> dict[str, Any]:
        """The days are in order."""
        said = super().clean() or {}
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", gettext("The last day must not be before the first day."))
        return said
