"""A course of a programme: what it is called, how it is taught, of whom it is asked, how long it lasts."""

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, code_field, text_field
from training.choices import CourseMode
from training.services.courses import COURSE

MOST_DAYS = 3_650  # ten years
VALID = _("Enter a whole number of days from 1 to 3,650, or leave it empty")
# What decides of whom a course is asked and what of it counts: whoever changes it is told first what follows.
DECIDING = ("group_ids", "valid_days", "assessed", "for_champions", "active")
Groups = Sequence[tuple[int, str]]


class CourseFields(forms.Form):
    """What a course is. `seen` is the mark of what the person was told would follow."""

    name = text_field(_("Name"), 200, missing=_("Enter a name"), help_text=_("Such as “Giving medicines”."))
    mode = choice_of(
        _("How is it taught?"), CourseMode.choices, _("Select how it is taught"), initial=CourseMode.CLASSROOM
    )
    group_ids = forms.TypedMultipleChoiceField(
        label=_("Of whom is it asked?"),
        help_text=_("Select none if everybody has to take it."),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select staff groups from the list")},
    )
    mandatory = forms.BooleanField(
        label=_("It is mandatory"), required=False, help_text=_("Nobody may work with the product before it.")
    )
    valid_days = forms.IntegerField(
        label=_("Valid for days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("After so many days people take it again. Empty: once is enough."),
        widget=forms.TextInput({"size": "5", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), VALID),
    )
    assessed = forms.BooleanField(
        label=_("It is assessed"), required=False, help_text=_("It counts only for those who passed.")
    )
    for_champions = forms.BooleanField(
        label=_("It is for champions"),
        required=False,
        help_text=_("It is asked of every champion, whatever their group, and of nobody else."),
    )
    active = forms.BooleanField(
        label=_("It is asked of people now"),
        required=False,
        initial=True,
        help_text=_("Not yet, or no more: untick it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def offer(self, groups: Groups) -> None:
        """Offer these staff groups."""
        field = self.fields["group_ids"]
        if isinstance(field, forms.ChoiceField):
            field.choices = groups

    def clean_group_ids(self) -> list[int]:
        """In the order of their ids, as they are kept."""
        return sorted(self.cleaned_data["group_ids"])

    @property
    def deciding(self) -> dict[str, Any]:
        """What a valid form says that decides what counts."""
        return {name: self.cleaned_data[name] for name in DECIDING}

    @property
    def deciding_mark(self) -> str:
        """The mark of it: 16 hexadecimal digits."""
        return blake2b(json.dumps(self.deciding).encode(), digest_size=8).hexdigest()

    @property
    def told(self) -> bool:
        """Whether the person was told what follows of what the form says now."""
        return bool(self.cleaned_data["seen"] == self.deciding_mark)


class NewCourseForm(OnceForm, CourseFields):
    """A course that is not there yet."""

    code = code_field(_("Code"), required=False, help_text=_("Short, for files. Empty: it is made from the name."))
    field_order = ("name", "code")

    def __init__(self, data: Any = None, *, groups: Groups, **options: Any) -> None:
        """Offer these staff groups."""
        super().__init__(data, **options)
        self.offer(groups)

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        return {name: value for name, value in self.said.items() if name != "seen"}


class CourseForm(RecordForm, CourseFields):
    """A course that is there."""

    marked = COURSE

    def __init__(self, data: Any = None, row: Any = None, *, groups: Groups, **options: Any) -> None:
        """Offer these staff groups."""
        super().__init__(data, row, **options)
        self.offer(groups)

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        return {name: self.cleaned_data[name] for name in COURSE}
