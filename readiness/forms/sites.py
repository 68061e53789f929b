"""The filters of the list of sites."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from rollout.choices import Stage
from rollout.models import Wave

ANY = ("", _("Any"))


class SiteFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    band = forms.ChoiceField(label=_("Band"), required=False, choices=[ANY, *Band.choices])
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[ANY, *Stage.choices])
    wave = forms.ChoiceField(label=_("Wave"), required=False)
    differs = forms.BooleanField(label=_("Declared and computed differ"), required=False)

    def __init__(self, *args: Any, waves: Iterable[Wave], **kwargs: Any) -> None:
        """Take the programme's waves as choices."""
        super().__init__(*args, **kwargs)
        choices = [(str(wave.number), wave_name(wave)) for wave in waves]
        self.fields["wave"] = forms.ChoiceField(label=_("Wave"), required=False, choices=[ANY, *choices])
        self.order_fields(["q", "band", "stage", "wave", "differs"])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data


def wave_name(wave: Wave) -> str:
    """A wave by its number and its name."""
    return f"{wave.number} – {wave.name}" if wave.name else str(wave.number)
