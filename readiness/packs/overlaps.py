"""Shifts of one person that overlap: found before the database's own rule refuses the whole pack without a row."""

from django.db.backends.utils import CursorWrapper

from readiness.packs.findings import KEPT_A_FILE, Findings
from readiness.packs.report import Problem
from readiness.packs.spec import Table
from training.choices import LIVE_SHIFT_STATES

_LIVE = ", ".join(f"'{state.value}'" for state in LIVE_SHIFT_STATES)

# The file's live shifts as they will be, beside those of the same people that the file does not speak of.
_OVERLAPS = """
SELECT later.row, earlier.row, earlier.starts_at, count(*) OVER ()
FROM {resolved} later
JOIN LATERAL (
    SELECT n.row, n.starts_at FROM {resolved} n
    WHERE n.staff_id = later.staff_id AND n.row < later.row AND n.state IN ({live}) AND NOT n.retired
      AND n.starts_at < later.ends_at AND n.ends_at > later.starts_at
    UNION ALL
    SELECT NULL, t.starts_at FROM training_championshift t
    WHERE t.staff_id = later.staff_id AND t.state IN ({live}) AND t.retired_at IS NULL
      AND t.starts_at < later.ends_at AND t.ends_at > later.starts_at
      AND NOT EXISTS (SELECT FROM {resolved} n WHERE n.id = t.id)
) earlier ON TRUE
WHERE later.state IN ({live}) AND NOT later.retired
ORDER BY later.row, earlier.row
LIMIT {most}
"""


def check_overlaps(cursor: CursorWrapper, table: Table, findings: Findings) -> bool:
    """Note each live shift that overlaps another of the same person, in the file or in the database, and drop it.

    Gives whether there was one.
    """
    cursor.execute(f"CREATE INDEX ON {table.resolved} (staff_id, starts_at)")
    cursor.execute(f"ANALYZE {table.resolved}")
    cursor.execute(_OVERLAPS.format(resolved=table.resolved, live=_LIVE, most=KEPT_A_FILE))
    found = cursor.fetchall()
    if not found:
        return False
    cells = (("organisation", None), ("number", None), ("starts_at", None))
    problems = [
        Problem(
            table.file,
            f"overlaps the shift of the same person in row {other}"
            if other
            else f"overlaps a shift that this person has already, from {starts_at.isoformat()}",
            row,
            cells,
        )
        for row, other, starts_at, _ in found
    ]
    findings.add(*problems, unseen=found[0][3] - len(found))
    # The rest is only looked at for other faults: none of it will be kept.
    cursor.execute(f"DELETE FROM {table.resolved}")
    return True
