"""The language in which the pack's tables are described: columns, references, lists, checks.

A description says which column of a file fills which field of a model; kinds, lengths, choices and defaults come from
the model's field, so that a rule is kept once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from readiness.packs import cells, lookups
from readiness.packs.lookups import Lookup
from rollout.models import AUDITED, Discipline, Person, SeatRole, StaffGroup
from rollout.models.vocabulary import Vocabulary

WORD_LENGTH = 60
PERSON_LENGTH = 254

VOCABULARIES: dict[type[Vocabulary], tuple[Lookup, str]] = {
    StaffGroup: (lookups.STAFF_GROUP, "staff groups"),
    SeatRole: (lookups.SEAT_ROLE, "seats"),
    Discipline: (lookups.DISCIPLINE, "disciplines"),
}


@dataclass(frozen=True)
class Column:
    """A column of a file. `attr` is the model's field it fills; without one it only names something.

    `required` decides for columns without a field; for the others the field does. `low` and `high` bound a number.
    """

    name: str
    attr: str | None = None
    kind: cells.Kind | None = None
    low: int | None = None
    high: int | None = None
    required: bool = True


@dataclass(frozen=True)
class Reference:
    """Columns that together name a record, which fills the field `attr` (or none: it is only needed for its zone)."""

    attr: str | None
    lookup: Lookup
    columns: tuple[str, ...]
    alias: str = ""

    @property
    def name(self) -> str:
        """The name of the joined query."""
        return f"r_{self.alias or self.attr}"


@dataclass(frozen=True)
class Links:
    """A column that lists records of a many-to-many field; `within` are the columns that complete their names."""

    column: str
    attr: str
    lookup: Lookup
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """SQL that is true of a wrong (or, as a warning, odd) row: `n` is the row as it will be, `t` as it was.

    `words` say what is wrong with the columns.
    """

    columns: tuple[str, ...]
    wrong: str
    words: str


@dataclass(frozen=True)
class Table:
    """One file of the pack and the table it fills.

    `key` are the columns that name a row; `identity` the model's fields that do. `zone` is the SQL of the time zone of
    its local times. `foreign` is SQL that is true of an existing row `t` of another programme. `scope` is SQL true of
    the rows `t` of a programme's pack; by default those of the programme or of its deployments. `shared` is SQL true
    of a row `t` that another programme's pack holds too.
    """

    file: str
    model: type[models.Model]
    key: tuple[str, ...]
    identity: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()
    links: tuple[Links, ...] = ()
    checks: tuple[Check, ...] = ()
    warnings: tuple[Check, ...] = ()
    zone: str = "'Europe/London'"
    # Where `zone` needs what was read, the zone by which a moment is written.
    written_zone: str = ""
    foreign: str = "FALSE"
    scope: str = ""
    shared: str = ""
    # Columns cleared in changed rows before they get their new values, where a constraint looks across rows.
    cleared: dict[str, str] = field(default_factory=dict)
    # Fields that follow from the rest: SQL over the staged row `s` and the references.
    derived: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.file.removesuffix(".csv")

    @property
    def db_table(self) -> str:
        """The table of the database that the file fills."""
        return self.model._meta.db_table

    @property
    def staging(self) -> str:
        """The temporary table of the rows as they were read."""
        return f"pack_{self.name}_read"

    @property
    def resolved(self) -> str:
        """The temporary table of the rows as they will be, with the ids of what they name."""
        return f"pack_{self.name}"

    def field(self, attr: str) -> Any:
        """The model's field."""
        return self.model._meta.get_field(attr)

    @cached_property
    def kinds(self) -> dict[str, cells.Kind]:
        """How the cells of each column are read."""
        linked = {links.column for links in self.links}
        return {column.name: self._kind(column, listed=column.name in linked) for column in self.columns}

    @cached_property
    def empties(self) -> dict[str, str | None]:
        """What an empty cell of each column becomes, as COPY takes it; None: it may not be empty."""
        return {column.name: self._empty(column) for column in self.columns}

    @cached_property
    def all_references(self) -> tuple[Reference, ...]:
        """The references that are described, and those to people and words, which follow from the model."""
        implied = []
        for column in self.columns:
            if column.attr is None or not isinstance(self.field(column.attr), models.ForeignKey):
                continue
            target = self.field(column.attr).related_model
            lookup = lookups.PERSON if target is Person else VOCABULARIES[target][0]
            implied.append(Reference(column.attr, lookup, (column.name,)))
        return (*self.references, *implied)

    @cached_property
    def in_programme(self) -> bool:
        """Whether the model's rows say themselves which programme they belong to."""
        return any(field.name == "programme" for field in self.model._meta.concrete_fields)

    @cached_property
    def excluded(self) -> tuple[str, ...]:
        """Columns that could name a person, left out of before-images."""
        return AUDITED.get(self.model, ())

    def people_columns(self, present: Sequence[str]) -> list[str]:
        """The columns of the file that name a person."""
        return [r.columns[0] for r in self.all_references if r.lookup is lookups.PERSON and r.columns[0] in present]

    def word_columns(self, present: Sequence[str]) -> list[tuple[str, type[Vocabulary], bool]]:
        """The columns of the file that hold a word of a vocabulary, which one, and whether they list several."""
        by_lookup = {lookup: model for model, (lookup, _) in VOCABULARIES.items()}
        single = [(r.columns[0], by_lookup[r.lookup], False) for r in self.all_references if r.lookup in by_lookup]
        listed = [(links.column, by_lookup[links.lookup], True) for links in self.links if links.lookup in by_lookup]
        return [found for found in (*single, *listed) if found[0] in present]

    def _kind(self, column: Column, *, listed: bool) -> cells.Kind:
        if column.kind is not None:
            return column.kind
        if listed:
            words = any(links.column == column.name and links.lookup.file == "" for links in self.links)
            return cells.Items(cells.Text(WORD_LENGTH) if words else cells.Code())
        return cells.Code() if column.attr is None else _kind_of(self.field(column.attr), column)

    def _empty(self, column: Column) -> str | None:
        staged = self.kinds[column.name].staged
        null = "\t".join("false" if kind == "boolean" and at else cells.NULL for at, (_, kind) in enumerate(staged))
        if column.attr is None:
            return None if column.required else null
        model_field = self.field(column.attr)
        if isinstance(model_field, ArrayField) or model_field.many_to_many:
            return "{}"
        if model_field.null:
            return null
        if model_field.blank and isinstance(model_field, models.CharField | models.TextField):
            return ""
        if model_field.has_default():
            return cells.escaped(str(model_field.get_default()))
        return None


