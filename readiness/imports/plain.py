"""A table of the pack as a kind of import: its fields are the table's columns, read as the pack reads them.

Fit for tables whose rows stand by themselves. Names of organisations and sites are sought within the programme.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.imports.kinds import Derived, Field, Line, Options
from readiness.packs import cells, lookups
from readiness.packs.spec import Column, Table
from readiness.sheets import ColumnKind, Trouble
from rollout.models import Organisation, Programme, Site, User

_READ_AS: tuple[tuple[type[cells.Kind], ColumnKind], ...] = (
    (cells.Code, ColumnKind.CODE),
    (cells.Flag, ColumnKind.FLAG),
    (cells.Whole, ColumnKind.NUMBER),
    (cells.Decimal, ColumnKind.NUMBER),
    (cells.Day, ColumnKind.DATE),
    (cells.Clock, ColumnKind.TIME),
    (cells.Moment, ColumnKind.MOMENT),
    (cells.Choice, ColumnKind.CHOICE),
)
_NAMES = {
    "wards": (_("Wards"), _("The wards of the programme's sites, with their names and specialties.")),
    "courses": (
        _("Courses"),
        _("The courses of the programme: for whom, how long they hold, whether they are assessed."),
    ),
}
_LISTED = _("Several are separated by “;”.")
# How people head such columns besides, alone or after the name of the record: "Ward no", "Course title".
_ALSO = {"code": ("no", "number", "id", "ref"), "name": ("title", "description")}


class PlainKind:
    """The kind of import that a table of the pack is."""

    options: type[Options] = Options

    def __init__(self, table: Table) -> None:
        self.table = table
        self.code = table.name
        self.main = table.file
        self.name, self.hint = _NAMES[table.name]
        self.shown = tuple(dict.fromkeys((*table.key, *(c.name for c in table.columns if c.name == "name"))))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """A field for each column; made when first asked, since the models have to be there."""
        return tuple(self._field(column) for column in self.table.columns)

    def _field(self, column: Column) -> Field:
        kind = self.table.kinds[column.name]
        model_field = self.table.field(column.attr) if column.attr else None
        read_as = next((mine for theirs, mine in _READ_AS if isinstance(kind, theirs)), ColumnKind.TEXT)
        choices = {}
        if isinstance(kind, cells.Choice):
            choices = {value: value for value in kind.values}
            choices |= {str(label): value for value, label in getattr(model_field, "flatchoices", ()) if value}
        record, also = str(self.table.model._meta.verbose_name), _ALSO.get(column.name, ())
        return Field(
            column.name,
            capfirst(str(model_field.verbose_name)) if model_field is not None else capfirst(column.name),
            read_as,
            required=column.name in self.table.key,
            aliases=(
                column.name,
                f"{record} {column.name}",
                f"{column.name} code",
                *(f"{record} {word}" for word in also),
                *also,
                *((record,) if also else ()),
            ),
            hint=_hint(kind),
            choices=choices,
        )

    def derive(
        self, lines: list[Line], *, programme: Programme, options: Mapping[str, Any], on: date, by: User
    ) -> Derived:
        """Each line is a row of the table. One query for each kind of place its columns name."""
        derived = Derived()
        known = self._places(programme)
        for line in lines:
            for column, places in known.items():
                code = line.values.get(column, "")
                if code and code not in places:
                    words = gettext("This programme has nothing with this code. Use the code of one of its places")
                    derived.troubles.append(Trouble(line.number, column, code, words))
        derived.rows[self.main] = [(line.number, dict(line.values)) for line in lines if not line.unread]
        return derived

    def _places(self, programme: Programme) -> dict[str, set[str]]:
        """The codes that a column may name, by column: of sites and organisations of the programme."""
        sites = programme.deployments.filter(retired_at=None).values("site")
        found: dict[str, set[str]] = {}
        for reference in self.table.references:
            # Whatever names a ward or a member of staff begins with the code of its site or organisation.
            if reference.lookup in (lookups.SITE, lookups.WARD):
                found[reference.columns[0]] = set(
                    Site.objects.filter(pk__in=sites, retired_at=None).values_list("code", flat=True)
                )
            elif reference.lookup in (lookups.ORGANISATION, lookups.STAFF):
                rows = Organisation.objects.filter(sites__in=sites, retired_at=None)
                found[reference.columns[0]] = set(rows.values_list("code", flat=True))
        return found


def _hint(kind: cells.Kind) -> str:
    """What may stand in the cells of a column, where its name does not tell."""
    if isinstance(kind, cells.Choice):
        return gettext("One of these: %(words)s.") % {"words": ", ".join(kind.values)}
    return str(_LISTED) if isinstance(kind, cells.Items) else ""
