"""A release bundle: what goes live together, and when."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.records import LinesField, RecordForm, code_field, known_day, text_field
from rollout.models import ReleaseBundle
from rollout.services.bundles import BUNDLE


class TogetherForm(forms.Form):
    """What is asked of a bundle, new or not."""

    name = text_field(_("Name"), 200, missing=_("Enter a name"))
    programmes = forms.TypedMultipleChoiceField(
        label=_("Programmes"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of the programmes that you manage."),
        error_messages={
            "required": _("Select at least one programme"),
            "invalid_choice": _("Select programmes that you manage"),
        },
    )
    modules = LinesField(
        label=_("Modules"), required=False, entry_length=120, help_text=_("One a line, if it is not the whole product.")
    )
    planned_on = known_day(_("Planned on"))

    def offer(self, programmes: Iterable[tuple[int, str]]) -> None:
        """Offer programmes by id."""
        field = self.fields["programmes"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(programmes)


class NewBundleForm(TogetherForm, OnceForm):
    """A bundle that is not there yet."""

    code = code_field(_("Code"), help_text=_("Short, such as SPRING. It cannot change later."))
    field_order = ("name", "code")

    def __init__(self, data: Any = None, *, programmes: Iterable[tuple[int, str]]) -> None:
        """Offer the programmes that the person manages."""
        super().__init__(data)
        self.offer(programmes)


class BundleForm(TogetherForm, RecordForm):
    """A bundle that is there, as `seen_bundle` says; programmes that the person does not manage stay in it unseen."""

    marked = BUNDLE

    def __init__(self, data: Any = None, *, row: ReleaseBundle, programmes: Iterable[tuple[int, str]]) -> None:
        """Offer the programmes that the person manages."""
        super().__init__(data, row=row)
        self.offer(programmes)

    @classmethod
    def standing(cls, row: ReleaseBundle) -> dict[str, Any]:
        """The values of the form as the bundle stands."""
        return {
            "name": row.name,
            "modules": row.modules,
            "planned_on": row.planned_on,
            "programmes": vars(row)["among"],
        }
