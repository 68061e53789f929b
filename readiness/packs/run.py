"""What surrounds an import in the database: its settings, the lock that keeps imports apart, its log."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from readiness.packs.report import ImportReport
from rollout.choices import ImportState
from rollout.models import ImportRun, User

# Any two numbers of our own: imports wait for one another, nothing else does.
LOCK = (7_221, 1)
SOURCE_LENGTH = 255

_SETTINGS = """
SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true), set_config('work_mem', '64MB', true),
    set_config('datestyle', 'ISO', true), set_config('rollout.importing', 'on', true)
"""
_TABLES = """
CREATE TEMP TABLE pack_people (label text PRIMARY KEY, id bigint) ON COMMIT DROP;
CREATE TEMP TABLE pack_dropped (file text, key text) ON COMMIT DROP;
"""


def begin(cursor: CursorWrapper, *, source: str, by: User | None, waiting: Callable[[], None]) -> ImportRun:
    """Wait until no other import runs, then open this one. `waiting` is called once if there is one to wait for."""
    cursor.execute(_SETTINGS)
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK)
    if not cursor.fetchone()[0]:
        waiting()
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOCK)
    cursor.execute(_TABLES)
    return ImportRun.objects.create(source=source[:SOURCE_LENGTH], by=by)


def finish(
    cursor: CursorWrapper, run: ImportRun, report: ImportReport, *, programme_id: int, tables: list[str]
) -> None:
    """Close the log of a pack that was loaded, and what it needed only for itself."""
    run.programme_id = programme_id
    run.state = ImportState.LOADED
    run.ended_at = timezone.now()
    run.fates = {file: fates.as_dict() for file, fates in report.fates.items()}
    run.warnings = report.warnings
    run.save()
    # The transaction may be part of a larger one.
    cursor.execute("SELECT set_config('rollout.importing', '', true)")
    cursor.execute(f"DROP TABLE IF EXISTS pack_people, pack_dropped, {', '.join(tables)}")


def note_refusal(*, source: str, by: User | None, problems: int) -> None:
    """Remember that a pack was refused: how many problems, never what stood in its cells."""
    values: dict[str, Any] = {"source": source[:SOURCE_LENGTH], "by": by, "state": ImportState.REFUSED}
    ImportRun.objects.create(**values, ended_at=timezone.now(), fates={"problems": problems})


def database_words(error: DatabaseError) -> str:
    """What the database refused, without the row, which could name a person."""
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return (
        f"the database refused it by its rule {rule}" if rule else f"the database refused it ({type(error).__name__})"
    )
