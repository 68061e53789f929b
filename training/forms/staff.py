"""A member of staff put right by hand, and the days on which they work somewhere or are away."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, known_day, text_field
from rollout.models import StaffGroup
from training.choices import AbsenceKind
from training.models import StaffMember
from training.services.staff import AWAY, DESCRIBED, LASTING

A_DAY = _("Enter a date like 2026-03-14")


class StaffForm(RecordForm):
    """How a member of staff is described. The employee number is what lists find them by, and stays."""

    marked = DESCRIBED

    name = text_field(_("Name"), 200)
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        required=False,
        error_messages={
            "invalid": _("Enter an email address like name@example.org"),
            "max_length": _("Write at most %(limit_value)s characters"),
        },
    )
    group_id = forms.TypedChoiceField(
        label=_("Staff group"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Select a staff group")},
    )
    line_manager = forms.BooleanField(label=_("Manages others"), required=False)

    def __init__(self, data: Any = None, row: StaffMember | None = None, **options: Any) -> None:
        """Offer every staff group there is."""
        super().__init__(data, row, **options)
        field = self.fields["group_id"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("None")), *((group.pk, str(group)) for group in StaffGroup.objects.all())]


class DaysForm(forms.Form):
    """Mix in: a first day, and a last day that may be open."""

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said = super().clean() or {}
        first, last = said.get("from_on"), said.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", gettext("Enter a last day that is not before the first"))
        return said


class PostingForm(DaysForm, RecordForm):
    """From when to when somebody works on a ward."""

    marked = LASTING

    from_on = known_day(_("First day"), missing=A_DAY)
    to_on = known_day(_("Last day"), help_text=_("Leave it empty while they still work there."))


def kind_field() -> forms.ChoiceField:
    """What an absence is."""
    return choice_of(_("Kind"), AbsenceKind.choices, _("Select the kind of absence"))


class AbsenceForm(DaysForm, RecordForm):
    """A long absence that is on record."""

    marked = AWAY

    from_on = known_day(_("First day"), missing=A_DAY)
    to_on = known_day(_("Last day"), help_text=_("Leave it empty while nobody knows."))
    kind = kind_field()


class NewAbsenceForm(DaysForm, OnceForm):
    """A long absence that is to be recorded."""

    from_on = known_day(_("First day"), missing=A_DAY)
    to_on = known_day(_("Last day"), help_text=_("Leave it empty while nobody knows."))
    kind = kind_field()
