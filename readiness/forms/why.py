"""Two days to compare, and what to look for among the records behind a count."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.forms.days import day_of_address
from rollout.templatetags.formats import day as in_words


class SinceForm(forms.Form):
    """The day to compare with, and the day shown: without one the newest day with a score."""

    is_filter = True

    since = day_of_address(_("From"))
    as_of = day_of_address(_("To"), required=False)

    def __init__(self, *args: Any, shown: date | None, **kwargs: Any) -> None:
        """Take the day shown, which `since` must lie before."""
        super().__init__(*args, **kwargs)
        self.shown = shown

    def clean_since(self) -> date:
        """The day to compare with lies before the day shown."""
        since: date = self.cleaned_data["since"]
        if self.shown is not None and since >= self.shown:
            raise forms.ValidationError(
                gettext("Choose a day before %(day)s, the day to compare with.") % {"day": in_words(self.shown)}
            )
        return since


class RecordFilters(forms.Form):
    """Words that a record must hold."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
