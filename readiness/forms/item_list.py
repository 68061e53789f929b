"""The list of checklist items of a programme: its filters, and what is to become of the items chosen."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import ItemState
from readiness.dashboards.item_list import DUE_SOON, LATE, UNDATED
from readiness.forms.items import ANY, LONGEST, STATES
from readiness.forms.sites import wave_name
from readiness.services.bulk_items import DUE, OWNER, STATE, Wish
from readiness.services.items import WITH_REASON
from rollout.choices import ReadinessDomain
from rollout.forms.days import day_field
from rollout.forms.patient_data import NoPatientData
from rollout.models import Wave
from rollout.templatetags.formats import day as day_words

FILTERS = ("q", "domain", "state", "due", "owner", "mine", "blocking", "wave", "site", "late")


class ItemFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    domain = forms.ChoiceField(label=_("Domain"), required=False, choices=[ANY, *ReadinessDomain.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *STATES])
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[ANY, (LATE, _("Late")), (DUE_SOON, _("In the next 14 days")), (UNDATED, _("Without a date"))],
    )
    owner = forms.CharField(
        label=_("Owner"),
        required=False,
        max_length=100,
        help_text=_("A name or an email address; \u201cnobody\u201d for items without an owner."),
    )
    mine = forms.BooleanField(label=_("Mine"), required=False)
    blocking = forms.BooleanField(label=_("Blocking"), required=False)
    wave = forms.ChoiceField(label=_("Wave"), required=False)
    site = forms.CharField(label=_("Site"), required=False, max_length=40, widget=forms.HiddenInput)
    late = forms.BooleanField(label=_("Late"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, waves: Iterable[Wave], names: bool, **kwargs: Any) -> None:
        """Take the programme's waves as choices; `names`: the reader may read names somewhere in it."""
        super().__init__(*args, **kwargs)
        choices = [(str(wave.number), wave_name(wave)) for wave in waves]
        self.fields["wave"] = forms.ChoiceField(label=_("Wave"), required=False, choices=[ANY, *choices])
        if not names:
            self.fields.pop("owner")
        self.order_fields(FILTERS)

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data


class OwnerWishForm(forms.Form):
    """Who is to own the items."""

    owner = forms.CharField(
        label=_("New owner"),
        max_length=254,
        help_text=_("An email address or a name."),
        error_messages={"required": _("Enter the new owner")},
    )

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        return Wish(OWNER, owner=" ".join(self.cleaned_data["owner"].split()))

    @property
    def wish_words(self) -> str:
        """The same, as the check page says it."""
        return self.wish.owner


class DueWishForm(forms.Form):
    """By when the items are due."""

    due_on = day_field(
        _("New due date"), required=False, help_text=_("Leave empty to count it from the go-live date of each site.")
    )

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        return Wish(DUE, due_on=self.cleaned_data["due_on"])

    @property
    def wish_words(self) -> str:
        """The same, as the check page says it."""
        return day_words(self.wish.due_on) or gettext("Counted from the go-live date")


class StateWishForm(NoPatientData):
    """How the items stand."""

    state = forms.ChoiceField(
        label=_("New state"),
        choices=STATES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select the new state")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST,
        help_text=_("Needed where the items are blocked or do not apply."),
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """What is blocked and what does not apply says why."""
        said = super().clean() or {}
        if said.get("state") in WITH_REASON and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("Say why, so that others can help or agree"))
        return said

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        return Wish(STATE, state=ItemState(self.cleaned_data["state"]), reason=self.cleaned_data["reason"])

    @property
    def wish_words(self) -> str:
        """The same, as the check page says it."""
        state = dict(STATES)[self.wish.state]
        return f"{state}: {self.wish.reason}" if self.wish.reason else str(state)


WISHES: dict[str, Any] = {OWNER: OwnerWishForm, DUE: DueWishForm, STATE: StateWishForm}
