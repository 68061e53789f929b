"""Saying how a checklist item stands."""

from hashlib import sha256
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import ItemState
from readiness.models import ChecklistItem
from readiness.services.items import WITH_REASON, ItemChange
from rollout.choices import ReadinessDomain
from rollout.forms.days import day_field
from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.uploads import UploadField, UploadForm, kinds_taken
from rollout.models import Person
from rollout.uploads import Upload

ANY = ("", _("Any"))
STATES = (
    (ItemState.NOT_STARTED.value, _("Not started")),
    (ItemState.IN_PROGRESS.value, _("In progress")),
    (ItemState.DONE.value, _("Completed")),
    (ItemState.BLOCKED.value, _("Blocked")),
    (ItemState.NOT_APPLICABLE.value, _("Not applicable here")),
)
# The answers to "Is this finished?"; what is neither yes nor no stands apart.
ANSWERS = (
    (ItemState.DONE.value, _("Yes")),
    (ItemState.IN_PROGRESS.value, _("No, I’ll come back")),
    (ItemState.NOT_STARTED.value, _("No, it has not been started")),
    (
        _("or"),
        (
            (ItemState.BLOCKED.value, _("It is blocked")),
            (ItemState.NOT_APPLICABLE.value, _("It does not apply here")),
        ),
    ),
)
LONGEST = 4000
VERSION_DIGITS = 10


class ItemForm(UploadForm, NoPatientData, OnceForm):
    """How an item stands, from the version that was on the page, with a file that shows it."""

    state = forms.ChoiceField(
        label=_("Is this finished?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how it stands")},
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=LONGEST,
        help_text=_("A link, or a note that says where it is. Do not include patient details."),
        widget=forms.Textarea({"rows": 3}),
    )
    file = UploadField(label=_("Evidence file"), required=False)
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

    def __init__(self, data: Any = None, files: Any = None, *, item: ChecklistItem, has_files: bool = False) -> None:
        """Start from how the item stands; `has_files`: a file is there as evidence."""
        self.item = item
        self.has_files = has_files
        super().__init__(data, files, initial=standing(item))
        if item.template_item.evidence_needed:
            self.fields["evidence"].help_text = gettext(
                "Needed before this item is finished: a link, or a note that says where it is, or the file below. "
                "Do not include patient details."
            )
        self.fields["file"].help_text = gettext("%(kinds)s No patient details, and no names of staff.") % {
            "kinds": kinds_taken()
        }

    def clean(self) -> dict[str, Any]:
        """A blocked item and one that does not apply say why; what asks for evidence is not finished without it."""
        said = super().clean() or {}
        state = said.get("state")
        if state in WITH_REASON and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("Say why, so that others can help or agree"))
        evidence = said.get("evidence") or self.item.evidence or said.get("file") or self.has_files
        doubtful = "evidence" in self.errors or "file" in self.errors
        if state == ItemState.DONE and self.item.template_item.evidence_needed and not evidence and not doubtful:
            self.add_error("evidence", gettext("Say where the evidence is, or add a file: this item asks for it"))
        if self.item.owner_id and not said.get("owner") and "owner" not in self.errors:
            self.add_error("owner", gettext("Name another owner: an item that had one does not go without"))
        return said

    @property
    def sent_version(self) -> int:
        """The version that a bare action names; 0, which no item has, where it names none."""
        written = str(self.data.get("version", ""))
        return int(written) if written.isdecimal() and len(written) < VERSION_DIGITS else 0

    @property
    def upload(self) -> Upload | None:
        """The file that was sent, of a valid form."""
        return cast("Upload | None", self.cleaned_data["file"])

    @property
    def body(self) -> dict[str, Any]:
        """What makes two sendings of the form the same: what it says, and the bytes of its file."""
        upload = self.upload
        digest = sha256(upload.content).hexdigest() if upload else ""
        return {**self.said, "file": digest}

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
    open = forms.BooleanField(label=_("Still to do"), required=False)
    late = forms.BooleanField(label=_("Late"), required=False)
    blocking = forms.BooleanField(label=_("Blocking"), required=False)

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data


class RetireFileForm(NoPatientData):
    """Why a file is no evidence any more."""

    prefix = "retire"

    reason = forms.CharField(
        label=_("Why is it no evidence any more?"),
        max_length=500,
        error_messages={"required": _("Say why it is no evidence any more")},
    )
