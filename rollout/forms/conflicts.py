"""Two people, one form: where what was typed differs from what somebody else saved meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext


@dataclass(frozen=True)
class Difference:
    """A field that two people filled in differently."""

    label: Any
    theirs: str
    mine: str


def differences(form: forms.Form, now: Mapping[str, Any]) -> list[Difference]:
    """The visible fields of a valid form that differ from the values as they are stored now."""
    shown = {name: field for name, field in form.fields.items() if not field.widget.is_hidden and name in now}
    return [
        Difference(field.label, _words(field, now[name]), _words(field, form.cleaned_data[name]))
        for name, field in shown.items()
        if _plain(now[name]) != _plain(form.cleaned_data[name])
    ]


def _plain(value: Any) -> Any:
    """Nothing is nothing, whether a date, a choice or a text is missing."""
    return None if value in ("", None, []) else value


def _words(field: forms.Field, value: Any) -> str:
    if _plain(value) is None:
        return gettext("Empty")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return ", ".join(_words(field, each) for each in value)
    return str(_choices(field).get(str(value), value))


def _choices(field: forms.Field) -> dict[str, Any]:
    """The words of each choice of a field, those that stand in groups among them."""
    found: dict[str, Any] = {}
    for code, words in getattr(field, "choices", ()):
        grouped = words if isinstance(words, list | tuple) else [(code, words)]
        found |= {str(each): label for each, label in grouped}
    return found