def _kind_of(model_field: Any, column: Column) -> cells.Kind:
    """The kind of cell that fills a field."""
    if isinstance(model_field, models.ForeignKey):
        return cells.Label(PERSON_LENGTH if model_field.related_model is Person else WORD_LENGTH)
    if isinstance(model_field, ArrayField):
        return cells.Items(cells.Text(model_field.base_field.max_length))
    if model_field.choices:
        return cells.Choice([value for value, _ in model_field.choices])
    if isinstance(model_field, models.CharField):
        return cells.Code() if model_field.name == "code" else cells.Text(model_field.max_length)
    if isinstance(model_field, models.IntegerField):
        low, high = connection.ops.integer_field_range(model_field.get_internal_type())
        return cells.Whole(low if column.low is None else column.low, high if column.high is None else column.high)
    if isinstance(model_field, models.DecimalField):
        return cells.Decimal(model_field.max_digits or 0, model_field.decimal_places or 0, column.low, column.high)
    simple: dict[type[models.Field], cells.Kind] = {
        models.TextField: cells.Text(free=True),
        models.BooleanField: cells.Flag(),
        models.DateTimeField: cells.Moment(),
        models.DateField: cells.Day(),
        models.TimeField: cells.Clock(),
        models.UUIDField: cells.Uuid(),
    }
    return next(kind for base, kind in simple.items() if isinstance(model_field, base))


def names(*columns: str) -> list[Column]:
    """Columns that only name something, each a code that may not be empty."""
    return [Column(column) for column in columns]


def fields(**attrs: str) -> list[Column]:
    """Columns that fill a field of another name; a trailing '_' spares a word that Python keeps for itself."""
    return [Column(column.rstrip("_"), attr) for column, attr in attrs.items()]


def same(*columns: str) -> list[Column]:
    """Columns that fill the field of the same name."""
    return [Column(column, column) for column in columns]


def before(last: str, first: str, last_attr: str = "", first_attr: str = "") -> Check:
    """An end that comes before its beginning."""
    return Check((last,), f'n."{last_attr or last}" < n."{first_attr or first}"', f"before {first}")
