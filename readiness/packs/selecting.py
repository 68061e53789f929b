"""SQL that writes the rows of a table as a pack writes them: names for ids, the order of the keys, one form a value."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from readiness.packs.resolving import is_record
from readiness.packs.spec import Column, Links, Reference, Table

# Which shared records belong to the programme's pack: its sites and every other that its records name, all staff
# posted there or named, and the organisations of them all. Each is a temporary table of ids.
MEMBERS = {
    "pack_sites": """
CREATE TEMP TABLE pack_sites ON COMMIT DROP AS
SELECT site_id AS id FROM rollout_deployment WHERE programme_id = %(programme)s
UNION SELECT site_id FROM rollout_seat WHERE programme_id = %(programme)s AND site_id IS NOT NULL
UNION SELECT site_id FROM training_trainingsession WHERE programme_id = %(programme)s AND site_id IS NOT NULL
UNION SELECT site_id FROM rollout_pilot WHERE programme_id = %(programme)s AND site_id IS NOT NULL
UNION SELECT site_id FROM rollout_lesson WHERE programme_id = %(programme)s AND site_id IS NOT NULL
UNION SELECT site_id FROM rollout_story WHERE programme_id = %(programme)s AND site_id IS NOT NULL
UNION SELECT site_id FROM rollout_otherchange WHERE programme_id = %(programme)s
UNION SELECT s.site_id FROM rollout_engagementevent_sites s
    JOIN rollout_engagementevent e ON e.id = s.engagementevent_id WHERE e.programme_id = %(programme)s
UNION SELECT w.site_id FROM rollout_ward w WHERE w.id IN (
    SELECT ward_id FROM training_championshift WHERE programme_id = %(programme)s
    UNION SELECT ward_id FROM training_accesscheck WHERE programme_id = %(programme)s
)
""",
    "pack_staff": """
CREATE TEMP TABLE pack_staff ON COMMIT DROP AS
SELECT p.staff_id AS id FROM training_posting p JOIN rollout_ward w ON w.id = p.ward_id
    WHERE w.site_id IN (SELECT id FROM pack_sites)
UNION SELECT a.staff_id FROM training_attendance a JOIN training_course c ON c.id = a.course_id
    WHERE c.programme_id = %(programme)s
UNION SELECT staff_id FROM training_champion WHERE programme_id = %(programme)s
UNION SELECT staff_id FROM training_championshift WHERE programme_id = %(programme)s
UNION SELECT staff_id FROM training_accesscheck WHERE programme_id = %(programme)s
""",
    "pack_organisations": """
CREATE TEMP TABLE pack_organisations ON COMMIT DROP AS
SELECT organisation_id AS id FROM rollout_site WHERE id IN (SELECT id FROM pack_sites)
UNION SELECT organisation_id FROM training_staffmember WHERE id IN (SELECT id FROM pack_staff)
UNION SELECT s.organisation_id FROM rollout_signature s JOIN rollout_agreement a ON a.id = s.agreement_id
    WHERE a.programme_id = %(programme)s
""",
    "pack_partners": """
CREATE TEMP TABLE pack_partners ON COMMIT DROP AS
SELECT partner_id AS id FROM rollout_commitment WHERE programme_id = %(programme)s
UNION SELECT partner_id FROM rollout_partnerassessment WHERE programme_id = %(programme)s
""",
}


def select_sql(table: Table) -> str:
    """The rows of the programme's pack: neither retired nor hanging on a retired record, in the order of their keys."""
    columns = ", ".join(f'{_written(table, column)} AS "{column.name}"' for column in table.columns)
    references = [reference for reference in table.all_references if reference.attr]
    joins = "\n".join(
        f"LEFT JOIN ({r.lookup.sql}) {r.name} ON {r.name}.id = t.{_column(table, r)} AND {r.name}.live"
        for r in references
    )
    live = [f"(t.{_column(table, r)} IS NULL OR {r.name}.id IS NOT NULL)" for r in references]
    where = " AND ".join([f"({scope(table)})", _not_retired(table), *live])
    order = ", ".join(_ordered(table, name) for name in table.key)
    return f"SELECT {columns}\nFROM {table.db_table} t\n{joins}\nWHERE {where}\nORDER BY {order}"


