"""The filters of the lists that set sites side by side in one subject."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.forms.sites import ANY, wave_name
from rollout.choices import Stage
from rollout.models import Wave


class StandingFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    wave = forms.ChoiceField(label=_("Wave"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[ANY, *Stage.choices])
    only = forms.BooleanField(required=False)

    def __init__(self, *args: Any, waves: Iterable[Wave], only: Any, **kwargs: Any) -> None:
        """Take the programme's waves as choices, and what ticking `only` keeps, in words."""
        super().__init__(*args, **kwargs)
        choices = [(str(wave.number), wave_name(wave)) for wave in waves]
        self.fields["wave"] = forms.ChoiceField(label=_("Wave"), required=False, choices=[ANY, *choices])
        self.fields["only"].label = only
        self.order_fields(["q", "wave", "stage", "only"])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data
