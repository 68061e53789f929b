"""Items of a draft template: adding one, changing one, taking some over from the standard template; publishing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.checks import CHECKS
from readiness.choices import GoLive
from readiness.services.templates import MARKED, draft_mark
from rollout.choices import ReadinessDomain
from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, code_field, text_field, words_field
from rollout.forms.retiring import reason_field

MOST_DAYS = 3_650  # ten years
Choices = Sequence[tuple[Any, Any]]
WEIGHTS = ((1, _("1 – little")), (2, "2"), (3, _("3 – ordinary")), (4, "4"), (5, _("5 – most")))


def days_field(label: Any, least: int, **options: Any) -> forms.IntegerField:
    """A whole number of days."""
    wrong = _("Enter a whole number of days")
    far = _("Enter a number of days within ten years")
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=MOST_DAYS,
        error_messages={"invalid": wrong, "min_value": far if least < 0 else wrong, "max_value": far},
        widget=forms.NumberInput({"size": "4"}),
        **options,
    )


class ItemFields(forms.Form):
    """What an item of a template says."""

    domain = forms.ChoiceField(
        label=_("Domain"),
        choices=[("", _("Select a domain")), *ReadinessDomain.choices],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a domain")),
    )
    text = text_field(_("What is to be done"), 300, missing=_("Say what is to be done"))
    help = words_field(_("Why it matters"), help_text=_("A sentence or two for whoever does it."))
    weight = forms.TypedChoiceField(
        label=_("Weight"),
        coerce=int,
        choices=WEIGHTS,
        initial=3,
        help_text=_("How much it counts among the items of its domain."),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a weight from 1 to 5")),
    )
    blocking = forms.BooleanField(
        label=_("Blocking: while it is late or blocked, it holds the score down"), required=False
    )
    golive = choice_of(
        _("For which go-live?"), GoLive.choices, _("Select which go-live it is for"), initial=GoLive.USER.value
    )
    due_days = days_field(
        _("Due, in days before that go-live"), -MOST_DAYS, help_text=_("Below 0: after it. Empty: no due date.")
    )
    valid_days = days_field(
        _("Shelf life, in days"), 1, help_text=_("After so long it counts as not done. Empty: it is done for good.")
    )
    evidence_needed = forms.BooleanField(label=_("It asks for evidence"), required=False)
    seat_role_id = forms.TypedChoiceField(
        label=_("Seat"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Whose business it is. The check of a filled seat looks at this one."),
        error_messages={"invalid_choice": _("Select a seat from the list")},
    )
    check_code = forms.ChoiceField(
        label=_("System check that proves it"),
        required=False,
        error_messages={"invalid_choice": _("Select a check from the list")},
    )

    def offer(self, seats: Choices, check: str = "") -> None:
        """Offer these seats and every check; `check` is the item's own, known here or not."""
        own = [(check, check)] if check and check not in CHECKS else []
        offered = {
            "seat_role_id": [("", _("None")), *seats],
            "check_code": [
                ("", _("None: people say when it is done")),
                *((c, x.label) for c, x in CHECKS.items()),
                *own,
            ],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class NewItemForm(OnceForm, ItemFields):
    """An item that the draft does not have yet."""

    code = code_field(_("Code"), help_text=_("Short and lasting, such as TRAIN-ROOMS. It cannot be changed later."))
    field_order = ("code", "domain")

    def __init__(self, data: Any = None, *, seats: Choices) -> None:
        """Offer the seats."""
        super().__init__(data)
        self.offer(seats)

    def clean_code(self) -> str:
        """Not a word that an address of its own has."""
        code: str = self.cleaned_data["code"]
        if code == "adopt":
            raise forms.ValidationError(gettext("Choose another code: this word is part of an address"))
        return code


class TemplateItemForm(RecordForm, ItemFields):
    """An item of a draft as it stands."""

    marked = MARKED

    def __init__(self, data: Any = None, row: Any = None, *, seats: Choices) -> None:
        """Offer the seats, and the check that the item has."""
        super().__init__(data, row)
        self.offer(seats, row.check_code)


class RemoveForm(RecordForm):
    """Nothing is asked: the mark says which item was seen."""

    marked = MARKED


class StandardForm(forms.Form):
    """Which items are taken over from the standard template."""

    codes = forms.MultipleChoiceField(
        label=_("Items"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one item"), "invalid_choice": _("Select items from the list")},
    )

    def __init__(self, data: Any = None, *, codes: Sequence[str]) -> None:
        """Offer these items; none is ticked."""
        super().__init__(data)
        field = self.fields["codes"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, code) for code in codes]

    @property
    def chosen(self) -> Sequence[str]:
        """The codes that are ticked, also in a form that is not right."""
        return self["codes"].value() if self.is_bound else []


class PublishForm(RecordForm):
    """Publishing what was on the page, and nothing else."""

    @classmethod
    def mark_now(cls, row: Any) -> str:
        """The mark of all that the draft says."""
        return draft_mark(row.pk)

    @classmethod
    def standing(cls, row: Any) -> dict[str, Any]:
        """Nothing is typed."""
        return {}


class ThrowAwayForm(PublishForm):
    """Why a draft is thrown away, with the mark of what was on the page."""

    reason = reason_field(_("Why is it thrown away?"))
