"""Planning people: how many of a role, where, from which week to which."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.records import RecordForm, known_day
from rollout.forms.seats import OTHER, SeatForm
from rollout.models import Deployment
from rollout.services.resources import MOST_WEEKS, WEEK, Planned, monday, plain
from rollout.templatetags.formats import day_range

MOST_PEOPLE = 9999
A_NUMBER = _("Enter a number of people, such as 2 or 0.5")


class PlaceChoice(forms.Form):
    """Whose plan is shown: the programme's own, or a site's."""

    is_filter = True

    site = forms.ChoiceField(label=_("Whose plan?"), required=False)

    def __init__(self, data: Any = None, *, deployments: Iterable[Deployment]) -> None:
        """Offer the sites of the programme by their codes."""
        super().__init__(data)
        field = self.fields["site"]
        if isinstance(field, forms.ChoiceField):
            named = [(deployment.site.code, deployment.site.name) for deployment in deployments]
            field.choices = [("", _("The programme itself")), *named]


class RoleChoice(forms.Form):
    """Which role is planned; goes along in the address."""

    role = SeatForm.base_fields["role"]
    other = SeatForm.base_fields["other"]

    def __init__(self, data: Any = None, *, roles: Sequence[tuple[str, Any]]) -> None:
        """Offer the seats that are known here."""
        super().__init__(data)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Select a seat")), *roles, (OTHER, _("Another seat"))]

    def clean(self) -> dict[str, Any]:
        """Another seat has a name."""
        said = super().clean() or {}
        if said.get("role") == OTHER and not said.get("other") and "other" not in self.errors:
            self.add_error("other", gettext("Name the seat"))
        return said

    @property
    def chosen(self) -> str:
        """The code or the new word, of a valid form."""
        return self.cleaned_data["other"] if self.cleaned_data["role"] == OTHER else self.cleaned_data["role"]


class PeopleForm(RecordForm):
    """How many people from which week to which. The row is what is planned so far."""

    first_on = known_day(_("From the week of"), missing=_("Enter a date like 2026-03-14"))
    last_on = known_day(_("To the week of"), missing=_("Enter a date like 2026-03-14"))
    people = forms.DecimalField(
        label=_("People needed"),
        min_value=Decimal(0),
        max_value=Decimal(MOST_PEOPLE),
        max_digits=5,
        decimal_places=1,
        help_text=_("In each of these weeks. 0 takes the need away."),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            A_NUMBER,
        ),
    )

    @classmethod
    def mark_now(cls, row: Planned) -> str:
        """The mark of it."""
        return row.mark

    @classmethod
    def standing(cls, row: Planned) -> dict[str, Any]:
        """What somebody else planned for the same weeks; nothing is proposed before."""
        return {"people": people_words(row.weeks)} if row.weeks else {}

    def clean(self) -> dict[str, Any]:
        """The weeks are in order, and not too many."""
        said = super().clean() or {}
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", gettext("The last week must not be before the first"))
        elif first and last and (monday(last) - monday(first)) / WEEK >= MOST_WEEKS:
            self.add_error("last_on", gettext("Plan 104 weeks at most"))
        return said


def people_words(weeks: Sequence[tuple[date, Decimal]]) -> str:
    """People by week, stretch by stretch: "2 from 4 May to 24 May 2026"."""
    parts = []
    for people, same in groupby(weeks, key=lambda each: each[1]):
        stretch = [week for week, _people in same]
        words = {"people": plain(people), "weeks": day_range(stretch[0], stretch[-1] + timedelta(days=6))}
        parts.append(gettext("%(people)s in the days %(weeks)s") % words)
    return "; ".join(parts)
