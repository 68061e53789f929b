"""SQL that turns staged rows into rows as they will be: names become ids, missing columns keep what is there.

The result is a temporary table with, for each staged row: `row`, the `id` of the row it names already (or NULL),
whether that is `retired`, `edited` by hand since an import wrote it, or of a `foreign` programme; every field of the
model that the pack fills; `dangling`, the place of the first reference that leads nowhere; and `changed`, the columns
of the file whose value is new.
"""

from typing import Any

from django.db import models

from readiness.packs import lookups
from readiness.packs.spec import Links, Reference, Table
from readiness.packs.staging import Staged
from readiness.services.import_log import UNDONE_REASON

# People were sought, and made where they were missing, before the rows are resolved.
PEOPLE = "SELECT id, label AS k1 FROM pack_people"
# True of a resolved row that changes one that stands.
CHANGED = "n.id IS NOT NULL AND NOT n.retired AND n.changed <> '{}'"

# Stands among the changed columns of a row that comes back.
REVIVED = "retired_at"


def literal(value: Any) -> str:
    """A default of the model as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return "'{}'"
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def default_of(model_field: Any) -> str:
    """What a field holds where nobody says anything, as SQL."""
    return literal(model_field.get_default())


def matches(table: Table, left: str, right: str) -> str:
    """SQL true of two rows with the same identity; an empty part of it equals an empty part."""
    return " AND ".join(
        f"{_comparable(table, attr, left)} = {_comparable(table, attr, right)}" for attr in table.identity
    )


def _comparable(table: Table, attr: str, alias: str) -> str:
    model_field = table.field(attr)
    column = f'{alias}."{model_field.column}"'
    # As in the unique indexes over expressions.
    return f"COALESCE({column}, 0)" if model_field.null else column


class Resolution:
    """Builds the SQL of one table, for the columns that its file has."""

    def __init__(self, staged: Staged) -> None:
        self.staged = staged
        self.table = staged.table
        self.present = set(staged.columns)
        self.references = [r for r in self.table.all_references if self.present.issuperset(r.columns)]
        self.filled = self._filled()

    def _filled(self) -> dict[str, str]:
        """SQL of the new value of each field that the file fills, by the field's name."""
        filled = {attr: sql for attr, sql in self.table.derived.items() if self._derivable(attr)}
        if self.table.in_programme:
            filled["programme"] = "%(programme)s"
        for column in self.table.columns:
            if column.attr and column.name in self.present and not self.table.field(column.attr).many_to_many:
                filled[column.attr] = self._value(column.name)
        filled |= {r.attr: f"{r.name}.id" for r in self.references if r.attr}
        return filled

    def _derivable(self, attr: str) -> bool:
        # A field that follows from a column is left alone where the file lacks the column.
        return attr != "due_default" or "due" in self.present

    def _value(self, column: str) -> str:
        kinds = [suffix for suffix, _ in self.table.kinds[column].staged]
        if "_local" in kinds:
            return f'COALESCE(s."{column}", s."{column}_local" AT TIME ZONE {self.table.zone})'
        # The operators of arrays want both sides of one type.
        return f's."{column}"::varchar[]' if self.table.kinds[column].staged[0][1] == "text[]" else f's."{column}"'

    def local_columns(self) -> list[str]:
        """The columns of the file that may hold a local time."""
        return [
            name
            for name in self.table.kinds
            if name in self.present and any(suffix == "_local" for suffix, _ in self.table.kinds[name].staged)
        ]

    def all_attrs(self) -> list[Any]:
        """The model's fields that a pack fills, whether this file has their columns or not."""
        attrs = {column.attr for column in self.table.columns} | {r.attr for r in self.table.references}
        attrs |= set(self.table.derived)
        attrs |= {"programme"} if self.table.in_programme else set()
        concrete = self.table.model._meta.concrete_fields
        return [model_field for model_field in concrete if model_field.name in attrs]

    def sql(self) -> str:
        """The statement that makes the resolved table."""
        table = self.table
        record = is_record(table.model)
        selected = [
            "s.row",
            "t.id",
            f"{self._retired() if record else 'FALSE'} AS retired",
            f"{'t.id IS NOT NULL AND t.edited_at IS NOT NULL' if record else 'FALSE'} AS edited",
            f"t.id IS NOT NULL AND {table.foreign} AS foreign_row",
            f"{self._dangling()} AS dangling",
            f"{table.zone} AS zone" if self.local_columns() else "NULL::text AS zone",
        ]
        selected += [f'{self._new_value(model_field)} AS "{model_field.column}"' for model_field in self.all_attrs()]
        selected += [f'{self._misplaced(name)} AS "misplaced_{name}"' for name in self.local_columns()]
        selected += [part for links in self.linked() for part in self._links(links)]
        selected.append(f"{self._changed()} AS changed")
        joins = "\n".join(self._join(reference) for reference in self.references)
        return (
            f"CREATE TEMP TABLE {table.resolved} ON COMMIT DROP AS\nSELECT {', '.join(selected)}\n"
            f"FROM {table.staging} s\n{joins}\nLEFT JOIN {table.db_table} t ON {self._found()}"
        )

    def linked(self) -> list[Links]:
        """The lists of other records that the file has."""
        return [links for links in self.table.links if links.column in self.present]

    def _retired(self) -> str:
        """SQL true of a row that an import leaves alone, since somebody took it out."""
        retired = "t.retired_at IS NOT NULL"
        return f"{retired} AND t.retired_reason <> '{UNDONE_REASON}'" if self.revives else retired

    @property
    def revives(self) -> bool:
        """Whether what the undoing of an import took out comes back where the file has it again."""
        return self.staged.revive and is_record(self.table.model)

    def _join(self, reference: Reference) -> str:
        query = PEOPLE if reference.lookup is lookups.PERSON else reference.lookup.sql
        conditions = (
            f'{reference.name}.k{place} = s."{name}"{self._as_text(name)}'
            for place, name in enumerate(reference.columns, 1)
        )
        return f"LEFT JOIN ({query}) {reference.name} ON {' AND '.join(conditions)}"

    def _as_text(self, column: str) -> str:
        return "" if self.table.kinds[column].staged[0][1] == "text" else "::text"

    def _found(self) -> str:
        conditions = []
        for attr in self.table.identity:
            model_field = self.table.field(attr)
            old, new = f't."{model_field.column}"', self.filled[attr]
            if model_field.null:
                old, new = f"COALESCE({old}, 0)", f"COALESCE({new}, 0)"
            conditions.append(f"{old} = {new}")
        return " AND ".join(conditions)

    def _dangling(self) -> str:
        cases = [
            f'WHEN {reference.name}.id IS NULL AND s."{reference.columns[-1]}" IS NOT NULL THEN {place}'
            for place, reference in enumerate(self.references)
        ]
        return f"CASE {' '.join(cases)} END" if cases else "NULL::integer"

    def _new_value(self, model_field: Any) -> str:
        if model_field.name in self.filled:
            return self.filled[model_field.name]
        return f'CASE WHEN t.id IS NULL THEN {default_of(model_field)} ELSE t."{model_field.column}" END'

    def _misplaced(self, column: str) -> str:
        """SQL true of a local time that a clock change skips or repeats.

        The day before and the day after give the two offsets there could be; exactly one must fit.
        """
        local, zone = f's."{column}_local"', self.table.zone

        def offset(shift: str) -> str:
            moment = f"(({local} AT TIME ZONE z.zone) {shift} interval '1 day')"
            return f"(({moment} AT TIME ZONE z.zone) - ({moment} AT TIME ZONE 'UTC'))"

        def fits(shift: str) -> str:
            return f"(((({local} - o.{shift}) AT TIME ZONE 'UTC') AT TIME ZONE z.zone) = {local})"

        return (
            f"{local} IS NOT NULL AND (SELECT o.before <> o.after AND {fits('before')} = {fits('after')}"
            f" FROM (SELECT {zone} AS zone) z"
            f" CROSS JOIN LATERAL (SELECT {offset('-')} AS before, {offset('+')} AS after) o)"
        )

    def _links(self, links: Links) -> list[str]:
        """The ids a list names, those that stand now, and the names that lead nowhere."""
        model_field: Any = self.table.field(links.attr)
        through, parent = model_field.m2m_db_table(), model_field.m2m_column_name()
        child = model_field.m2m_reverse_name()
        given = f'unnest(s."{links.column}") g'
        named = [*(f's."{name}"' for name in links.within), "g"]
        same = " AND ".join(f"l.k{place} = {sql}" for place, sql in enumerate(named, 1))
        query = f"({links.lookup.sql}) l"
        wanted = f"SELECT DISTINCT l.id FROM {given} JOIN {query} ON {same} ORDER BY l.id"
        # Links to retired records are left alone: no pack speaks of them.
        standing = (
            f"SELECT DISTINCT l.id FROM {through} x JOIN {query} ON l.id = x.{child} AND l.live"
            f" WHERE x.{parent} = t.id ORDER BY l.id"
        )
        missing = f"SELECT g FROM {given} WHERE NOT EXISTS (SELECT FROM {query} WHERE {same})"
        return [
            f'ARRAY({wanted}) AS "to_{links.attr}"',
            f'ARRAY({standing}) AS "from_{links.attr}"',
            f'ARRAY({missing}) AS "missing_{links.attr}"',
        ]

    def _changed(self) -> str:
        columns = [
            f"""CASE WHEN t."{model_field.column}" IS DISTINCT FROM {self.filled[model_field.name]}"""
            f" THEN '{self.column_of(model_field.name)}' END"
            for model_field in self.all_attrs()
            if model_field.name in self.filled and model_field.name not in self.table.identity
        ]
        if self.revives:
            columns.append(
                f"CASE WHEN t.retired_at IS NOT NULL AND t.retired_reason = '{UNDONE_REASON}' THEN '{REVIVED}' END"
            )
        array = f"ARRAY[{', '.join(columns)}]" if columns else "ARRAY[]"
        return f"CASE WHEN t.id IS NOT NULL THEN array_remove({array}::text[], NULL) END"

    def column_of(self, attr: str) -> str:
        """The column of the file that fills a field."""
        for column in self.table.columns:
            if column.attr == attr:
                return column.name
        for reference in self.table.references:
            if reference.attr == attr:
                return reference.columns[-1]
        return "due" if attr == "due_default" else attr


def link_changes(staged: Staged) -> str:
    """SQL that adds the changed lists to `changed`, once the resolved table stands."""
    table = staged.table
    cases = [
        f"""CASE WHEN "to_{links.attr}" <> "from_{links.attr}" THEN '{links.column}' END"""
        for links in table.links
        if links.column in staged.columns
    ]
    return (
        f"UPDATE {table.resolved} SET changed = changed || array_remove(ARRAY[{', '.join(cases)}]::text[], NULL)"
        " WHERE id IS NOT NULL"
    )


def is_record(model: type[models.Model]) -> bool:
    """Whether rows of the model can be retired and remember a change made by hand."""
    return any(model_field.name == "retired_at" for model_field in model._meta.concrete_fields)
