"""Assessing where a site starts from: a level and words for each of the eleven domains."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import ReadinessDomain
from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import known_day, text_field

LEVELS = (
    ("1", _("1 – nothing yet")),
    ("2", _("2 – first steps")),
    ("3", _("3 – half way")),
    ("4", _("4 – nearly there")),
    ("5", _("5 – in place")),
)
LONGEST_WORDS = 1000


class BaselineForm(NoPatientData, OnceForm):
    """A level and words for each domain; a domain that nobody looked at stays empty."""

    assessed_on = known_day(_("Assessed on"), missing=_("Enter a date like 2026-03-14"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        """Two fields a domain, in the order in which domains are always shown."""
        super().__init__(data, initial={"assessed_on": today})
        for domain in ReadinessDomain:
            self.fields[domain.value] = forms.ChoiceField(
                label=domain.label,
                required=False,
                choices=[("", _("Not assessed")), *LEVELS],
                error_messages={"invalid_choice": _("Select a level from 1 to 5")},
            )
            self.fields[f"{domain.value}_words"] = text_field(
                gettext("%(domain)s in words") % {"domain": domain.label}, LONGEST_WORDS
            )

    def clean(self) -> dict[str, Any]:
        """Words belong to a level, and one domain is assessed at least."""
        said = super().clean()
        for domain in ReadinessDomain:
            if said.get(f"{domain.value}_words") and not said.get(domain.value) and domain.value not in self.errors:
                self.add_error(domain.value, gettext("Select a level from 1 to 5"))
        if not self.errors and not self.levels:
            self.add_error(ReadinessDomain.LEADERSHIP.value, gettext("Assess one domain at least"))
        return said

    @property
    def levels(self) -> dict[str, tuple[int, str]]:
        """Level and words of each domain that was assessed."""
        said = self.cleaned_data
        return {
            domain.value: (int(said[domain.value]), said[f"{domain.value}_words"])
            for domain in ReadinessDomain
            if said.get(domain.value)
        }
