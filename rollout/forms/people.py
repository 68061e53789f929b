"""Naming people in forms: by e-mail address, or by name where nobody knows one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.records import LinesField, text_field
from rollout.models import Person

LONGEST = 254  # of an e-mail address
MOST = 60
HINT = _("An email address or a name.")


def person_field(label: Any, *, missing: Any = "", help_text: Any = HINT) -> forms.CharField:
    """Somebody; `missing` is said where nobody was named, without it nobody has to be."""
    return text_field(label, LONGEST, missing=missing, help_text=help_text)


def people_field(label: Any) -> LinesField:
    """Several people, one a line."""
    return LinesField(
        label=label,
        required=False,
        entry_length=LONGEST,
        entries=MOST,
        help_text=_("One a line, each by email address or name."),
    )


def written_for(person: Person | None) -> str:
    """What a form writes for somebody so that it reads the same person again; "" for nobody."""
    if person is None:
        return ""
    return person.user.email if person.user else person.label
