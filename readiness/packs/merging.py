"""Writes resolved rows into the table they are for: what is new is added, what differs is changed, the rest untouched.

Before-images of changed rows and the ids of new ones are kept for the import's run, without names of people.
"""

from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.packs.checking import Look
from readiness.packs.report import Fates
from readiness.packs.resolving import CHANGED, Resolution, default_of, is_record, matches
from readiness.packs.spec import Links, Table
from readiness.packs.staging import Staged
from readiness.services.import_log import log_of_added


def merge(cursor: CursorWrapper, staged: Staged, look: Look, params: dict[str, Any]) -> Fates:
    """Merge the resolved rows; give what became of them. `params` hold the ids of the programme and the run."""
    resolution = Resolution(staged)
    if look.changed:
        _update(cursor, resolution, params)
    if look.new:
        _insert(cursor, resolution, params)
    if (look.new or look.changed) and resolution.linked():
        _link(cursor, resolution)
    same = look.rows - look.new - look.retired - look.changed
    return Fates(new=look.new, changed=look.changed, same=same, retired=look.retired)


def _update(cursor: CursorWrapper, resolution: Resolution, params: dict[str, Any]) -> None:
    table = resolution.table
    excluded = "{" + ",".join(table.excluded) + "}"
    lists = "".join(
        f""" || jsonb_build_object('{links.attr}', n."from_{links.attr}")""" for links in resolution.linked()
    )
    cursor.execute(
        'INSERT INTO rollout_importchange (run_id, "table", first_id, last_id, before)'
        f" SELECT %(run)s, '{table.db_table}', t.id, t.id, to_jsonb(t) - '{excluded}'::text[]{lists}"
        f" FROM {table.db_table} t JOIN {table.resolved} n ON n.id = t.id WHERE {CHANGED}",
        params,
    )
    present = [f for f in resolution.all_attrs() if f.name in resolution.filled and f.name not in table.identity]
    source = f"FROM {table.resolved} n WHERE n.id = t.id AND {CHANGED}"
    if cleared := [f'"{column}" = {sql}' for column, sql in table.cleared.items()]:
        cursor.execute(f"UPDATE {table.db_table} t SET {', '.join(cleared)} {source}")
    # A column that was cleared gets its value back even where the file lacks it.
    names = {f.column for f in present} | set(table.cleared)
    values = [f'"{f.column}" = n."{f.column}"' for f in resolution.all_attrs() if f.column in names]
    if is_record(table.model):
        values.append("edited_at = NULL")
    if resolution.revives:
        values += ["retired_at = NULL", "retired_by_id = NULL", "retired_reason = ''"]
    if values:
        cursor.execute(f"UPDATE {table.db_table} t SET {', '.join(values)} {source}")


def _insert(cursor: CursorWrapper, resolution: Resolution, params: dict[str, Any]) -> None:
    table = resolution.table
    filled = {f.column: f'n."{f.column}"' for f in resolution.all_attrs()}
    for model_field in table.model._meta.concrete_fields:
        # The database fills keys, generated columns and its own defaults; `edited_at` stays empty: an import wrote it.
        own = model_field.primary_key or model_field.generated or model_field.has_db_default()
        if not own and model_field.column not in filled and not model_field.null:
            filled[model_field.column] = default_of(model_field)
    if is_record(table.model):
        filled["edited_at"] = "NULL"
    columns = ", ".join(f'"{column}"' for column in filled)
    cursor.execute(
        f"WITH added AS (INSERT INTO {table.db_table} ({columns}) SELECT {', '.join(filled.values())}"
        f" FROM {table.resolved} n WHERE n.id IS NULL ORDER BY n.row RETURNING id) {log_of_added(table.db_table)}",
        params,
    )


def _link(cursor: CursorWrapper, resolution: Resolution) -> None:
    """Bring the lists of new and changed rows to what the file says."""
    table = resolution.table
    for links in resolution.linked():
        model_field: Any = table.field(links.attr)
        through, parent = model_field.m2m_db_table(), model_field.m2m_column_name()
        child = model_field.m2m_reverse_name()
        wanted = _wanted(table, links)
        cursor.execute(
            f"DELETE FROM {through} x USING {table.resolved} n WHERE x.{parent} = n.id AND {CHANGED}"
            f' AND x.{child} = ANY(n."from_{links.attr}") AND x.{child} <> ALL(n."to_{links.attr}")'
        )
        cursor.execute(
            f"INSERT INTO {through} ({parent}, {child}) SELECT w.parent, w.child FROM ({wanted}) w"
            f" WHERE NOT EXISTS (SELECT FROM {through} x WHERE x.{parent} = w.parent AND x.{child} = w.child)"
        )


def _wanted(table: Table, links: Links) -> str:
    """SQL of the pairs a list asks for, of rows that are new or changed."""
    return (
        f"""SELECT t.id AS parent, unnest(n."to_{links.attr}") AS child FROM {table.resolved} n"""
        f" JOIN {table.db_table} t ON {matches(table, 't', 'n')} WHERE n.id IS NULL OR ({CHANGED})"
    )
