"""The forms of the log. Their fields are called like the names in an entry's body, so that a phone reads them too."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.patient_data import REASON, NoPatientData
from rollout.forms.places import choosing
from rollout.forms.records import choice_of, known_day, text_field, words_field
from rollout.templatetags.formats import clock
from training.choices import AccessReason, AttendanceState, EntryKind
from training.forms.attendance import Quiet, walk_ins_field
from training.models import Attendance, ShiftPattern
from training.services.access_checks import LONGEST_DEVICE
from training.services.shift_log import MOST_HELPED

OTHER = "other"
YES_NO = (("yes", _("Yes")), ("no", _("No")))
NOT_FOR_PATIENTS = _("Do not include patient details.")


class LogForm(OnceForm):
    """A form of the log. `body()` is what it says as an entry."""

    def body(self) -> dict[str, Any]:
        """What a valid form says, by the names of an entry's body; nothing that is empty."""
        said = {name: value for name, value in self.said.items() if value not in (None, "")}
        if given := self.data.get(REASON):
            said[REASON] = given
        return said


class MarkForm(LogForm):
    """One tap on a planned shift: worked, missed, confirmed, or put back as it was."""

    shift = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in (EntryKind.CONFIRMED, EntryKind.WORKED, EntryKind.MISSED, EntryKind.UNDO)],
        # The button that was pressed says it.
        widget=forms.HiddenInput,
    )

    def body(self) -> dict[str, Any]:
        """The shift alone: what it is marked as is the kind of the entry."""
        return {"shift": self.cleaned_data["shift"]}


