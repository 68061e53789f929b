"""A day in the query string of a page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.days import ISO, day_field


def day_of_address(label: Any, *, required: bool = True) -> forms.DateField:
    """A day as an address writes it, and in no other form."""
    return day_field(
        label, required=required, input_formats=[ISO], error_messages={"invalid": _("Write the day like 2026-03-14.")}
    )
