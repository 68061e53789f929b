"""The checklist template of a pack: published the first time, a draft of the next version when it differs later."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.packs.checking import Look
from readiness.packs.report import Fates
from readiness.packs.resolving import Resolution
from readiness.packs.staging import Staged

_PUBLISHED = (
    "SELECT id, version FROM readiness_checklisttemplate WHERE programme_id = %(programme)s"
    " AND published_at IS NOT NULL AND retired_at IS NULL ORDER BY version DESC LIMIT 1"
)
_DRAFT = (
    "SELECT id, version, edited_at IS NOT NULL FROM readiness_checklisttemplate WHERE programme_id = %(programme)s"
    " AND published_at IS NULL AND retired_at IS NULL"
)
_NEW = (
    "INSERT INTO readiness_checklisttemplate (programme_id, version, edited_at, retired_reason)"
    " SELECT %(programme)s, COALESCE(max(version), 0) + 1, NULL, '' FROM readiness_checklisttemplate"
    " WHERE programme_id = %(programme)s RETURNING id, version"
)


class DraftEdited(Exception):
    """The draft of the template was changed in the browser since an import wrote it."""


def published_template(cursor: CursorWrapper, params: dict[str, Any]) -> int | None:
    """The id of the template in force."""
    cursor.execute(_PUBLISHED, params)
    found = cursor.fetchone()
    return found[0] if found else None


def merge_template(
    cursor: CursorWrapper, staged: Staged, look: Look, params: dict[str, Any], *, overwrite: bool
) -> tuple[Fates, str]:
    """Publish the staged items as version 1, or keep them as a draft where they differ from what is in force.

    Gives what became of the rows, and a sentence about a draft. Raises DraftEdited.
    """
    table = staged.table
    items = [f'"{model_field.column}"' for model_field in Resolution(staged).all_attrs()]
    items = [column for column in items if column != '"template_id"']
    columns = ", ".join(items)
    # What the pack asks for: its rows, and the items in force that it does not speak of.
    cursor.execute(
        f"CREATE TEMP TABLE pack_template_items ON COMMIT DROP AS SELECT {columns} FROM {table.resolved}"
        f" UNION ALL SELECT {columns} FROM readiness_templateitem t WHERE t.template_id = %(template)s"
        f" AND t.code NOT IN (SELECT code FROM {table.resolved})",
        params,
    )
    rows, new, changed = look.rows, look.new, look.changed
    if not rows or (params["template"] and not new and not changed):
        return Fates(same=rows), ""
    if not params["template"] and not (draft := _draft(cursor, params)):
        template, _ = _add(cursor, columns, params)
        cursor.execute("UPDATE readiness_checklisttemplate SET published_at = now() WHERE id = %s", [template])
        return Fates(new=rows), ""
    draft = _draft(cursor, params)
    if draft and _equal(cursor, columns, draft[0]):
        return Fates(same=rows), f"the same as the draft version {draft[1]}, which is not in force until published"
    if draft and draft[2] and not overwrite:
        raise DraftEdited
    if draft:
        _replace(cursor, columns, draft[0], params)
        version = draft[1]
    else:
        _, version = _add(cursor, columns, params)
    words = f"differs from the template in force: kept as draft version {version} until somebody publishes it"
    return Fates(new=new, changed=changed, same=rows - new - changed), words


def _draft(cursor: CursorWrapper, params: dict[str, Any]) -> tuple[int, int, bool] | None:
    cursor.execute(_DRAFT, params)
    return cursor.fetchone()


def _equal(cursor: CursorWrapper, columns: str, draft: int) -> bool:
    items = f"SELECT {columns} FROM readiness_templateitem WHERE template_id = %(draft)s"
    wanted = f"SELECT {columns} FROM pack_template_items"
    cursor.execute(f"SELECT EXISTS (({items} EXCEPT {wanted}) UNION ALL ({wanted} EXCEPT {items}))", {"draft": draft})
    return not cursor.fetchone()[0]


def _add(cursor: CursorWrapper, columns: str, params: dict[str, Any]) -> tuple[int, int]:
    cursor.execute(_NEW, params)
    template, version = cursor.fetchone()
    _log(cursor, params, "readiness_checklisttemplate", template, template)
    _fill(cursor, columns, template, params)
    return template, version


def _fill(cursor: CursorWrapper, columns: str, template: int, params: dict[str, Any]) -> None:
    cursor.execute(
        f"INSERT INTO readiness_templateitem (template_id, {columns}) SELECT %s, {columns} FROM pack_template_items"
        " ORDER BY code",
        [template],
    )
    cursor.execute("SELECT min(id), max(id) FROM readiness_templateitem WHERE template_id = %s", [template])
    _log(cursor, params, "readiness_templateitem", *cursor.fetchone())


def _replace(cursor: CursorWrapper, columns: str, draft: int, params: dict[str, Any]) -> None:
    """A draft is work in hand: its items give way to the pack's; what they were is kept for the run."""
    cursor.execute(
        'INSERT INTO rollout_importchange (run_id, "table", first_id, last_id, before)'
        " SELECT %(run)s, 'readiness_templateitem', t.id, t.id, to_jsonb(t) FROM readiness_templateitem t"
        " WHERE t.template_id = %(draft)s",
        params | {"draft": draft},
    )
    cursor.execute("DELETE FROM readiness_templateitem WHERE template_id = %s", [draft])
    cursor.execute("UPDATE readiness_checklisttemplate SET edited_at = NULL WHERE id = %s", [draft])
    _fill(cursor, columns, draft, params)


def _log(cursor: CursorWrapper, params: dict[str, Any], table: str, first: int, last: int) -> None:
    cursor.execute(
        'INSERT INTO rollout_importchange (run_id, "table", first_id, last_id) VALUES (%s, %s, %s, %s)',
        [params["run"], table, first, last],
    )
