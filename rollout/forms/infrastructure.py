"""Counting what a ward has: two numbers of each kind, and the day."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import Infrastructure
from rollout.forms.records import known_day
from rollout.services.infrastructure import WardCounts

MOST = 100_000


def number_field(label: Any) -> forms.IntegerField:
    """A count; empty where nothing was counted."""
    wrong = _("Enter a whole number, 0 or more")
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": _("Enter at most 100,000")},
        widget=forms.NumberInput({"size": "5"}),
    )


class CountForm(forms.Form):
    """Needed and ready of each kind on a ward. A kind of which both are empty stays as it is."""

    mark = forms.RegexField(
        r"^[0-9a-f]{16}$",
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Open this page again: the form is not complete")),
    )

    def __init__(self, data: Any = None, *, row: WardCounts, today: date) -> None:
        """Start from what was counted last."""
        super().__init__(data, initial={**self.standing(row), "counted_on": today, "mark": row.mark})
        for kind in Infrastructure:
            self.fields[f"{kind}_needed"] = number_field(gettext("%(what)s: needed") % {"what": kind.label})
            self.fields[f"{kind}_ready"] = number_field(gettext("%(what)s: ready") % {"what": kind.label})
        self.fields["counted_on"] = known_day(_("Counted on"), missing=_("Enter a date like 2026-03-14"))

    @classmethod
    def standing(cls, row: WardCounts) -> dict[str, Any]:
        """The numbers as they were counted last."""
        found: dict[str, Any] = {}
        for kind in Infrastructure:
            needed, ready = row.counts[kind][:2] if kind in row.counts else (None, None)
            found |= {f"{kind}_needed": needed, f"{kind}_ready": ready}
        return found

    @classmethod
    def mark_now(cls, row: WardCounts) -> str:
        """The mark of the counts as they stand."""
        return row.mark

    def clean(self) -> dict[str, Any]:
        """Both numbers or none, and not more ready than needed; at least one kind."""
        said = super().clean() or {}
        for kind in Infrastructure:
            needed, ready = said.get(f"{kind}_needed"), said.get(f"{kind}_ready")
            if self.errors.keys() & {f"{kind}_needed", f"{kind}_ready"}:
                continue
            if (needed is None) != (ready is None):
                missing = f"{kind}_needed" if needed is None else f"{kind}_ready"
                self.add_error(missing, gettext("Enter both numbers, or leave both empty"))
            elif needed is not None and ready is not None and ready > needed:
                self.add_error(f"{kind}_ready", gettext("Enter at most as many as are needed"))
        if not self.errors and not self.counts:
            self.add_error(f"{Infrastructure.DEVICES}_needed", gettext("Enter the numbers of at least one kind"))
        return said

    @property
    def counts(self) -> dict[Infrastructure, tuple[int, int]]:
        """What was counted, of a valid form."""
        pairs = {
            kind: (self.cleaned_data.get(f"{kind}_needed"), self.cleaned_data.get(f"{kind}_ready"))
            for kind in Infrastructure
        }
        return {kind: (pair[0], pair[1]) for kind, pair in pairs.items() if pair[0] is not None and pair[1] is not None}
