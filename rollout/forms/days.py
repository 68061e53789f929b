"""A known date in a form: the browser's own control, which takes ISO dates and no others."""

from typing import Any

from django import forms

ISO = "%Y-%m-%d"


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A date, read and written as ISO 8601: a browser drops any other form and would send the field back empty."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format=ISO), **options)
