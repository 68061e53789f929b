"""Saying in its row how a checklist item stands: state, owner, due date."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import ItemState
from readiness.forms.items import LONGEST, STATES, standing
from readiness.models import ChecklistItem
from readiness.services.items import WITH_REASON, ItemChange
from rollout.forms.days import day_field
from rollout.forms.patient_data import NoPatientData


class ItemRowForm(NoPatientData):
    """How an item stands, from the version that was in the row. Evidence and the rest have the item's own page."""

    state = forms.ChoiceField(
        label=_("State"), choices=STATES, widget=forms.Select, error_messages={"required": _("Select the state")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST,
        help_text=_("Needed where the item is blocked or does not apply."),
    )
    owner = forms.CharField(
        label=_("Owner"), required=False, max_length=254, help_text=_("An email address or a name.")
    )
    due_on = day_field(_("Due on"), required=False, help_text=_("Leave empty to count it from the go-live date."))
    version = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, item: ChecklistItem, has_files: bool = False) -> None:
        """Start from how the item stands; `has_files`: a file is there as evidence."""
        self.item = item
        self.has_files = has_files
        super().__init__(data, initial=standing(item), auto_id=f"id_{item.pk}_%s")
        if data is None:  # where the focus goes once the row opens; in one sent it goes to what is wrong
            self.fields["state"].widget.attrs["data-focus"] = True

    def clean(self) -> dict[str, Any]:
        """A blocked item and one that does not apply say why; what asks for evidence is finished on its own page."""
        said = super().clean() or {}
        state = said.get("state")
        if state in WITH_REASON and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("Say why, so that others can help or agree"))
        bare = not (self.item.evidence or self.has_files)
        if state == ItemState.DONE and self.item.template_item.evidence_needed and bare:
            self.add_error("state", gettext("This item asks for evidence: open it, and say where the evidence is"))
        if self.item.owner_id and not said.get("owner") and "owner" not in self.errors:
            self.add_error("owner", gettext("Name another owner: an item that had one does not go without"))
        return said

    @property
    def change(self) -> ItemChange:
        """What is asked for, of a valid form; the evidence stays as it is."""
        names = ("state", "reason", "due_on", "owner")
        return ItemChange(evidence=self.item.evidence, **{name: self.cleaned_data[name] for name in names})
