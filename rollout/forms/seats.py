"""Filling a seat, handing it over, ending it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.people import person_field
from rollout.forms.records import RecordForm, known_day, text_field
from rollout.models import Seat
from rollout.services.seats import MARKED

LONGEST_WORD = 60
# The choice of a seat that is not in the list; no seat has it as its code.
OTHER = "+"
A_DAY = _("Enter a date like 2026-03-14")
PERSON = _("An email address or a name. With the address, the seat follows the person's log-in.")


def discipline_field() -> forms.CharField:
    """What somebody brings to the team."""
    return text_field(
        _("Discipline"),
        LONGEST_WORD,
        help_text=_("What the person brings, such as nursing, pharmacy or integration."),
    )


class SeatForm(OnceForm):
    """Who takes which seat, from when. The seat is one that is known here, or a new word."""

    role = forms.ChoiceField(
        label=_("Seat"), error_messages={"required": _("Select a seat"), "invalid_choice": _("Select a seat")}
    )
    other = text_field(
        _("Another seat"),
        LONGEST_WORD,
        help_text=_("Only if you selected “Another seat”, such as “Pharmacy lead”."),
    )
    person = person_field(_("Who takes it?"), missing=_("Enter an email address or a name"), help_text=PERSON)
    discipline = discipline_field()
    from_on = known_day(_("From"), missing=A_DAY)
    to_on = known_day(_("Until"), help_text=_("Leave empty if no end is agreed."))

    def __init__(self, data: Any = None, *, roles: Sequence[tuple[str, Any]], initial: dict[str, Any]) -> None:
        """Offer the seats that are known here: (code, words)."""
        super().__init__(data, initial=initial)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Select a seat")), *roles, (OTHER, _("Another seat"))]

    def clean(self) -> dict[str, Any]:
        """One seat is named, and the days are in order."""
        said = super().clean() or {}
        if said.get("role") == OTHER and not said.get("other") and "other" not in self.errors:
            self.add_error("other", gettext("Name the seat"))
        if said.get("from_on") and said.get("to_on") and said["to_on"] < said["from_on"]:
            self.add_error("to_on", gettext("The last day must not be before the first"))
        return said

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        said = self.said
        other = said.pop("other")
        return {**said, "role": other if said["role"] == OTHER else said["role"]}


class SeatChangeForm(RecordForm):
    """A change of who holds a seat."""

    marked = MARKED

    @classmethod
    def standing(cls, row: Seat) -> dict[str, Any]:
        """Nothing, unless a form below asks for it."""
        return {}


class HandOverForm(SeatChangeForm):
    """Who follows, from when."""

    person = person_field(
        _("Who takes the seat over?"), missing=_("Enter an email address or a name"), help_text=PERSON
    )
    discipline = discipline_field()
    from_on = known_day(_("From"), missing=A_DAY, help_text=_("Who holds it now does so until the day before."))

    @classmethod
    def standing(cls, row: Seat) -> dict[str, Any]:
        """The discipline stays, as a rule."""
        return {"discipline": str(row.discipline or "")}


class EndForm(SeatChangeForm):
    """The last day in the seat."""

    to_on = known_day(_("Last day"), missing=A_DAY)

    @classmethod
    def standing(cls, row: Seat) -> dict[str, Any]:
        """The last day that is agreed, if one is."""
        return {"to_on": row.to_on}
