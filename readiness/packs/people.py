"""People and words: found, or made when a pack first names them, before its rows are resolved."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.packs.spec import VOCABULARIES
from readiness.packs.staging import Staged
from readiness.services.import_log import log_of_added

# First the person so written, then the one whose user has this address, then an address that differs in case alone.
FIND = """
UPDATE pack_people p SET id = COALESCE(
    (SELECT x.id FROM rollout_person x WHERE x.label = p.label),
    (SELECT min(x.id) FROM rollout_person x JOIN rollout_user u ON u.id = x.user_id
     WHERE lower(u.email) = lower(p.label)),
    (SELECT min(x.id) FROM rollout_person x WHERE lower(x.label) = lower(p.label) AND p.label LIKE '%@%')
)
WHERE p.id IS NULL
"""
MAKE = f"""
WITH added AS (
    INSERT INTO rollout_person (label, user_id)
    SELECT min(p.label), (SELECT u.id FROM rollout_user u WHERE lower(u.email) = lower(min(p.label)))
    FROM pack_people p
    WHERE p.id IS NULL
    GROUP BY CASE WHEN p.label LIKE '%%@%%' THEN lower(p.label) ELSE p.label END
    RETURNING id
), logged AS ({log_of_added("rollout_person")})
SELECT count(*) FROM added
"""


def find_people(cursor: CursorWrapper, staged: Staged, params: dict[str, Any]) -> int:
    """Make the people that the file names first; give how many. Repeats nothing for those the pack named before."""
    columns = staged.table.people_columns(staged.columns)
    if not columns:
        return 0
    named = " UNION ".join(
        f'SELECT "{name}" FROM {staged.table.staging} WHERE "{name}" IS NOT NULL' for name in columns
    )
    cursor.execute(f"INSERT INTO pack_people (label) {named} ON CONFLICT DO NOTHING")
    if not cursor.rowcount:
        return 0
    cursor.execute(FIND)
    cursor.execute(MAKE, params)
    made = cursor.fetchone()[0]
    if made:
        cursor.execute(FIND)
    return made


def find_words(cursor: CursorWrapper, staged: Staged, params: dict[str, Any]) -> dict[str, list[str]]:
    """Make the staff groups, seats and disciplines that the file names first; give their codes by vocabulary."""
    made: dict[str, list[str]] = {}
    for column, model, listed in staged.table.word_columns(staged.columns):
        table = model._meta.db_table
        value = f'unnest("{column}")' if listed else f'"{column}"'
        cursor.execute(
            f"WITH added AS (INSERT INTO {table} (code, name) SELECT DISTINCT w, '' FROM"
            f" (SELECT {value} AS w FROM {staged.table.staging}) x WHERE w IS NOT NULL"
            f" ON CONFLICT DO NOTHING RETURNING id, code), logged AS ({log_of_added(table)}) SELECT code FROM added",
            params,
        )
        made.setdefault(VOCABULARIES[model][1], []).extend(code for (code,) in cursor.fetchall())
    return {words: sorted(codes) for words, codes in made.items() if codes}
