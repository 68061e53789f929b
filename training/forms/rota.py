"""Planning a shift: which slot, who takes it; moving one; and the shift patterns that slots are made of."""

import types
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.records import RecordForm, choice_of, known_day, text_field
from rollout.models import Ward
from rollout.templatetags.formats import clock
from training.hours import Span, moment_at, span_of
from training.models import ChampionShift, ShiftPattern
from training.services.patterns import PATTERN
from training.services.rota import SHIFT
from training.services.rota_copy import CopyPlan

A_DAY = _("Enter a date like 2026-03-14")
MOST_CHAMPIONS = 50
LONGEST_REASON = 200
FARTHEST_COPY = 366


def pattern_words(pattern: ShiftPattern) -> str:
    """A pattern with its hours: "late (2:30pm to 10pm)"."""
    words = {"name": pattern.name, "from": clock(pattern.starts), "to": clock(pattern.ends)}
    return gettext("%(name)s (%(from)s to %(to)s)") % words


def one_of(label: Any, missing: Any, **options: Any) -> forms.TypedChoiceField:
    """A list of rows to choose one from, by id; the choices are given later."""
    errors = dict.fromkeys(("required", "invalid_choice"), missing)
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, error_messages=errors, **options)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field its choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class SlotForm(forms.Form):
    """A ward, a day and a shift pattern, as an address names them."""

    ward = one_of(_("Where"), _("Select where"))
    on = known_day(_("Day on which it begins"), missing=A_DAY)
    pattern = one_of(_("Shift"), _("Select a shift"))

    def __init__(
        self, data: Any = None, *, wards: Iterable[Ward], patterns: Iterable[ShiftPattern], zone: ZoneInfo
    ) -> None:
        """Offer these wards and patterns; the hours are by the clock of the zone."""
        super().__init__(data)
        self.wards = {ward.pk: ward for ward in wards}
        self.patterns = {pattern.pk: pattern for pattern in patterns}
        self.zone = zone
        offer(self, "ward", [("", _("Select where")), *((pk, ward.name) for pk, ward in self.wards.items())])
        offer(
            self, "pattern", [("", _("Select a shift")), *((pk, pattern_words(p)) for pk, p in self.patterns.items())]
        )

    @property
    def span(self) -> Span:
        """When the slot of a valid form is."""
        pattern = self.patterns[self.cleaned_data["pattern"]]
        return span_of(self.cleaned_data["on"], pattern.starts, pattern.ends, self.zone)