class ShiftForm(NoPatientData, LogForm):
    """Another shift: when, who, how many were helped. `on` are today and yesterday as ISO dates, or another day."""

    on = choice_of(_("Date"), (), _("Select the day of the shift"))
    other_on = known_day(
        _("Which day"), missing=_("Enter a date like 2026-03-14"), help_text=_("The day on which the shift began.")
    )
    pattern = choice_of(_("Shift"), (), _("Select a shift"))
    starts = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput({"type": "time", "size": "5"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter a time like 07:30")),
    )
    ends = forms.TimeField(
        label=_("To"),
        widget=forms.TimeInput({"type": "time", "size": "5"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter a time like 07:30")),
    )
    next_day = forms.BooleanField(label=_("It ended the next day"), required=False)
    champion = forms.TypedChoiceField(
        label=_("Champion"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select a champion"), "invalid_choice": _("Select a champion")},
    )
    helped = forms.IntegerField(
        label=_("Staff helped"),
        required=False,
        min_value=0,
        max_value=MOST_HELPED,
        widget=forms.TextInput({"inputmode": "numeric", "size": "4", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a whole number from 0 to 999")),
    )
    notes = words_field(_("Notes"), rows=2, help_text=NOT_FOR_PATIENTS)

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        patterns: Sequence[tuple[ShiftPattern, str]],
        champions: Iterable[tuple[int, str]],
        **options: Any,
    ) -> None:
        """Offer the patterns, each with the programme where there are several, and the champions with their names."""
        super().__init__(data, **options)
        yesterday = today - timedelta(days=1)
        days = [(today.isoformat(), gettext("Today")), (yesterday.isoformat(), gettext("Yesterday"))]
        choosing(self, "on", [*days, (OTHER, gettext("Another day"))])
        self.codes = dict.fromkeys(code for _pattern, code in patterns)
        several = len(self.codes) > 1
        choosing(self, "pattern", [*pattern_choices(patterns, several), *other_times(self.codes)])
        choosing(self, "champion", champions)
        self.fields["on"].initial = self.fields["on"].initial or today.isoformat()

    def clean(self) -> dict[str, Any]:
        """Another day and other times are given in full. Where neither is chosen they are not shown, and not read."""
        said = super().clean() or {}
        asked = {"other_on"} if said.get("on") == OTHER else set()
        if str(said.get("pattern", "")).startswith(OTHER):
            asked |= {"starts", "ends"}
        for name in {"other_on", "starts", "ends"} - asked:
            self.errors.pop(name, None)
        return said

    def body(self) -> dict[str, Any]:
        """As an entry says it: a pattern, or times of its own."""
        said = super().body()
        other_on, starts, ends = (said.pop(name, None) for name in ("other_on", "starts", "ends"))
        next_day, pattern = said.pop("next_day", False), said.pop("pattern")
        said["on"] = other_on.isoformat() if said["on"] == OTHER else said["on"]
        if not pattern.startswith(OTHER):
            return {**said, "pattern": int(pattern)}
        code = pattern.partition(":")[2]
        times = {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}", "next_day": next_day}
        return {**said, **times, "programme": code}


def pattern_choices(patterns: Iterable[tuple[ShiftPattern, str]], several: bool) -> list[tuple[str, str]]:
    """ "Early, 7am to 3pm", and of which programme where there are several."""
    found = []
    for pattern, code in patterns:
        words = {"name": capfirst(pattern.name), "from": clock(pattern.starts), "to": clock(pattern.ends)}
        label = gettext("%(name)s, %(from)s to %(to)s") % words
        found.append((str(pattern.pk), f"{label} ({code})" if several else label))
    return found


def other_times(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The last choice, one for each programme."""
    codes = list(codes)
    label = pgettext("of a shift", "Other times")
    return [(f"{OTHER}:{code}", label if len(codes) == 1 else f"{label} ({code})") for code in codes]


class AccessForm(LogForm):
    """A colleague's try to log in: it worked, or why not."""

    staff = forms.TypedChoiceField(
        label=_("Colleague"),
        coerce=int,
        error_messages={"required": _("Select a colleague"), "invalid_choice": _("Select a colleague")},
    )
    passed = choice_of(_("Did the log-in work?"), YES_NO, _("Select whether the log-in worked"))
    reason = choice_of(_("If not, why not?"), AccessReason.choices, _("Select why it did not work"), required=False)
    device = text_field(_("Device"), LONGEST_DEVICE, help_text=_("What the ward calls it, such as Cart 3."))

    def __init__(self, data: Any = None, *, people: Iterable[tuple[Any, Any]], **options: Any) -> None:
        """Offer the people of the ward, in groups."""
        super().__init__(data, **options)
        choosing(self, "staff", [("", gettext("Select a colleague")), *people])

    def clean(self) -> dict[str, Any]:
        """What did not work has a reason."""
        said = super().clean() or {}
        if said.get("passed") == "no" and not said.get("reason"):
            self.add_error("reason", gettext("Select why the log-in did not work"))
        return said

    def body(self) -> dict[str, Any]:
        """As an entry says it."""
        said = super().body()
        return {**said, "passed": said["passed"] == "yes"}


class IssueForm(NoPatientData, LogForm):
    """Something that is wrong on a ward. Nothing else is asked: the back office does the rest."""

    words = words_field(_("What is wrong?"), missing=_("Say what is wrong"), help_text=NOT_FOR_PATIENTS)
    stops_work = choice_of(_("Does it stop work?"), YES_NO, _("Select whether it stops work"))

    def body(self) -> dict[str, Any]:
        """As an entry says it."""
        said = super().body()
        return {**said, "stops_work": said["stops_work"] == "yes"}


class SheetForm(LogForm):
    """Who came to a session: three radios for each person. What nobody chose stays as it was."""

    def __init__(self, data: Any = None, *, rows: Sequence[Attendance], assessed: bool, **options: Any) -> None:
        """One field a person, called after the member of staff; for an assessed course it says who passed."""
        super().__init__(data, **options)
        self.rows = rows
        choices = ASSESSED if assessed else ATTENDED
        for row in rows:
            self.fields[field_of(row)] = Quiet(
                label=row.staff.name or row.staff.number,
                choices=choices,
                initial=value_of(row, assessed),
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Select one of the three")},
            )
        self.fields["number"] = walk_ins_field()

    @property
    def people(self) -> list[forms.BoundField]:
        """The fields of the people, in the order of the sheet."""
        return [self[field_of(row)] for row in self.rows]

    def body(self) -> dict[str, Any]:
        """Those who were marked otherwise than before, and who came without a place."""
        people = []
        for row in self.rows:
            value = self.cleaned_data[field_of(row)]
            if not value or value == self.fields[field_of(row)].initial:
                continue
            state, passed = MEANS[value]
            people.append({"staff": row.staff_id, "state": str(state), "passed": passed, "was": row.state})
        walked_in = [{"number": number, "state": "attended"} for number in self.cleaned_data["number"]]
        return {"people": [*people, *walked_in]}


ATTENDED = (
    ("attended", _("Attended")),
    ("did_not_attend", _("Did not attend")),
    ("booked", _("Not known")),
)
ASSESSED = (("passed", _("Passed")), ("not_passed", _("Came, not passed")), ("did_not_attend", _("Did not attend")))
MEANS: Mapping[str, tuple[AttendanceState, bool | None]] = {
    "attended": (AttendanceState.ATTENDED, None),
    "passed": (AttendanceState.ATTENDED, True),
    "not_passed": (AttendanceState.ATTENDED, False),
    "did_not_attend": (AttendanceState.DID_NOT_ATTEND, None),
    "booked": (AttendanceState.BOOKED, None),
}


def field_of(row: Attendance) -> str:
    """The name of a person's field."""
    return f"staff_{row.staff_id}"


def value_of(row: Attendance, assessed: bool) -> str:
    """Which of the three stands now; "" for none of them."""
    if row.state == AttendanceState.ATTENDED and assessed:
        return {True: "passed", False: "not_passed"}.get(bool(row.passed), "") if row.passed is not None else ""
    return "" if assessed and row.state == AttendanceState.BOOKED else str(row.state)
