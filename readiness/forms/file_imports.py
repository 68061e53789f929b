"""The questions of the import wizard: which file, where its table stands, which column is what, whether to load."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.imports.books import SheetColumn, likely_sheet
from readiness.imports.kinds import ImportKind
from readiness.imports.registry import BY_CODE, KINDS
from readiness.models import FileImport
from readiness.sheets import ColumnKind, SheetRefused, Workbook, open_workbook
from rollout.forms.once import OnceForm
from rollout.forms.uploads import UploadForm
from rollout.uploads import harmless_name

SAMPLE_LENGTH = 24
LAST_ROW = 1_048_576
DATED = (ColumnKind.DATE, ColumnKind.MOMENT)


@dataclass(frozen=True)
class Sheet:
    """A file that can be read: its name, made harmless, and its bytes."""

    name: str
    content: bytes


class SheetFileField(forms.FileField):
    """A spreadsheet, known by its content; its value is a Sheet."""

    widget = forms.FileInput({"accept": ".csv,.xlsx"})
    default_error_messages: ClassVar[dict[str, Any]] = {"required": _("Choose a CSV or XLSX file")}

    def clean(self, data: Any, initial: Any = None) -> Sheet:
        """The file. Raises ValidationError with words that say what to send instead."""
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if getattr(data, "too_large", False):
            raise forms.ValidationError(gettext("The file is too large. Split it into smaller ones"), code="too_large")
        data.seek(0)
        name, content = harmless_name(data.name or ""), data.read()
        try:
            open_workbook(content, name)
        except SheetRefused as refusal:
            raise forms.ValidationError(str(refusal), code="refused") from refusal
        return Sheet(name, content)


class NewImportForm(UploadForm, OnceForm):
    """What is imported, and from which file."""

    kind = forms.ChoiceField(
        label=_("What is in the file?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what is in the file")},
    )
    file = SheetFileField(label=_("File"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [(each.code, f"{each.name}: {each.hint}") for each in KINDS]
        kind.initial = KINDS[0].code

    @property
    def said(self) -> dict[str, Any]:
        """What the form says, the file by its digest alone."""
        file = self.cleaned_data["file"]
        return {"kind": self.cleaned_data["kind"], "name": file.name, "sha256": sha256(file.content).hexdigest()}


class SheetForm(forms.Form):
    """Where the table stands: on which sheet, below which row of headings."""

    sheet = forms.ChoiceField(
        label=_("Sheet"), widget=forms.RadioSelect, error_messages={"required": _("Select a sheet")}
    )
    header_row = forms.IntegerField(
        label=_("Row of the headings"),
        help_text=_("Counted as the spreadsheet does. 0 if the table has none. Leave it empty to take what was found."),
        required=False,
        min_value=0,
        max_value=LAST_ROW,
        error_messages={"invalid": _("Enter a number of a row, like 1")},
    )

    def __init__(self, *args: Any, book: Workbook, row: FileImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = book
        sheet = self.fields["sheet"]
        if isinstance(sheet, forms.ChoiceField):
            sheet.choices = [(each.name, self._words(each)) for each in book.sheets]
        found = likely_sheet(book)
        sheet.initial = row.sheet or found.name
        self.fields["header_row"].initial = row.header_row if row.sheet else found.header_row

    @staticmethod
    def _words(sheet: Any) -> str:
        rows = ngettext("%(n)s row", "%(n)s rows", sheet.rows) % {"n": f"{sheet.rows:,}"}
        header = (
            gettext("headings in row %(n)s") % {"n": sheet.header_row} if sheet.header_row else gettext("no headings")
        )
        hidden = gettext("hidden") if sheet.hidden else ""
        return f"{sheet.name} ({', '.join(filter(None, (rows, header, hidden)))})"

    def clean(self) -> dict[str, Any]:
        """A row of headings that was left empty is the one that was found."""
        said = super().clean() or {}
        if said.get("header_row") is None and "header_row" not in self.errors:
            found = {each.name: each.header_row for each in self.book.sheets}
            said["header_row"] = found.get(said.get("sheet", ""), 0)
        return said


class ColumnsForm(forms.Form):
    """A column for each field of the kind, and how dates are written where the file does not tell."""

    def __init__(
        self,
        *args: Any,
        kind: ImportKind,
        columns: Sequence[SheetColumn],
        proposed: dict[str, int],
        asked: dict[str, bool | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **(kwargs | {"prefix": "column"}))
        self.kind = kind
        self.columns = columns
        choices = [("", gettext("Not in this file")), *((str(each.place), self._words(each)) for each in columns)]
        for each in kind.fields:
            self.fields[each.name] = forms.ChoiceField(
                label=each.label,
                help_text=each.hint,
                choices=choices,
                required=each.required,
                initial=str(proposed[each.name]) if each.name in proposed else "",
                error_messages={"required": gettext("Select the column that holds “%(what)s”") % {"what": each.label}},
            )
            if each.kind in DATED and each.name in asked:
                known = asked[each.name]
                self.fields[f"{each.name}_order"] = forms.ChoiceField(
                    label=gettext("How are the dates written? (%(label)s)") % {"label": each.label},
                    widget=forms.RadioSelect,
                    choices=[
                        ("day", gettext("Day first: 3/4/2026 is 3 April")),
                        ("month", gettext("Month first: 3/4/2026 is 4 March")),
                    ],
                    initial=None if known is None else "day" if known else "month",
                    error_messages={"required": gettext("Say whether the day or the month comes first")},
                )

    @staticmethod
    def _words(column: SheetColumn) -> str:
        samples = "; ".join(
            each if len(each) <= SAMPLE_LENGTH else f"{each[: SAMPLE_LENGTH - 1]}…" for each in column.samples
        )
        header = column.header or gettext("no heading")
        return f"{column.letter}: {header} ({samples})" if samples else f"{column.letter}: {header}"

    def clean(self) -> dict[str, Any]:
        """A column is matched once."""
        said = super().clean() or {}
        taken: dict[str, Any] = {}
        for each in self.kind.fields:
            place = said.get(each.name)
            if place and place in taken:
                words = gettext("This column is matched to “%(label)s” already. Select another one")
                self.add_error(each.name, words % {"label": taken[place]})
            elif place:
                taken[place] = each.label
        return said

    @property
    def matched(self) -> dict[str, int]:
        """The place of the column of each matched field."""
        said = {each.name: self.cleaned_data.get(each.name) for each in self.kind.fields}
        return {name: int(place) for name, place in said.items() if place}

    @property
    def day_first(self) -> dict[str, bool]:
        """What was said of the order of dates."""
        orders = {each.name: self.cleaned_data.get(f"{each.name}_order") for each in self.kind.fields}
        return {name: order == "day" for name, order in orders.items() if order}


class LoadForm(forms.Form):
    """Whether what was checked is loaded, and what becomes of rejected rows."""

    rows = forms.ChoiceField(
        label=_("If rows are rejected"),
        widget=forms.RadioSelect,
        choices=[
            ("all", _("Load nothing unless all rows are good")),
            ("good", _("Load good rows only, and leave out the others")),
        ],
        initial="all",
        error_messages={"required": _("Select what becomes of rejected rows")},
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    not_a_patient = forms.CharField(
        label=_("Why are these numbers not about patients?"),
        max_length=200,
        help_text=_("Some cells look like NHS numbers. A file may hold no patient data. Your reason is kept."),
        error_messages={"required": _("Say what the numbers are, or take them out of the file")},
    )

    def __init__(self, *args: Any, row: FileImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["digest"].initial = row.digest
        if not row.counts.get("doubtful"):
            del self.fields["not_a_patient"]
        if not row.counts.get("rejected"):
            self.fields["rows"].widget = forms.HiddenInput()


def kind_of(file_import: FileImport) -> ImportKind | None:
    """The kind of an import; None for one that there is no more."""
    return BY_CODE.get(file_import.kind)
