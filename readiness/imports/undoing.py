"""Undoes an import by what it kept: rows it added are taken out, rows it changed are put back as they were.

A row is touched only while it stands as the import left it. What was edited since, by hand or by a later import, stays
and is counted. Names of people are not among what an import keeps, so a changed name or address stays too.
"""

from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.packs.resolving import is_record
from readiness.packs.spec import Table
from readiness.packs.tables import TABLES
from readiness.services.import_log import UNDONE_REASON
from rollout.models import ImportRun, User

# Rows that a later import wrote too.
_LATER = """
SELECT generate_series(l.first_id, l.last_id) FROM rollout_importchange l
WHERE l."table" = %(table)s AND l.run_id > %(run)s
"""
# A row stands as the run left it where nobody has touched it since: neither by hand nor by a later import.
_STANDS = f"t.edited_at IS NULL AND t.id NOT IN ({_LATER})"
_TAKE_OUT = f"""
WITH added AS MATERIALIZED (
    SELECT t.id, {_STANDS} AS stands
    FROM (
        SELECT generate_series(c.first_id, c.last_id) AS id FROM rollout_importchange c
        WHERE c.run_id = %(run)s AND c."table" = %(table)s AND c.before IS NULL
    ) c
    JOIN {{table}} t ON t.id = c.id AND t.retired_at IS NULL
), gone AS (
    UPDATE {{table}} t SET retired_at = now(), retired_by_id = %(by)s, retired_reason = '{UNDONE_REASON}'
    FROM added a WHERE a.id = t.id AND a.stands RETURNING t.id
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM added WHERE NOT stands)
"""
_CHANGED = f"""
SELECT t.id, {_STANDS} AS stands, c.before FROM rollout_importchange c JOIN {{table}} t ON t.id = c.first_id
WHERE c.run_id = %(run)s AND c."table" = %(table)s AND c.before IS NOT NULL
"""
_PUT_BACK = """
WITH changed AS MATERIALIZED ({changed}), back AS (
    UPDATE {table} t SET {values}
    FROM changed a, LATERAL jsonb_populate_record(NULL::{table}, a.before) was
    WHERE a.id = t.id AND a.stands RETURNING t.id
)
SELECT (SELECT count(*) FROM back), (SELECT count(*) FROM changed WHERE NOT stands)
"""
_UNLINK = """
DELETE FROM {through} x USING ({changed}) a
WHERE x.{parent} = a.id AND a.stands AND a.before ? '{attr}' AND NOT a.before -> '{attr}' @> to_jsonb(x.{child})
"""
_LINK = """
INSERT INTO {through} ({parent}, {child})
SELECT a.id, w.child FROM ({changed}) a
CROSS JOIN LATERAL (SELECT jsonb_array_elements_text(a.before -> '{attr}')::bigint AS child) w
WHERE a.stands AND a.before ? '{attr}'
    AND NOT EXISTS (SELECT FROM {through} x WHERE x.{parent} = a.id AND x.{child} = w.child)
"""


def undo_run(cursor: CursorWrapper, *, run: ImportRun, by: User) -> dict[str, int]:
    """Undo what a run did, in its caller's transaction: rows taken out, rows put back, rows that stay as newer.

    The tables go in the reverse of the order in which they were loaded. Words, people and checklists stay.
    """
    counts = {"taken_out": 0, "put_back": 0, "newer": 0}
    cursor.execute('SELECT DISTINCT "table" FROM rollout_importchange WHERE run_id = %s', [run.pk])
    touched = {name for (name,) in cursor.fetchall()}
    cursor.execute("SELECT set_config('rollout.importing', 'on', true)")
    for table in reversed(TABLES):
        if table.db_table in touched and is_record(table.model):
            _undo_table(cursor, table, {"run": run.pk, "by": by.pk, "table": table.db_table}, counts)
    cursor.execute("SELECT set_config('rollout.importing', '', true)")
    return counts


def _undo_table(cursor: CursorWrapper, table: Table, params: dict[str, Any], counts: dict[str, int]) -> None:
    """Take out what was added, then put back what was changed, so that it finds its place free."""
    cursor.execute(_TAKE_OUT.format(table=table.db_table), params)
    gone, newer_added = cursor.fetchone()
    changed = _CHANGED.format(table=table.db_table)
    for links in table.links:
        model_field: Any = table.field(links.attr)
        names = {
            "through": model_field.m2m_db_table(),
            "parent": model_field.m2m_column_name(),
            "child": model_field.m2m_reverse_name(),
            "attr": links.attr,
            "changed": changed,
        }
        cursor.execute(_UNLINK.format(**names), params)
        cursor.execute(_LINK.format(**names), params)
    columns = [
        field.column
        for field in table.model._meta.concrete_fields
        if not field.primary_key and not field.generated and field.column not in table.excluded
    ]
    values = ", ".join(f'"{column}" = was."{column}"' for column in columns)
    cursor.execute(_PUT_BACK.format(table=table.db_table, changed=changed, values=values), params)
    back, newer_changed = cursor.fetchone()
    counts["taken_out"] += gone
    counts["put_back"] += back
    counts["newer"] += newer_added + newer_changed