def standing_sql(table: Table, columns: Sequence[str], rows: str) -> str:
    """What stands now, as a pack writes it, in some columns of records: `rows` is SQL of (row, id) of each."""
    written = ", ".join(
        f'{_written(table, column)} AS "{column.name}"' for column in table.columns if column.name in columns
    )
    joins = "\n".join(
        f"LEFT JOIN ({r.lookup.sql}) {r.name} ON {r.name}.id = t.{_column(table, r)}"
        for r in table.all_references
        if r.attr
    )
    return f"SELECT n.row, {written}\nFROM ({rows}) n JOIN {table.db_table} t ON t.id = n.id\n{joins}\nORDER BY n.row"


def count_sql(table: Table) -> str:
    """How many rows of the programme stand, and how many are retired."""
    standing = _not_retired(table)
    return (
        f"SELECT count(*) FILTER (WHERE {standing}), count(*) FILTER (WHERE NOT ({standing}))"
        f" FROM {table.db_table} t WHERE {scope(table)}"
    )


def scope(table: Table) -> str:
    """SQL true of the rows `t` that a programme's pack holds."""
    if table.scope:
        return table.scope
    if table.in_programme:
        return "t.programme_id = %(programme)s"
    return "t.deployment_id IN (SELECT id FROM rollout_deployment WHERE programme_id = %(programme)s)"


def _not_retired(table: Table) -> str:
    return "t.retired_at IS NULL" if is_record(table.model) else "TRUE"


def _column(table: Table, reference: Reference) -> str:
    return f'"{table.field(reference.attr or "").column}"'


def _source(table: Table, name: str) -> str | None:
    """SQL of a column that names another record, from the first reference that has it."""
    for reference in table.all_references:
        if reference.attr and name in reference.columns:
            return f"{reference.name}.k{reference.columns.index(name) + 1}"
    return None


def _written(table: Table, column: Column) -> str:
    """SQL of a cell as it is written."""
    for links in table.links:
        if links.column == column.name:
            return _list(table, links)
    if named := _source(table, column.name):
        return named
    model_field: Any = table.field(column.attr or "")
    value = f't."{model_field.column}"'
    if column.attr == "due_on" and "due_default" in table.derived:
        return f"CASE WHEN t.due_default THEN 'default' ELSE {value}::text END"
    if isinstance(model_field, ArrayField):
        return f"NULLIF(array_to_string({value}, ';'), '')"
    if isinstance(model_field, models.CharField | models.TextField):
        return f"NULLIF({value}, '')"
    if isinstance(model_field, models.BooleanField):
        return f"CASE {value} WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END"
    if isinstance(model_field, models.DecimalField):
        return f"trim_scale({value})"
    if isinstance(model_field, models.TimeField):
        seconds = f"CASE WHEN extract(second FROM {value}) = 0 THEN 'HH24:MI' ELSE 'HH24:MI:SS' END"
        return f"to_char({value}::interval, {seconds})"
    return _moment(value, table) if isinstance(model_field, models.DateTimeField) else value


def _moment(value: str, table: Table) -> str:
    """SQL of a moment by the site's clock, with its offset."""
    zone = table.written_zone or table.zone
    local = f"({value} AT TIME ZONE {zone})"
    offset = f"({local} - ({value} AT TIME ZONE 'UTC'))"
    part = f"CASE WHEN date_trunc('second', {value}) = {value} THEN '' ELSE to_char({local}, '.US') END"
    sign = f"CASE WHEN {offset} < interval '0' THEN '-' ELSE '+' END"
    return (
        f"""to_char({local}, 'YYYY-MM-DD"T"HH24:MI:SS') || {part} || {sign}"""
        f" || to_char(GREATEST({offset}, -{offset}), 'HH24:MI')"
    )


def _list(table: Table, links: Links) -> str:
    model_field: Any = table.field(links.attr)
    through, parent = model_field.m2m_db_table(), model_field.m2m_column_name()
    name = f"l.k{links.lookup.parts}"
    return (
        f"""(SELECT string_agg({name}, ';' ORDER BY {name} COLLATE "C") FROM {through} x"""
        f" JOIN ({links.lookup.sql}) l ON l.id = x.{model_field.m2m_reverse_name()} AND l.live"
        f" WHERE x.{parent} = t.id)"
    )


def _ordered(table: Table, name: str) -> str:
    """SQL to sort by a column of the key: text by its letters' numbers, whatever language the server sorts in."""
    if named := _source(table, name):
        return f'{named} COLLATE "C"'
    attr = next(column.attr for column in table.columns if column.name == name)
    model_field: Any = table.field(attr or "")
    text = isinstance(model_field, models.CharField | models.TextField)
    return f't."{model_field.column}"{" COLLATE " + chr(34) + "C" + chr(34) if text else ""}'
