"""Statistics for the planner after a large import.

The database gathers them by itself within a minute or so, and for tables of less than fifty rows never; until then it
takes what was filled for empty, and the scoring that follows at once is planned fifty times slower.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from readiness.models import Checklist, ChecklistItem
from readiness.packs.report import ImportReport
from readiness.packs.spec import Table
from rollout.models import DeploymentWard

# With fewer rows changed in every file than this the statistics that are there still hold well enough.
WORTH_IT_ROWS = 1_000
# What an import fills beside the tables of its files.
ALSO = (Checklist, ChecklistItem, DeploymentWard)


def gather_statistics(cursor: CursorWrapper, report: ImportReport, tables: Iterable[Table]) -> None:
    """Gather the statistics of all tables of a pack, the smallest too, if an import changed many rows of any."""
    if max((fates.new + fates.changed for fates in report.fates.values()), default=0) < WORTH_IT_ROWS:
        return
    names = {table.db_table for table in tables} | {model._meta.db_table for model in ALSO}
    cursor.execute("SELECT readiness_gather_statistics(%s::regclass[])", [sorted(names)])
