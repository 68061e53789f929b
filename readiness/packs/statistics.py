"""Statistics for the planner after a large import.

The database gathers them by itself within a minute or so; until then it takes the filled tables for empty ones, and
the scoring that follows at once is planned fifty times slower.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from readiness.models import ChecklistItem
from readiness.packs.report import ImportReport
from readiness.packs.spec import Table

# With fewer rows changed than this the statistics that are there still hold well enough.
WORTH_IT_ROWS = 1_000


def gather_statistics(cursor: CursorWrapper, report: ImportReport, tables: Iterable[Table]) -> None:
    """Gather the statistics of every table of which an import changed many rows, and of the checklists made with it."""
    written = {file: fates.new + fates.changed for file, fates in report.fates.items()}
    filled = [table.db_table for table in tables if written.get(table.file, 0) >= WORTH_IT_ROWS]
    if filled:
        cursor.execute("SELECT readiness_gather_statistics(%s::regclass[])", [[*filled, ChecklistItem._meta.db_table]])
