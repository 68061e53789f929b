"""Whose log-in is whose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm
from rollout.forms.roles import ADDRESS
from training.services.log_ins import LOGIN


def address_field(label: Any) -> forms.EmailField:
    """An address that somebody logs in with, or is to."""
    messages = {**ADDRESS, "max_length": _("Write at most %(limit_value)s characters")}
    return forms.EmailField(label=label, max_length=254, error_messages=messages)


class LinkLoginForm(forms.Form):
    """The address of a log-in that is there."""

    email = address_field(_("Email address of their log-in"))


class GiveLoginForm(OnceForm):
    """The address that a new log-in is to have."""

    email = address_field(_("Email address to log in with"))


class UnlinkLoginForm(RecordForm):
    """Nothing to fill in: only that the link is still the one that was shown."""

    marked = LOGIN
