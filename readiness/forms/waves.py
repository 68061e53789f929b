"""Filters of the sites that are put into waves."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.programme.wave_sites import NO_WAVE
from readiness.forms.sites import ANY


class WaveSiteFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    wave = forms.ChoiceField(label=_("Wave"), required=False)

    def __init__(self, data: Any = None, *, waves: Iterable[tuple[int, str]]) -> None:
        """Take the waves, by number, as choices."""
        super().__init__(data)
        field = self.fields["wave"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [ANY, (NO_WAVE, _("No wave")), *((str(number), name) for number, name in waves)]

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data
