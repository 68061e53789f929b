"""What a worker does with imports: check, load, undo. The row's state says which; lost and doubled messages do nothing.

A worker holds an import by an advisory lock of its session, so that it is free again as soon as the worker is gone.
Attempts are counted before the work begins, and stop at three.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from readiness.choices import FILE_IMPORT_WORK, FileImportState, LineFate
from readiness.imports.engine import Plan, carry_out
from readiness.imports.kinds import Derived, ImportKind
from readiness.imports.progress import telling
from readiness.imports.reading import Read, read_file
from readiness.imports.registry import BY_CODE
from readiness.imports.undoing import undo_run
from readiness.models import ColumnMapping, FileImport, FileImportLine, FileImportProblem
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
# Of an import with more, the first are kept row by row; all are counted.
MOST_PROBLEMS = 20_000
# Good rows may turn bad once others are left out; so often it is tried again without them.
PASSES = 3


class Busy(Exception):
    """Another import is being loaded: this one waits for its turn."""


class Withdrawn(Exception):
    """Somebody gave the import up, or asked for something else, while it was worked on."""


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
        _fail(pk, gettext("It was broken off three times. Try again later, or split the file."))
        return
    if not asked.update(attempts=F("attempts") + 1):
        return
    file_import = FileImport.objects.select_related("programme", "by", "run").get(pk=pk)
    if not manage_programme(file_import.by, file_import.programme):
        _fail(pk, gettext("Whoever asked for it manages this programme no more."))
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
        _fail(pk, str(refusal))
    except SoftTimeLimitExceeded:
        _fail(pk, gettext("It took too long. Split the file, and import the parts one after the other."))
    except (OperationalError, InterfaceError):
        # The database was away or busy, or somebody changed the same records: another attempt.
        raise
    except DatabaseError as error:
        _fail(
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
        _ask_for_dates(file_import, read.asks)
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
            _note_load(file_import)
            return
        if not loading or plan.digest != file_import.digest:
            told = (
                gettext("Records changed after the check, so nothing was loaded. Look at the new check.")
                if loading
                else ""
            )
            _note_check(file_import, plan, read, told)
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
            _note_load(file_import)
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


def _end(file_import: FileImport, state: FileImportState, **values: object) -> None:
    """Write what came of the work, only if it is still what is asked for. Raises Withdrawn."""
    now = timezone.now()
    ended = None if state in (FileImportState.CHOSEN, FileImportState.CHECKED) else now
    asked = FileImport.objects.filter(pk=file_import.pk, state=file_import.state)
    if not asked.update(state=state, touched_at=now, ended_at=ended, **values):
        raise Withdrawn


def _ask_for_dates(file_import: FileImport, fields: Sequence[str]) -> None:
    """Back to the columns: the cells of these fields do not say whether the day or the month comes first."""
    with acting(file_import.by, "import asks for the order of dates"):
        asked = {**file_import.day_first, **dict.fromkeys(fields)}
        told = gettext("Say how the dates in the file are written. It cannot be told from them.")
        _end(file_import, FileImportState.CHOSEN, day_first=asked, told=told)


def _note_check(file_import: FileImport, plan: Plan, read: Read, told: str) -> None:
    with acting(file_import.by, "import checked"):
        counts = {**plan.counts, "doubtful": len(read.doubtful), "problems": len(plan.troubles)}
        _end(file_import, FileImportState.CHECKED, counts=counts, digest=plan.digest, notes=plan.notes, told=told)
        _write_lines(file_import, plan, read)
        if len(plan.rejected) < len(plan.lines):
            _keep_matching(file_import)


def _keep_matching(file_import: FileImport) -> None:
    """For the next file of this kind: the header of each field. Not of one in which no row was good."""
    fields, headers = file_import.columns["fields"], file_import.columns["headers"]
    said = {"headers": {name: headers[place] for name, place in fields.items()}, "saved_at": timezone.now()}
    ColumnMapping.objects.update_or_create(programme=file_import.programme, kind=file_import.kind, defaults=said)


def _note_load(file_import: FileImport) -> None:
    with acting(file_import.by, "import loaded"):
        _end(file_import, FileImportState.LOADED, run=file_import.run, told="")


def _write_lines(file_import: FileImport, plan: Plan, read: Read) -> None:
    """Put what was found in the place of what an earlier check found."""
    for model in (FileImportLine, FileImportProblem):
        model.objects.filter(file_import=file_import)._raw_delete("default")
    with connection.cursor() as cursor:
        columns = "file_import_id, number, fate, label, words, cells"
        with cursor.copy(f"COPY readiness_fileimportline ({columns}) FROM STDIN") as copy:
            copy.set_types(["int8", "int4", "text", "text", "text[]", "text[]"])
            for line in plan.lines:
                cells = read.texts(line.number) if line.fate == LineFate.REJECTED else []
                copy.write_row((file_import.pk, line.number, line.fate, line.label, list(line.words), cells))
        columns = 'file_import_id, number, "column", value, words'
        with cursor.copy(f"COPY readiness_fileimportproblem ({columns}) FROM STDIN") as copy:
            for trouble in plan.troubles[:MOST_PROBLEMS]:
                copy.write_row((file_import.pk, trouble.row, trouble.column, trouble.value, trouble.words))


def _undo(file_import: FileImport) -> None:
    with _one_moment() as cursor:
        _take_turn(cursor)
        run = file_import.run
        if run is None:
            raise Refused(gettext("There is nothing to undo."))
        with acting(file_import.by, "import undone"):
            undone = undo_run(cursor, run=run, by=file_import.by)
            _end(file_import, FileImportState.UNDONE, undone=undone)
            ImportRun.objects.filter(pk=run.pk).update(state="undone", undone_at=timezone.now())


def _fail(pk: int, told: str) -> None:
    """Say why nothing came of it. A failed undoing leaves the import loaded, to be undone again."""
    now = timezone.now()
    with acting(None, "import failed"):
        asked = FileImport.objects.filter(pk=pk)
        undoing = asked.filter(state=FileImportState.UNDOING)
        if not undoing.update(state=FileImportState.LOADED, told=told, ended_at=now, touched_at=now):
            asked.filter(state__in=FILE_IMPORT_WORK).update(
                state=FileImportState.FAILED, told=told, ended_at=now, touched_at=now
            )
