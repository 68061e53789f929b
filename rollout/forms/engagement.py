"""Recording a forum or a visit."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rollout.choices import EngagementKind
from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import choice_of, known_day, text_field, words_field
from rollout.models import StaffGroup

MOST_PEOPLE = 100_000
KINDS = (
    (EngagementKind.FORUM, _("Forum: champions of several areas or sites meet")),
    (EngagementKind.VISIT, _("Visit: champions go to a site that is starting, or come from one")),
)


class EventForm(NoPatientData, OnceForm):
    """What it was, when, with whom."""

    kind = choice_of(_("What was it?"), KINDS, _("Select forum or visit"))
    held_on = known_day(_("When?"), missing=_("Enter a date like 2026-03-14"))
    other_site = text_field(_("Code of the other site"), 40, help_text=_("For a visit: where from, or where to."))
    people = forms.IntegerField(
        label=_("How many people came?"),
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        widget=forms.TextInput({"size": "5", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a whole number, 0 or more")),
    )
    groups = forms.TypedMultipleChoiceField(
        label=_("Which staff groups came?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select from the groups on this page")},
    )
    words = words_field(_("What came of it?"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        """Offer the staff groups that are known."""
        super().__init__(data, **options)
        field = self.fields["groups"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(group.pk, capfirst(str(group))) for group in StaffGroup.objects.order_by("name", "code")]
