"""Exports a programme as a pack: the same records give the same bytes, and importing them back changes nothing."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from readiness.packs.scores import SCORES_SQL
from readiness.packs.selecting import MEMBERS, count_sql, select_sql
from readiness.packs.spec import Table
from readiness.packs.staging import Progress
from readiness.packs.tables import SCORES_FILE, TABLES
from readiness.packs.target import Target, open_target
from rollout.models import Programme

ALWAYS_LEFT_OUT = (
    "users, rights and what they chose for themselves",
    "uploaded files and comments",
    "frozen gate packs, board papers and situation reports",
    "drafts of the checklist template, and events of items that the template in force has no more",
    "baselines, readiness groups, plans and rotas",
)


class ProgrammeUnknown(Exception):
    """No programme has this code, or it is retired."""


@dataclass
class ExportReport:
    """How many rows each file got, and what was left out."""

    rows: dict[str, int] = field(default_factory=dict)
    retired: int = 0
    hanging: int = 0
    scores: bool = False

    def lines(self) -> list[str]:
        """The report in words, a line each."""
        lines = [f"{file}: {count:,} rows" for file, count in self.rows.items()]
        left_out = list(ALWAYS_LEFT_OUT)
        if not self.scores:
            left_out.append("scores (--scores writes them)")
        if self.retired:
            left_out.append(f"{self.retired:,} retired records")
        if self.hanging:
            left_out.append(f"{self.hanging:,} records that hang on retired ones")
        return [*lines, f"Left out: {'; '.join(left_out)}."]


def export_pack(
    code: str,
    path: str | Path,
    *,
    scores: bool = False,
    day: date | None = None,
    progress: Progress | None = None,
) -> ExportReport:
    """Write the programme's pack into the folder or .zip at `path`, which appears whole or not at all.

    `scores` adds the current scores, of one day or of all. `progress` is called with a file's name, the tables done and
    the tables there are. Raises ProgrammeUnknown, and FileExistsError where the path holds something else than a pack.
    """
    report = ExportReport(scores=scores)
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor, open_target(Path(path)) as target:
        if not nested:
            # One moment for all files, whatever is being saved meanwhile.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(
            "SELECT set_config('statement_timeout', '0', true), set_config('datestyle', 'ISO', true),"
            " set_config('idle_in_transaction_session_timeout', '0', true)"
        )
        programme = Programme.objects.filter(code=code, retired_at=None).values_list("pk", flat=True).first()
        if programme is None:
            raise ProgrammeUnknown(code)
        params: dict[str, Any] = {"programme": programme, "day": day}
        for sql in MEMBERS.values():
            cursor.execute(sql, params)
        for done, table in enumerate(TABLES):
            if progress:
                progress(table.file, done, len(TABLES))
            _write(cursor, target, table, params, report)
        if scores:
            report.rows[SCORES_FILE] = _copy(cursor, target, SCORES_FILE, SCORES_SQL, params)
        if progress:
            progress("", len(TABLES), len(TABLES))
        cursor.execute(f"DROP TABLE {', '.join(MEMBERS)}")
    return report


def _write(cursor: CursorWrapper, target: Target, table: Table, params: dict[str, Any], report: ExportReport) -> None:
    rows = _copy(cursor, target, table.file, select_sql(table), params)
    cursor.execute(count_sql(table), params)
    standing, retired = cursor.fetchone()
    report.rows[table.file] = rows
    report.retired += retired
    report.hanging += standing - rows


def _copy(cursor: CursorWrapper, target: Target, file: str, sql: str, params: dict[str, Any]) -> int:
    """Let the database write a file's CSV, a block at a time; give its rows."""
    with target.open(file) as part, cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, HEADER)", params) as copy:
        for block in copy:
            part.write(block)
    return cursor.rowcount
