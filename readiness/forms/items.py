"""Saying how a checklist item stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import ItemState
from readiness.models import ChecklistItem
from readiness.services.items import WITH_REASON, ItemChange
from rollout.choices import ReadinessDomain
from rollout.forms.days import day_field
from rollout.models import Person

ANY = ("", _("Any"))
STATES = (
    (ItemState.NOT_STARTED.value, _("Not started")),
    (ItemState.IN_PROGRESS.value, _("In progress")),
    (ItemState.DONE.value, _("Completed")),
    (ItemState.BLOCKED.value, _("Blocked")),
    (ItemState.NOT_APPLICABLE.value, _("Not applicable here")),
)
LONGEST = 4000
VERSION_DIGITS = 10


class ItemForm(forms.Form):
    """How an item stands, from the version that was on the page."""

    state = forms.ChoiceField(label=_("Is this finished?"), choices=STATES, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=LONGEST,
        help_text=_("A link, or a note that says where it is. Do not include patient details."),
        widget=forms.Textarea({"rows": 3}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST,
        help_text=_("Needed where the item is blocked or does not apply."),
        widget=forms.Textarea({"rows": 2}),
    )
    owner = forms.CharField(
        label=_("Owner"), required=False, max_length=254, help_text=_("An email address or a name.")
    )
    due_on = day_field(
        _("Due on"),
        required=False,
        help_text=_("Leave empty to count it from the go-live date."),
    )
    version = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, item: ChecklistItem) -> None:
        """Start from how the item stands."""
        self.item = item
        super().__init__(data, initial=standing(item))

    def clean(self) -> dict[str, Any]:
        """A blocked item and one that does not apply say why; what asks for evidence is not finished without it."""
        said = super().clean() or {}
        state = said.get("state")
        if state in WITH_REASON and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("Say why, so that others can help or agree"))
        evidence = said.get("evidence") or self.item.evidence
        if state == ItemState.DONE and self.item.template_item.evidence_needed and not evidence:
            self.add_error("evidence", gettext("Say where the evidence is: this item asks for it"))
        if self.item.owner_id and not said.get("owner") and "owner" not in self.errors:
            self.add_error("owner", gettext("Name another owner: an item that had one does not go without"))
        return said

    @property
    def sent_version(self) -> int:
        """The version that a bare action names; 0, which no item has, where it names none."""
        written = str(self.data.get("version", ""))
        return int(written) if written.isdecimal() and len(written) < VERSION_DIGITS else 0

    @property
    def change(self) -> ItemChange:
        """What is asked for, of a valid form."""
        names = ("state", "evidence", "reason", "due_on", "owner")
        return ItemChange(**{name: self.cleaned_data[name] for name in names})


def standing(item: ChecklistItem) -> dict[str, Any]:
    """The values of the form as the item stands."""
    return {
        "state": item.state,
        "evidence": item.evidence,
        "reason": item.reason,
        "owner": address_of(item.owner) if item.owner else "",
        "due_on": item.due_on,
        "version": item.version,
    }


def address_of(person: Person) -> str:
    """What a form writes for a person so that it reads the same person again."""
    return person.user.email if person.user else person.label


class ChecklistFilters(forms.Form):
    """Filters of a checklist in the query string. A value that is none of the choices filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    domain = forms.ChoiceField(label=_("Domain"), required=False, choices=[ANY, *ReadinessDomain.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *STATES])
    late = forms.BooleanField(label=_("Late"), required=False)
    blocking = forms.BooleanField(label=_("Blocking"), required=False)

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data
