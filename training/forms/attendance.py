"""The sheet of a session at a desk, and who came without a place."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.conflicts import Difference
from training.choices import AttendanceState
from training.models import Attendance
from training.services.attendance import PASSED_WORDS, Seen
from training.services.attendance_rows import said_of

# Employee numbers typed below a sheet; a whole list of them has a page of its own.
MOST_WALK_INS = 50
LONGEST_NUMBER = 40
STATES = (
    (AttendanceState.ATTENDED, _("Attended")),
    (AttendanceState.DID_NOT_ATTEND, _("Did not attend")),
    (AttendanceState.BOOKED, _("Not marked yet")),
)
WAITING = (AttendanceState.WAITING, _("On the waiting list"))
PASSED = (("yes", _("Passed")), ("no", _("Not passed")), ("unknown", _("Not known yet")))
MEANS_PASSED = {word: passed for passed, word in PASSED_WORDS.items()}
_BETWEEN = re.compile(r"[\s,;]+")


def numbers_in(text: str) -> list[str]:
    """The employee numbers of a text, each once, in their order; spaces, lines, commas and semicolons part them."""
    return list(dict.fromkeys(each for each in _BETWEEN.split(text) if each))


class NumbersField(forms.CharField):
    """Employee numbers, several with a space between. Gives a list, each number once."""

    widget = forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def clean(self, value: Any) -> Any:
        """The numbers. Raises ValidationError for one that is too long, and for too many."""
        numbers = numbers_in(super().clean(value))
        if len(numbers) > MOST_WALK_INS:
            words = ngettext("Enter at most %(n)s number", "Enter at most %(n)s numbers", MOST_WALK_INS)
            raise ValidationError(words % {"n": MOST_WALK_INS})
        if any(len(number) > LONGEST_NUMBER for number in numbers):
            raise ValidationError(gettext("An employee number has at most %(n)s characters") % {"n": LONGEST_NUMBER})
        return numbers


def walk_ins_field() -> NumbersField:
    """Who came and is not on the sheet."""
    return NumbersField(
        label=_("Somebody is here who is not on the list"),
        help_text=_("Their exact employee number. Several with a space between."),
        required=False,
        max_length=(LONGEST_NUMBER + 1) * MOST_WALK_INS,
    )


class Quiet(forms.ChoiceField):
    """What somebody did. Nothing may be chosen, and nothing is said of that: a sheet is filled bit by bit."""

    def validate(self, value: str) -> None:
        """Only what was chosen is looked at."""
        if value:
            super().validate(value)


class DeskSheetForm(forms.Form):
    """Who came to a session: three radios a person, and for an assessed course whether they passed.

    Each person's field has a hidden twin that says what stood there when the sheet was opened.
    """

    def __init__(self, data: Any = None, *, rows: Sequence[Attendance], assessed: bool) -> None:
        """One to three fields a person, called after the member of staff."""
        super().__init__(data)
        self.rows, self.assessed = rows, assessed
        for row in rows:
            self._add(row)
        self.fields["number"] = walk_ins_field()

    def _add(self, row: Attendance) -> None:
        name, waits = row.staff.name or row.staff.number, row.state == AttendanceState.WAITING
        self.fields[f"staff_{row.staff_id}"] = Quiet(
            label=name,
            choices=(*STATES[:2], WAITING) if waits else STATES,
            initial=row.state,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Select one of the three")},
        )
        if self.assessed:
            self.fields[f"passed_{row.staff_id}"] = Quiet(
                label=_("%(name)s: passed?") % {"name": name},
                choices=PASSED,
                initial=PASSED_WORDS[row.passed],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Select one of the three")},
            )
        self.fields[f"was_{row.staff_id}"] = forms.CharField(
            initial=stands(row), required=False, max_length=40, widget=forms.HiddenInput
        )

    def clean(self) -> dict[str, Any]:
        """Nobody passes who was not there."""
        said = super().clean() or {}
        for row in self.rows:
            passed, state = said.get(f"passed_{row.staff_id}"), said.get(f"staff_{row.staff_id}")
            # Whoever is changed to "did not attend" keeps the radio of before: that is no answer.
            typed = passed in ("yes", "no") and passed != PASSED_WORDS[row.passed]
            if typed and state != AttendanceState.ATTENDED:
                self.add_error(f"staff_{row.staff_id}", gettext("Select Attended for somebody who has a result"))
        return said

    @property
    def people(self) -> list[tuple[forms.BoundField, forms.BoundField | None, forms.BoundField]]:
        """The fields of each person, in the order of the sheet."""
        return [
            (
                self[f"staff_{row.staff_id}"],
                self[f"passed_{row.staff_id}"] if self.assessed else None,
                self[f"was_{row.staff_id}"],
            )
            for row in self.rows
        ]

    def seen(self) -> list[Seen]:
        """Those who were marked otherwise than the sheet showed, and who came without a place."""
        found = [seen for row in self.rows if (seen := self._seen(row)) is not None]
        walked_in = [Seen(0, AttendanceState.ATTENDED, number=number) for number in self.cleaned_data["number"]]
        return [*found, *walked_in]

    def _seen(self, row: Attendance) -> Seen | None:
        state = self.cleaned_data[f"staff_{row.staff_id}"]
        passed = MEANS_PASSED[self.cleaned_data.get(f"passed_{row.staff_id}") or "unknown"]
        was, _colon, was_passed = self.cleaned_data[f"was_{row.staff_id}"].partition(":")
        passed = passed if state == AttendanceState.ATTENDED else None
        same = (state, PASSED_WORDS[passed]) == (was, was_passed) or (state == was and not self.assessed)
        if not state or state == AttendanceState.WAITING or same:
            return None
        return Seen(row.staff_id, AttendanceState(state), passed, was, was_passed=was_passed)

    def differences(self, theirs: Sequence[Attendance]) -> list[Difference]:
        """Where somebody else marked a person otherwise meanwhile."""
        mine = {each.staff_id: each for each in self.seen()}
        names = {row.staff_id: row.staff.name or row.staff.number for row in self.rows}
        return [
            Difference(
                names.get(row.staff_id, ""),
                said_of(AttendanceState(row.state), row.passed),
                said_of(mine[row.staff_id].state, mine[row.staff_id].passed),
            )
            for row in theirs
        ]


def stands(row: Attendance) -> str:
    """What a row says, as its hidden twin keeps it."""
    return f"{row.state}:{PASSED_WORDS[row.passed]}"
