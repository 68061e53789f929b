"""Which items of a new version a site takes over, and which sites do."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

STALE = _("Open this page again: the form is not complete")


class VersionForm(forms.Form):
    """What both forms bring back: the version that was on the page."""

    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), STALE),
    )


class AdoptForm(VersionForm):
    """The items that a site takes over: every one is ticked until somebody unticks it."""

    codes = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: QueryDict | None = None, *, codes: Sequence[str], version: int) -> None:
        """Offer these items."""
        super().__init__(data, initial={"version": version})
        self.offered = codes
        field = self.fields["codes"]
        if isinstance(field, forms.ChoiceField):
            # What somebody else took over meanwhile is no longer offered, and no mistake of the person either.
            sent = data.getlist("codes") if data is not None else []
            field.choices = [(code, code) for code in {*codes, *sent}]

    @property
    def chosen(self) -> Sequence[str]:
        """The codes that are ticked."""
        return self["codes"].value() if self.is_bound else self.offered


class AdoptManyForm(VersionForm):
    """The sites that take a version over whole: those that are ticked, or as many as go at once."""

    everyone = forms.BooleanField(required=False)
    sites = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select sites from the list")},
    )
    sure = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, sites: Sequence[str], version: int) -> None:
        """Offer these sites, by their codes."""
        super().__init__(data, initial={"version": version})
        self.offered = sites
        field = self.fields["sites"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, code) for code in sites]

    def clean(self) -> dict[str, Any]:
        """At least one site."""
        said = super().clean() or {}
        if not said.get("everyone") and not said.get("sites") and "sites" not in self.errors:
            self.add_error("sites", _("Select at least one site"))
        return said

    @property
    def chosen(self) -> Sequence[str]:
        """The sites that are ticked, also in a form that is not right."""
        return self["sites"].value() if self.is_bound else []
