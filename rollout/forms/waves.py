"""Waves: their names and windows, the sites that go into them, who asked to start."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import RecordForm, known_day, text_field
from rollout.models import Deployment
from rollout.services.waves import INTEREST, WAVE


class WindowForm(forms.Form):
    """What a wave is called, and in which weeks its sites go live."""

    name = text_field(_("Name"), 200, help_text=_("Such as “First sites”. The number comes by itself."))
    starts_on = known_day(_("First day"))
    ends_on = known_day(_("Last day"))

    def clean(self) -> dict[str, Any]:
        """The window begins before it ends."""
        said = super().clean() or {}
        if said.get("starts_on") and said.get("ends_on") and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", gettext("The last day must not be before the first"))
        return said


class NewWaveForm(WindowForm, OnceForm):
    """A wave that is not there yet."""


class WaveForm(WindowForm, RecordForm):
    """A wave that is there."""

    marked = WAVE


def seen_value(deployment: Deployment) -> str:
    """What the checkbox of a site says: the site, and the wave in which it was seen."""
    return f"{deployment.pk}-{deployment.wave_id or ''}"


class SeenField(forms.Field):
    """Ticked sites, each with the wave in which it was seen, as {deployment: wave or None}."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        """Take no deployment before the form says which there are."""
        super().__init__(label=_("Sites"), error_messages={"required": _("Select at least one site")})
        self.ids: frozenset[int] = frozenset()

    @staticmethod
    def read(values: Iterable[str]) -> dict[int, int | None]:
        """Values of checkboxes read back; what no checkbox says is passed over."""
        found: dict[int, int | None] = {}
        for value in values:
            site, _dash, wave = str(value).partition("-")
            if site.isdecimal() and len(site) < 18 and (not wave or (wave.isdecimal() and len(wave) < 18)):
                found[int(site)] = int(wave) if wave else None
        return found

    def clean(self, value: Any) -> dict[int, int | None]:
        """The sites that were ticked. A site that is not offered counts as none."""
        super().clean(value)
        found = {site: wave for site, wave in self.read(value).items() if site in self.ids}
        if not found:
            raise forms.ValidationError(gettext("Select at least one site"))
        return found


class IntoWaveForm(NoPatientData):
    """Sites that are ticked, and the wave they go into."""

    sites = SeenField()
    wave = forms.ChoiceField(
        label=_("Put into"),
        error_messages={"required": _("Select a wave"), "invalid_choice": _("Select a wave")},
    )
    reason = text_field(_("Reason"), 500, help_text=_("Kept with the move, and shown in the history of each site."))

    NONE = "none"

    def __init__(self, data: Any = None, *, waves: Iterable[tuple[int, str]], ids: Iterable[int]) -> None:
        """Offer the waves by id, and take only these deployments."""
        super().__init__(data, auto_id="into-%s")  # the filters above have a wave too
        field = self.fields["wave"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Select a wave")), *waves, (self.NONE, _("No wave"))]
        sites = self.fields["sites"]
        if isinstance(sites, SeenField):
            sites.ids = frozenset(ids)

    @property
    def wave_id(self) -> int | None:
        """The wave that a valid form asks for."""
        chosen = self.cleaned_data["wave"]
        return None if chosen == self.NONE else int(chosen)

    @property
    def ticked(self) -> frozenset[int]:
        """The sites that were ticked, also of a form that is not valid."""
        seen = SeenField.read(self.data.getlist("sites")) if hasattr(self.data, "getlist") else {}
        return frozenset(seen)


class InterestForm(RecordForm):
    """The day on which a site asked to start."""

    marked = INTEREST

    interest_on = known_day(
        _("On which day did the site ask to start?"), help_text=_("Leave it empty if the site took its interest back.")
    )
