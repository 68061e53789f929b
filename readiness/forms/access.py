"""Log-in tests: the filters of who is left, and recording the tests that passed at a drill."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.access import Standing
from readiness.dashboards.access_people import EVERYBODY, PersonLine
from readiness.forms.sites import ANY
from rollout.forms.days import day_field
from rollout.forms.once import OnceForm
from rollout.models import Ward
from training.choices import AccessReason
from training.forms.rota import offer, one_of
from training.services.access_checks import LONGEST_DEVICE, MOST_AT_ONCE

STANDINGS = (("", _("Everybody who is left")), *Standing.choices, (EVERYBODY, _("Everybody")))


class PeopleFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    ward = forms.ChoiceField(label=_("Ward"), required=False)
    group = forms.ChoiceField(label=_("Staff group"), required=False)
    standing = forms.ChoiceField(label=_("How they stand"), required=False, choices=STANDINGS)
    reason = forms.ChoiceField(label=_("Why it failed"), required=False, choices=[ANY, *AccessReason.choices])

    def __init__(self, *args: Any, lines: Iterable[PersonLine], word: str, **kwargs: Any) -> None:
        """Offer the wards and staff groups of the people listed."""
        super().__init__(*args, **kwargs)
        found = list(lines)
        wards = sorted({(each.tested.ward, str(each.tested.ward_id)) for each in found})
        groups = sorted({(each.tested.group, each.tested.group_code) for each in found if each.tested.group_code})
        for name, label, values in (("ward", word.capitalize(), wards), ("group", _("Staff group"), groups)):
            choices = [ANY, *((value, shown) for shown, value in values)]
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)
        self.order_fields(("q", "ward", "group", "standing", "reason"))

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data


class DrillForm(OnceForm):
    """People of one ward who logged in on a device there. `seen` is the newest test that the page showed."""

    people = forms.TypedMultipleChoiceField(
        label=_("Who logged in?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Select who logged in"),
            "invalid_choice": _("Select people who are listed here"),
        },
    )
    device = forms.CharField(
        label=_("On which device?"),
        required=False,
        max_length=LONGEST_DEVICE,
        help_text=_("What the ward calls it, such as Cart 3."),
    )
    tested_on = day_field(_("When?"), help_text=_("For example, 2026-03-14. The last 30 days can be recorded."))
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, lines: Sequence[PersonLine], seen: int, today: date, **options: Any
    ) -> None:
        """Offer the people of the ward: those first who are still to log in there."""
        super().__init__(data, initial={"seen": seen, "tested_on": today, **options.pop("initial", {})}, **options)
        self.today, self.seen_now = today, seen
        order = sorted(lines, key=lambda line: line.standing is Standing.OWN)
        offer(self, "people", [(line.tested.staff_id, label_of(line)) for line in order])

    def clean_people(self) -> list[int]:
        """Not more than one form may record."""
        people: list[int] = self.cleaned_data["people"]
        if len(people) > MOST_AT_ONCE:
            raise forms.ValidationError(gettext("Select at most %(n)s people at once") % {"n": MOST_AT_ONCE})
        return sorted(set(people))

    def clean_seen(self) -> int:
        """A form without it saw nothing."""
        return self.cleaned_data["seen"] or 0

    def clean_device(self) -> str:
        """One line, without space around it."""
        return " ".join(self.cleaned_data["device"].split())

    def look_again(self) -> None:
        """Go on with the tests that stand now: the person has been told that somebody recorded one."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("seen")] = str(self.seen_now)
        self.data = data


def label_of(line: PersonLine) -> str:
    """Who it is, and how the latest test left them."""
    return f"{line.name} ({', '.join(each for each in (line.words, line.details) if each)})"


class WardForm(forms.Form):
    """Which ward the drill was on; in the query string."""

    ward = one_of(_("Where"), _("Select where"))

    def __init__(self, data: Any = None, *, wards: Iterable[Ward]) -> None:
        """Offer the wards that the reader keeps."""
        super().__init__(data)
        self.wards = {ward.pk: ward for ward in wards}
        offer(self, "ward", [("", gettext("Select where")), *((pk, ward.name) for pk, ward in self.wards.items())])
