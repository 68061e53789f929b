"""What is to become of the sites chosen in the list."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.forms.sites import wave_name
from rollout.choices import DeclaredStatus
from rollout.forms.deployments import DeclaredMixin
from rollout.forms.patient_data import NoPatientData
from rollout.models import Wave
from rollout.services.many_plans import StatusWish, WaveWish

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
    def wish(self) -> WaveWish:
        """What a valid form asks for."""
        return WaveWish(self.waves.get(self.cleaned_data["wave"]))

    @property
    def wish_words(self) -> str:
        """The same, as the check page says it."""
        wave = self.wish.wave
        return wave_name(wave) if wave else str(_("No wave"))


class StatusWishForm(DeclaredMixin, NoPatientData):
    """What is to be declared of the sites."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask of all of them at once."""
        super().__init__(*args, **kwargs)
        self.fields["status"].label = _("How do you declare the sites?")

    @property
    def wish(self) -> StatusWish:
        """What a valid form asks for."""
        return StatusWish(self.cleaned_data["status"], self.cleaned_data["words"])

    @property
    def wish_words(self) -> str:
        """The same, as the check page says it."""
        return f"{DeclaredStatus(self.wish.status).label}: {self.wish.words}"
