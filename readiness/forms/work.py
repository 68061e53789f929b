"""Saying that one has seen what changed."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

# A page that is older than this was not made by a log-in that still holds.
OLDEST = timedelta(days=2)


class SeenForm(forms.Form):
    """The moment at which the list was made: what happened after it has not been seen."""

    at = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def clean_at(self) -> datetime:
        """The moment, with its zone."""
        try:
            moment = parse_datetime(self.cleaned_data["at"])
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or moment < timezone.now() - OLDEST:
            raise ValidationError(_("Load the page again, then select Mark as seen."))
        return moment