class FillForm(OnceForm):
    """Who takes a slot."""

    staff = forms.TypedChoiceField(
        label=_("Who takes it?"),
        help_text=_("Those of the area first, then those nearby; each with the fewest hours that week first."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a champion")),
    )

    def __init__(self, data: Any = None, *, people: Iterable[tuple[Any, Any]]) -> None:
        """Offer these champions: (id, words), or groups of them."""
        super().__init__(data)
        offer(self, "staff", people)


class DeclineForm(NoPatientData):
    """Why a champion cannot take a shift."""

    reason = text_field(
        _("Why?"),
        LONGEST_REASON,
        missing=_("Say in a few words why"),
        help_text=_("A few words, for example: on another shift. No need to say more about your health than “ill”."),
    )


class MoveForm(RecordForm, OnceForm):
    """Another ward, day or pattern for a shift."""

    marked = SHIFT

    ward = one_of(_("Where"), _("Select where"))
    on = known_day(_("Day on which it begins"), missing=A_DAY)
    pattern = one_of(_("Shift"), _("Select a shift"), required=False)

    def __init__(
        self,
        data: Any = None,
        row: Any = None,
        *,
        wards: Iterable[Ward],
        patterns: Iterable[ShiftPattern],
        zone: ZoneInfo,
        **options: Any,
    ) -> None:
        """Offer these wards and patterns; without a pattern the hours stay."""
        self.zone, self.patterns = zone, {pattern.pk: pattern for pattern in patterns}
        super().__init__(data, row, **options)
        words = {"from": clock(row.starts_at.astimezone(zone).time()), "to": clock(row.ends_at.astimezone(zone).time())}
        same = gettext("The same hours: %(from)s to %(to)s") % words
        offer(self, "ward", [(ward.pk, ward.name) for ward in wards])
        offer(self, "pattern", [("", same), *((pk, pattern_words(p)) for pk, p in self.patterns.items())])
        self.initial["on"] = row.starts_at.astimezone(zone).date()

    @classmethod
    def standing(cls, row: ChampionShift) -> dict[str, Any]:
        """Where it is planned."""
        return {"ward": row.ward_id}

    @property
    def span(self) -> Span:
        """When the shift of a valid form is to be."""
        said = self.cleaned_data
        pattern = self.patterns.get(said["pattern"])
        if pattern is not None:
            return span_of(said["on"], pattern.starts, pattern.ends, self.zone)
        starts, ends = self.row.starts_at.astimezone(self.zone), self.row.ends_at.astimezone(self.zone)
        days = ends.date() - starts.date()
        return Span(
            moment_at(said["on"], starts.time(), self.zone), moment_at(said["on"] + days, ends.time(), self.zone)
        )


class PatternFields(forms.Form):
    """What a shift is called, its hours, and how many champions it needs."""

    name = text_field(_("Name"), 40, missing=_("Enter a name"), help_text=_("Such as early, late or night."))
    starts = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter a time like 07:00")),
    )
    ends = forms.TimeField(
        label=_("To"),
        help_text=_("A shift that ends at or before its start ends the next day."),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter a time like 15:00")),
    )
    minimum = forms.IntegerField(
        label=_("Champions needed"),
        help_text=_("At least so many different champions on each ward, on each day of the first fortnight."),
        min_value=1,
        max_value=MOST_CHAMPIONS,
        initial=1,
        widget=forms.TextInput({"size": "3", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Enter a whole number from 1 to 50")
        ),
    )


class NewPatternForm(PatternFields, OnceForm):
    """A shift pattern that is not there yet."""


class PatternForm(PatternFields, RecordForm):
    """A shift pattern that is there."""

    marked = PATTERN


class ShiftFilters(forms.Form):
    """From which day on, on which ward, in the query string. A value that is none says so and filters nothing."""

    is_filter = True

    since = known_day(_("From"))
    ward = one_of(_("Where"), _("Select where"), required=False)

    def __init__(self, data: Any = None, *, wards: Iterable[Ward]) -> None:
        """Offer these wards."""
        super().__init__(data)
        offer(self, "ward", [("", _("All")), *((ward.pk, ward.name) for ward in wards)])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data


class CopyForm(forms.Form):
    """Which day or week is copied to which, as an address names them."""

    what = choice_of(
        _("What do you want to copy?"), (("day", _("One day")), ("week", _("Seven days"))), _("Select one")
    )
    from_on = known_day(_("The day, or the first of the seven"), missing=A_DAY)
    to_on = known_day(_("To the day, or to seven days from"), missing=A_DAY)
    ward = one_of(_("Where"), _("Select where"), required=False)

    DAYS = types.MappingProxyType({"day": 1, "week": 7})

    def __init__(self, data: Any = None, *, wards: Iterable[Ward]) -> None:
        """Offer these wards, one of them or all."""
        super().__init__(data)
        self.wards = {ward.pk: ward for ward in wards}
        offer(self, "ward", [("", _("Everywhere I keep the rota")), *((pk, w.name) for pk, w in self.wards.items())])

    def clean(self) -> dict[str, Any]:
        """Nothing is copied onto itself, nor far away by a slip of the pen."""
        said = super().clean() or {}
        first, to = said.get("from_on"), said.get("to_on")
        if first and to and first == to:
            self.add_error("to_on", gettext("Choose another day than the one that is copied"))
        elif first and to and abs((to - first).days) > FARTHEST_COPY:
            self.add_error("to_on", gettext("Choose a day within a year of the one that is copied"))
        return said

    def plan(self, programme_id: int, zone: ZoneInfo) -> CopyPlan:
        """What a valid form asks for."""
        said = self.cleaned_data
        wards = (self.wards[said["ward"]],) if said["ward"] else tuple(self.wards.values())
        return CopyPlan(programme_id, wards, zone, said["from_on"], said["to_on"], self.DAYS[said["what"]])


class CopyCheckForm(OnceForm):
    """The button of the check page, with the mark of what it shows."""

    mark = forms.RegexField(
        r"^[0-9a-f]{16}$",
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Open this page again: the form is not complete")),
    )
