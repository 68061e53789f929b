"""What a kind of import is: the fields people match their columns to, and how its rows become rows of pack tables.

A kind derives and never writes. The engine (readiness.imports.engine) takes what it derived through the pack's own
staging, resolving, checking and merging, so that a rule of a record is kept once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.sheets import ColumnKind, Trouble
from rollout.models import Programme, User


@dataclass(frozen=True)
class Field:
    """What a column can be matched to. `aliases` are words of a header that propose it (folded: no case, no accents).

    `choices` are, for a CHOICE, what may stand in a cell and the code it means. A field that is `required` has to be
    matched to a column; whether a cell of it may be empty is the kind's and the engine's to say.
    """

    name: str
    label: Any
    kind: ColumnKind = ColumnKind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    hint: Any = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One row of the person's file: its number as a spreadsheet counts, and its values by field, in canonical text.

    Only matched fields have a value; "" is an empty cell. `unread` are fields whose cell could not be read: they have
    no value, the row is rejected whatever the kind derives from it, and it counts as standing in the list.
    """

    number: int
    values: Mapping[str, str]
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fate:
    """What a kind says of a row: `code` is "new", "changed", "same" or "rejected"; `words` are sentences for people.

    Of a row that is not rejected the engine has the last word on the code, since it knows what stands in the database;
    the words of the kind are shown. A row without a fate of the kind's gets the engine's: each value before and after.
    """

    code: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """Somebody or something that a whole list names no more: how it is called, and what will become of it."""

    label: str
    words: tuple[str, ...] = ()


Rows = list[tuple[int, dict[str, str]]]


@dataclass
class Derived:
    """What comes of the lines.

    `rows` holds, by file of the pack ("staff.csv"), the number of the line each row comes from and its cells, as the
    pack writes them. All rows of a file have the same columns, and the columns that name a row are among them. What
    comes of `missing[n]` carries the number -(n + 1). Rows of lines that turn out rejected are left out by the engine.

    `fates` are by number of line; `troubles` reject the line they name;
    `notes` are sentences about the whole file; `aloud` those that nobody may overlook.
    """

    rows: dict[str, Rows] = field(default_factory=dict)
    fates: dict[int, Fate] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    aloud: list[str] = field(default_factory=list)


class Options(forms.Form):
    """What a person chooses for one import of a kind. A kind with choices of its own derives its form from this one."""

    overwrite = forms.BooleanField(
        label=_("Take the file's values where somebody changed a record here since the last import"),
        required=False,
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"prefix": "option"}))
        self.programme = programme

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as JSON holds it: days as ISO dates. It is what `derive` is given."""
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in self.cleaned_data.items()
        }


class ImportKind(Protocol):
    """A kind of import. `code` stands in the database.

    `main` is the file of the pack whose new rows make a line new; any other new or changed row makes it changed.
    """

    code: str
    name: Any
    hint: Any
    main: str
    options: type[Options]

    @property
    def shown(self) -> tuple[str, ...]:
        """The fields by which people know a row."""
        ...

    @property
    def fields(self) -> tuple[Field, ...]:
        """What its columns can be matched to, in the order in which they are asked for."""
        ...

    def derive(
        self, lines: list[Line], *, programme: Programme, options: Mapping[str, Any], on: date, by: User
    ) -> Derived:
        """The rows that come of the lines, on the day `on`. Called in the import's transaction, where it may read.

        Given the same lines and the same records it says the same: a load is what was checked or is refused. Whatever
        lies outside the programme is unknown, in the words of what does not exist. Reads in a fixed number of queries.
        """
        ...
