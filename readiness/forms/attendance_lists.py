"""Lists of employee numbers: typed, pasted, or from a file; then shown with what becomes of each row."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.forms.file_imports import Sheet, SheetFileField
from readiness.imports.books import likely_sheet
from readiness.imports.kinds import Field
from readiness.imports.matching import propose
from readiness.sheets import Cell, ColumnKind, SheetRefused, open_workbook, read_column, read_rows
from rollout.forms.once import OnceForm
from rollout.forms.records import choice_of, known_day
from training.forms.attendance import PASSED, numbers_in
from training.services.attendance_lists import MOST_LINES, ListLine

LONGEST_TEXT = 200_000
RESULTS: Mapping[str, str] = {
    **dict.fromkeys(("yes", "y", "true", "1", "pass", "passed"), "true"),
    **dict.fromkeys(("no", "n", "false", "0", "fail", "failed", "not passed"), "false"),
}
FIELDS = (
    Field(
        "number",
        _("Employee number"),
        ColumnKind.CODE,
        required=True,
        aliases=("number", "staff number", "employee no", "assignment number", "payroll number", "employee id", "id"),
    ),
    Field(
        "on", _("Date"), ColumnKind.DATE, aliases=("day", "completed", "completed on", "completion date", "attended on")
    ),
    Field("passed", _("Passed"), ColumnKind.CHOICE, aliases=("result", "pass", "outcome"), choices=RESULTS),
)


class FileOfNumbers(SheetFileField):
    """A spreadsheet of employee numbers, or none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file; None where none was chosen."""
        return super().clean(data, initial) if data else None


class ListForm(forms.Form):
    """The numbers, or a file that has them; for a course without a session the day, for an assessed one the result."""

    numbers = forms.CharField(
        label=_("Employee numbers"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Type or paste them: one a line, or with spaces or commas between."),
    )
    file = FileOfNumbers(
        label=_("Or a file"),
        required=False,
        help_text=_(
            "CSV or XLSX, with a column “Employee number” and, if you have them, “Date” and “Passed”. It is read and "
            "not kept."
        ),
    )

    def __init__(
        self,
        *args: Any,
        dated: bool,
        assessed: bool,
        organisations: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:
        """`dated` asks for the day, `assessed` for the result; of several organisations one is asked for."""
        super().__init__(*args, **options)
        if len(organisations) > 1:
            words = _("Select whose employee numbers these are")
            self.fields["organisation"] = choice_of(_("Whose employee numbers are these?"), organisations, words)
        if dated:
            self.fields["on"] = known_day(
                _("Date"),
                missing=_("Enter a date like 2026-03-14"),
                help_text=_("For rows without a date of their own."),
            )
        if assessed:
            words = _("Select whether they passed")
            self.fields["passed"] = choice_of(_("Did they pass?"), PASSED, words, initial="unknown")
        self.lines: list[ListLine] = []

    def clean(self) -> dict[str, Any]:
        """One of the two, read into `lines`."""
        said = super().clean() or {}
        file, text = said.get("file"), said.get("numbers", "")
        if "file" in self.errors or "numbers" in self.errors:
            return said
        if file and text:
            self.add_error("file", gettext("Type numbers or choose a file, not both"))
        elif file:
            try:
                self.lines = lines_of(file)
            except (SheetRefused, ValidationError) as refusal:
                self.add_error("file", refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal))
        else:
            self.lines = [ListLine(row, number) for row, number in enumerate(numbers_in(text), 1)]
            if not self.lines:
                self.add_error("numbers", gettext("Enter at least one employee number, or choose a file"))
        return said


def lines_of(file: Sheet) -> list[ListLine]:
    """The rows of a file. Raises SheetRefused, and ValidationError where it is not plain what its columns are."""
    sheet = likely_sheet(open_workbook(file.content, file.name))
    if sheet.rows > MOST_LINES:
        raise ValidationError(gettext("A list has at most %(n)s rows. Split the file.") % {"n": f"{MOST_LINES:,}"})
    places = propose(FIELDS, sheet.columns, {})
    if "number" not in places and len(sheet.columns) > 1:
        raise ValidationError(gettext("Call the column with the employee numbers “Employee number”."))
    # A file of one column holds the numbers, whatever stands above them.
    places.setdefault("number", 0)
    rows = read_rows(file.content, file.name, sheet=sheet.name, header_row=sheet.header_row)
    read: dict[str, dict[int, str]] = {}
    for field in FIELDS:
        if field.name in places:
            place = places[field.name]
            cells: dict[int, Cell] = {row.number: row.cells[place] if place < len(row.cells) else "" for row in rows}
            read[field.name] = _column(field, cells)
    empty: dict[int, str] = {}
    return [
        ListLine(row.number, *(read.get(field.name, empty).get(row.number, "") for field in FIELDS)) for row in rows
    ]


def _column(field: Field, cells: Mapping[int, Cell]) -> dict[int, str]:
    """The cells as text; what cannot be read stays as it stands, and the row says so."""
    reading = read_column(field.kind, str(field.label), cells, choices=field.choices)
    if reading.asks:
        raise ValidationError(
            gettext("The dates could be read in two ways: write them like 2026-03-14, and choose the file again.")
        )
    return {**{each.row: each.value or "?" for each in reading.troubles}, **reading.values}


class ConfirmForm(OnceForm):
    """The list that was shown, on its way back: its rows, what was said of all of them, and a mark of their fates."""

    lines = forms.CharField(widget=forms.HiddenInput, max_length=4 * LONGEST_TEXT, strip=False)
    mark = forms.RegexField(r"^[0-9a-f]{16}$", widget=forms.HiddenInput)
    on = forms.DateField(widget=forms.HiddenInput, required=False)
    organisation = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)
    passed = forms.ChoiceField(choices=PASSED, widget=forms.HiddenInput, required=False)

    def clean_lines(self) -> list[ListLine]:
        """The rows. Raises ValidationError for what no page of ours has made."""
        try:
            rows = [ListLine(*row) for row in json.loads(self.cleaned_data["lines"])]
            good = all(
                type(row.row) is int and all(isinstance(cell, str) for cell in (row.number, row.on, row.passed))
                for row in rows
            )
        except (ValueError, TypeError, RecursionError):
            good, rows = False, []
        if not good or any("\0" in cell for row in rows for cell in (row.number, row.on, row.passed)):
            raise ValidationError(gettext("Enter the numbers again."))
        return rows


def packed(lines: Sequence[ListLine]) -> str:
    """Rows as a hidden field carries them."""
    return json.dumps([[line.row, line.number, line.on, line.passed] for line in lines])


def typed(lines: Sequence[ListLine]) -> str:
    """Rows as they are typed."""
    return "\n".join(line.number for line in lines)


def passed_of(said: Mapping[str, Any]) -> bool | None:
    """What was said of the result of all."""
    return {"yes": True, "no": False}.get(str(said.get("passed", "")))
