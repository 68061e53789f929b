"""What a worker does with imports: check, load, undo. The row's state says which; lost and doubled messages do nothing.

A worker holds an import by an advisory lock of its session, so that it is free again as soon as the worker is gone.
Attempts are counted before the work begins, and stop at three.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from readiness.choices import FILE_IMPORT_WORK, FileImportState
from readiness.imports.engine import Plan, carry_out
from readiness.imports.kinds import Derived, ImportKind
from readiness.imports.outcomes import Withdrawn, ask_for_dates, end_work, fail, note_check, note_load
from readiness.imports.progress import telling
from readiness.imports.reading import Read, read_file
from readiness.imports.registry import BY_CODE
from readiness.imports.undoing import undo_run
from readiness.models import FileImport
from readiness.packs import run as runs
from readiness.packs.staging import Progress
from readiness.services.file_imports import content_of
from readiness.sheets import SheetRefused
from rollout.audit import acting
from rollout.models import ImportRun
from rollout.permissions import manage_programme
from rollout.services.refusals import Refused

logger = logging.getLogger(__name__)

ATTEMPTS = 3
# A number of our own: who works on which import.
WORK_LOCK = 7_223
# Good rows may turn bad once others are left out; so often it is tried again without them.
PASSES = 3


class Busy(Exception):
    """Another import is being loaded: this one waits for its turn."""


def work_on_next_import() -> bool | None:
    """Do what is asked of one import. True if there was one, False if none waits, None if others hold them all."""
    waiting = list(FileImport.objects.for_worker().values_list("pk", flat=True))
    for pk in waiting:
        with _held(pk) as ours:
            if ours:
                try:
                    work_on(pk)
                except Busy:
                    FileImport.objects.filter(pk=pk).update(attempts=F("attempts") - 1)
                    continue
                return True
    return None if waiting else False


def work_on(pk: int) -> None:
    """One attempt at one import. Raises Busy, and OperationalError where the database broke it off."""
    asked = FileImport.objects.filter(pk=pk, state__in=FILE_IMPORT_WORK)
    if asked.filter(attempts__gte=ATTEMPTS).exists():
        fail(pk, gettext("It was broken off three times. Try again later, or split the file."))
        return
    if not asked.update(attempts=F("attempts") + 1):
        return
    file_import = FileImport.objects.select_related("programme", "by", "run").get(pk=pk)
    if not manage_programme(file_import.by, file_import.programme):
        fail(pk, gettext("Whoever asked for it manages this programme no more."))
        return
    try:
        with telling(pk) as step:
            if file_import.state == FileImportState.UNDOING:
                _undo(file_import)
            else:
                _check_or_load(file_import, step)
    except Withdrawn:
        logger.info("import %s: withdrawn meanwhile", pk)
    except (SheetRefused, Refused) as refusal:
        fail(pk, str(refusal))
    except SoftTimeLimitExceeded:
        fail(pk, gettext("It took too long. Split the file, and import the parts one after the other."))
    except (OperationalError, InterfaceError):
        # The database was away or busy, or somebody changed the same records: another attempt.
        raise
    except DatabaseError as error:
        fail(
            pk,
            gettext("The database refused it: nothing was changed (%(rule)s).") % {"rule": runs.database_words(error)},
        )


def _check_or_load(file_import: FileImport, step: Progress) -> None:
    # Before a large file is read for nothing.
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn(cursor)
    kind = BY_CODE[file_import.kind]
    read = read_file(file_import, kind, content_of(file_import), step)
    if read.asks:
        ask_for_dates(file_import, read.asks)
        return
    loading = file_import.state == FileImportState.LOADING
    with _one_moment() as cursor:
        _take_turn(cursor)
        step("deriving", 0, 0)
        derived = kind.derive(
            read.lines,
            programme=file_import.programme,
            options=file_import.options,
            on=timezone.localdate(),
            by=file_import.by,
        )

        def stands(plan: Plan) -> bool:
            return loading and plan.digest == file_import.digest and not plan.rejected

        plan = _pass(cursor, file_import, kind, read, derived, frozenset(), step, stands)
        if stands(plan):
            note_load(file_import)
            return
        if not loading or plan.digest != file_import.digest:
            told = (
                gettext("Records changed after the check, so nothing was loaded. Look at the new check.")
                if loading
                else ""
            )
            note_check(file_import, plan, read, told)
            return
        _load_good_rows(cursor, file_import, kind, read, derived, plan.rejected, step)


def _load_good_rows(
    cursor: CursorWrapper,
    file_import: FileImport,
    kind: ImportKind,
    read: Read,
    derived: Derived,
    left_out: set[int],
    step: Progress,
) -> None:
    """Load what was checked. Lines that are rejected are left out whole, so none is loaded in part."""
    if not file_import.good_rows_only:
        raise Refused(gettext("Some rows are rejected, so nothing was loaded."))
    for _again in range(PASSES):

        def stands(plan: Plan, left_out: frozenset[int] = frozenset(left_out)) -> bool:
            return plan.rejected <= left_out

        plan = _pass(cursor, file_import, kind, read, derived, left_out, step, stands)
        if stands(plan):
            note_load(file_import)
            return
        left_out = left_out | plan.rejected
    raise Refused(gettext("Rows that were good need rows that are rejected. Mend the file, and choose it again."))


def _pass(
    cursor: CursorWrapper,
    file_import: FileImport,
    kind: ImportKind,
    read: Read,
    derived: Derived,
    left_out: Collection[int],
    step: Progress,
    stands: Callable[[Plan], bool],
) -> Plan:
    """Do it once; it is rolled back unless it `stands`."""
    save = transaction.savepoint()
    run = runs.begin(cursor, source=str(kind.name), by=file_import.by, waiting=_wait)
    plan = carry_out(
        cursor,
        file_import,
        kind=kind,
        read=read,
        derived=derived,
        run_id=run.pk,
        leave_out=left_out,
        progress=step,
    )
    if not stands(plan):
        transaction.savepoint_rollback(save)
        return plan
    run.mapping = {name: file_import.columns["headers"][at] for name, at in file_import.columns["fields"].items()}
    runs.finish(cursor, run, plan.report, programme_id=file_import.programme_id, tables=plan.tables)
    transaction.savepoint_commit(save)
    file_import.run = run
    return plan


def _wait() -> None:
    raise Busy


def _take_turn(cursor: CursorWrapper) -> None:
    """Take the lock that keeps imports apart, for the whole transaction. Raises Busy where another has it."""
    cursor.execute("SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),"
                   " set_config('idle_in_transaction_session_timeout', '0', true)")  # fmt: skip
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", runs.LOCK)
    if not cursor.fetchone()[0]:
        raise Busy


@contextmanager
def _one_moment() -> Iterator[CursorWrapper]:
    """A transaction that reads one moment of the database; a change meanwhile of what it writes breaks it off."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield cursor


@contextmanager
def _held(pk: int) -> Iterator[bool]:
    """Whether this worker may work on the import; until it has ended nobody else may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [WORK_LOCK, pk])
        ours = cursor.fetchone()[0]
    try:
        yield ours
    finally:
        if ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [WORK_LOCK, pk])


def _undo(file_import: FileImport) -> None:
    with _one_moment() as cursor:
        _take_turn(cursor)
        run = file_import.run
        if run is None:
            raise Refused(gettext("There is nothing to undo."))
        with acting(file_import.by, "import undone"):
            undone = undo_run(cursor, run=run, by=file_import.by)
            end_work(file_import, FileImportState.UNDONE, undone=undone)
            ImportRun.objects.filter(pk=run.pk).update(state="undone", undone_at=timezone.now())
