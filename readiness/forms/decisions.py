"""The filters of the decision log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.forms.days import day_of_address
from readiness.forms.sites import ANY
from rollout.choices import DecisionKind
from rollout.forms.days import PeriodForm


class DecisionFilters(PeriodForm):
    """What to look for in the log. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *DecisionKind.choices])
    site = forms.CharField(label=_("Site, by name or code"), required=False, max_length=100)
    first = day_of_address(_("From"), required=False)
    last = day_of_address(_("To"), required=False)

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data
