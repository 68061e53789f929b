"""Saying something about a record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData

LONGEST = 2000


class CommentForm(NoPatientData, OnceForm):
    """A comment. Its fields have names of their own, since the form stands on pages with others."""

    prefix = "comment"

    text = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST,
        help_text=_("Everybody who works on this record can read it. Do not include patient details."),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write a comment")},
    )
