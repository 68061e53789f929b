"""Writing down what holds from a day on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.days import day_field
from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.models import Wave

LONGEST_TEXT, LONGEST_REASON, LONGEST_LIST = 500, 4000, 40_000
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
EVERYWHERE, OF_WAVE, SOME = "all", "wave", "sites"
WHERE = (
    (EVERYWHERE, _("All sites of the programme, also those that join later")),
    (OF_WAVE, _("The sites of one wave")),
    (SOME, _("Some sites")),
)
NAMED = 5  # codes that are not known, as many as a message names


class StandardForm(NoPatientData, OnceForm):
    """What is decided, why, from when and for which sites."""

    text = forms.CharField(
        label=_("What is decided?"),
        max_length=LONGEST_TEXT,
        help_text=_("One sentence that everybody can follow, such as: referrals are written in the new system only."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Enter what is decided")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=LONGEST_REASON,
        help_text=_("Do not include patient details."),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Enter the reason")},
    )
    from_on = day_field(
        _("From which day does it hold?"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter a date like 2026-03-14")),
    )
    where = forms.ChoiceField(
        label=_("For which sites?"),
        choices=WHERE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select for which sites it holds")),
    )
    wave = forms.TypedChoiceField(
        label=_("Wave"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Only for the sites of one wave."),
        error_messages={"invalid_choice": _("Select one of the waves")},
    )
    sites = forms.CharField(
        label=_("Codes of the sites"),
        required=False,
        max_length=LONGEST_LIST,
        help_text=_("Only for some sites. One code on each line, or with commas between them."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None, *, waves: Iterable[Wave], **options: Any) -> None:
        """Offer the programme's waves."""
        super().__init__(data, **options)
        named = [(wave.pk, f"{wave.number} – {wave.name}" if wave.name else str(wave.number)) for wave in waves]
        field = self.fields["wave"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None")), *named]
        self.order_fields(["text", "reason", "from_on", "where", "wave", "sites", "once"])

    def clean_from_on(self) -> date:
        """A day of this century: no slip of the keyboard."""
        day: date = self.cleaned_data["from_on"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(gettext("Enter a day of this century"))
        return day

    def clean(self) -> dict[str, Any]:
        """What the choice of sites needs is there."""
        said = super().clean()
        if said.get("where") == OF_WAVE and not said.get("wave") and "wave" not in self.errors:
            self.add_error("wave", gettext("Select a wave"))
        if said.get("where") == SOME and not self.codes and "sites" not in self.errors:
            self.add_error("sites", gettext("Enter the code of at least one site"))
        return said

    @property
    def codes(self) -> list[str]:
        """The codes that were written, each once."""
        written = self.cleaned_data.get("sites", "").replace(",", "\n").split()
        return list(dict.fromkeys(written))

    def places(self, deployments: Any) -> list[int] | None:
        """The ids of the deployments meant, among these; None for all. A code that is none of them becomes an error."""
        where = self.cleaned_data["where"]
        if where == EVERYWHERE:
            return None
        if where == OF_WAVE:
            return self._of_wave(deployments)
        found: Mapping[str, int] = dict(deployments.filter(site__code__in=self.codes).values_list("site__code", "pk"))
        unknown = [code for code in self.codes if code not in found]
        if unknown:
            words = {"codes": ", ".join(unknown[:NAMED]), "more": len(unknown) - NAMED}
            said = ngettext(
                "There is no site %(codes)s in this programme",
                "There are no sites %(codes)s in this programme",
                len(unknown),
            )
            more = gettext(", and %(more)s more") if len(unknown) > NAMED else ""
            self.add_error("sites", (said + more) % words)
        return list(found.values())

    def _of_wave(self, deployments: Any) -> list[int]:
        found: list[int] = list(deployments.filter(wave=self.cleaned_data["wave"]).values_list("pk", flat=True))
        if not found:
            self.add_error("wave", gettext("There is no site in this wave yet"))
        return found
