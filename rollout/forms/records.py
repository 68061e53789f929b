"""What forms over one record share: the mark of what was on the page, codes, lists that are typed line by line."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.days import day_field
from rollout.forms.patient_data import NoPatientData
from rollout.models.constraints import CODE_PATTERN
from rollout.services.edits import mark_of

LONGEST = 4000


class RecordForm(NoPatientData):
    """A form over a record that is there already. `marked` are the columns that it shows and that two may change."""

    marked: tuple[str, ...] = ()

    mark = forms.RegexField(
        r"^[0-9a-f]{16}$",
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Open this page again: the form is not complete")),
    )

    def __init__(self, data: Any = None, row: Any = None, **options: Any) -> None:
        """Start from how the record stands."""
        self.row = row
        initial = {**self.standing(row), "mark": self.mark_now(row), **options.pop("initial", {})}
        super().__init__(data, initial=initial, **options)

    @classmethod
    def mark_now(cls, row: Any) -> str:
        """The mark of the record as it stands."""
        return mark_of(row, cls.marked)

    @classmethod
    def standing(cls, row: Any) -> dict[str, Any]:
        """The values of the form as the record stands."""
        return {name: getattr(row, name) for name in cls.marked}

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, without its mark."""
        return {name: value for name, value in self.cleaned_data.items() if name != "mark"}


class LinesField(forms.CharField):
    """A list, typed one entry a line. Gives the entries that say something, each of them once."""

    def __init__(self, *, entry_length: int, entries: int = 50, **options: Any) -> None:
        """Take at most so many entries of at most so many letters each."""
        super().__init__(widget=forms.Textarea({"rows": 4}), **options)
        self.entry_length, self.entries = entry_length, entries

    def prepare_value(self, value: Any) -> Any:
        """The list as it is typed."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other entries were typed."""
        return list(initial or []) != self.lines(data)

    @staticmethod
    def lines(value: Any) -> list[str]:
        """The lines that say something, each once, in order."""
        found = (" ".join(line.split()) for line in str(value or "").splitlines())
        return list(dict.fromkeys(line for line in found if line))

    def clean(self, value: Any) -> Any:
        """The entries. A semicolon parts entries in a programme pack, so none may hold one."""
        lines = self.lines(super().clean(value))
        if any(";" in line for line in lines):
            raise forms.ValidationError(gettext("Leave semicolons out: write each entry on a line of its own"))
        if any(len(line) > self.entry_length for line in lines):
            raise forms.ValidationError(
                ngettext("Write at most %(n)s letter a line", "Write at most %(n)s letters a line", self.entry_length)
                % {"n": self.entry_length}
            )
        if len(lines) > self.entries:
            raise forms.ValidationError(gettext("Write at most %(n)s lines") % {"n": self.entries})
        return lines


def text_field(label: Any, longest: int, *, missing: Any = "", **options: Any) -> forms.CharField:
    """A line of text; `missing` is said where nothing was typed, without it the field may stay empty."""
    messages = {"max_length": _("Write at most %(limit_value)s characters")} | (
        {"required": missing} if missing else {}
    )
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=messages, **options)


def words_field(label: Any, *, missing: Any = "", rows: int = 3, **options: Any) -> forms.CharField:
    """A few sentences, at most 4,000 letters."""
    return text_field(label, LONGEST, missing=missing, widget=forms.Textarea({"rows": rows}), **options)


def code_field(label: Any, **options: Any) -> forms.CharField:
    """A code as the database allows it."""
    return forms.RegexField(
        CODE_PATTERN,
        label=label,
        max_length=40,
        widget=forms.TextInput({"size": "10"}),
        error_messages={
            "required": _("Enter a code"),
            "invalid": _("Use letters, digits, full stops, hyphens and underscores, without spaces"),
        },
        **options,
    )


def known_day(label: Any, *, missing: Any = "", **options: Any) -> forms.DateField:
    """A day that says how to write it; `missing` as above."""
    messages = {"required": missing} if missing else {}
    return day_field(label, required=bool(missing), error_messages=messages, **options)


def choice_of(label: Any, choices: Iterable[tuple[Any, Any]], missing: Any, **options: Any) -> forms.ChoiceField:
    """Radios; `missing` is said where none was chosen, and where what came is none of them."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
        **options,
    )
