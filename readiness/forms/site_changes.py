"""What is to become of the sites chosen in the list."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.forms.sites import wave_name
from rollout.models import Wave

NO_WAVE = "none"


class WaveWishForm(forms.Form):
    """The wave that the sites are to be in."""

    def __init__(self, *args: Any, waves: Iterable[Wave], **kwargs: Any) -> None:
        """Offer the programme's waves, and none."""
        super().__init__(*args, **kwargs)
        self.waves = {str(wave.pk): wave for wave in waves}
        named = [(pk, wave_name(wave)) for pk, wave in self.waves.items()]
        choices = [("", _("Select a wave")), *named, (NO_WAVE, _("No wave"))]
        self.fields["wave"] = forms.ChoiceField(
            label=_("New wave"), choices=choices, error_messages={"required": _("Select a wave")}
        )

    @property
    def wave_wanted(self) -> Wave | None:
        """The wave of a valid form, None for no wave."""
        return self.waves.get(self.cleaned_data["wave"])

    @property
    def wave_words(self) -> str:
        """What was chosen, in words."""
        wave = self.wave_wanted
        return wave_name(wave) if wave else str(_("No wave"))
