"""The filters of the list of programmes and of the calendar of their go-lives."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.forms.sites import ANY
from rollout.choices import ProgrammeState

VIEWS = ("list", "calendar")


class ProgrammeFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    portfolio = forms.ChoiceField(label=_("Portfolio"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *ProgrammeState.choices])

    def __init__(self, *args: Any, portfolios: Iterable[str], **kwargs: Any) -> None:
        """Take the portfolios that there are as choices."""
        super().__init__(*args, **kwargs)
        choices = [ANY, *((name, name) for name in portfolios)]
        self.fields["portfolio"] = forms.ChoiceField(label=_("Portfolio"), required=False, choices=choices)
        self.order_fields(["q", "programme", "portfolio", "state", "collisions"])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data


class CalendarFilters(ProgrammeFilters):
    """The same for the calendar, which can also be of one programme, and of the weeks with a collision alone."""

    programme = forms.ChoiceField(label=_("Programme"), required=False)
    collisions = forms.BooleanField(label=_("Weeks with a collision only"), required=False)

    def __init__(self, *args: Any, programmes: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """Take the programmes that the reader may see as choices, by code."""
        super().__init__(*args, **kwargs)
        del self.fields["q"]
        self.fields["programme"] = forms.ChoiceField(label=_("Programme"), required=False, choices=[ANY, *programmes])
        self.order_fields(["programme", "portfolio", "state", "collisions"])
