"""Imports of files, step by step: every change of one by a person, and how its contents are forgotten.

The work itself (checking, loading, undoing) is readiness.imports.work: a worker's, told by the state of the row.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from readiness.choices import FILE_IMPORT_ENDS, FILE_IMPORT_WORK, FileImportState, LineFate
from readiness.models import FileImport, FileImportLine, FileImportPart, FileImportProblem, FileImportProgress
from rollout.audit import acting
from rollout.models import User
from rollout.services.refusals import Refused

PART = 512 * 1024  # bytes
# States in which the file may be understood anew and checked again.
OPEN = (FileImportState.CHOSEN, FileImportState.CHECKED, FileImportState.FAILED)


def begin_import(*, programme_id: int, kind: str, name: str, content: bytes, by: User) -> FileImport:
    """Keep a file that is to be imported; its name is harmless already. The sheet and the columns come next."""
    with acting(by, "import begun"):
        begun = FileImport.objects.create(
            programme_id=programme_id,
            kind=kind,
            name=name,
            size=len(content),
            sha256=sha256(content).hexdigest(),
            by=by,
        )
        view = memoryview(content)
        for number, start in enumerate(range(0, len(content), PART)):
            FileImportPart.objects.create(file_import=begun, number=number, content=view[start : start + PART])
        return begun


def content_of(file_import: FileImport) -> bytes:
    """The bytes of the file. Raises Refused once they are forgotten."""
    parts = FileImportPart.objects.filter(file_import=file_import).order_by("number").values_list("content", flat=True)
    content = b"".join(bytes(part) for part in parts)
    if not content:
        raise Refused(gettext("The file was removed, since it may name people. Choose it again."))
    return content


def choose_sheet(*, import_id: int, sheet: str, header_row: int, by: User) -> FileImport:
    """Say where the table stands: the sheet, and the row of its header (0: none). What was matched is forgotten."""
    with acting(by, "sheet chosen"):
        held = hold(import_id, OPEN)
        if (held.sheet, held.header_row) != (sheet, header_row):
            held.columns, held.day_first = {}, {}
        held.sheet, held.header_row = sheet, header_row
        return put(held, FileImportState.CHOSEN)


def match_columns(
    *,
    import_id: int,
    fields: Mapping[str, int],
    headers: list[str],
    day_first: Mapping[str, bool],
    options: Mapping[str, Any],
    by: User,
) -> FileImport:
    """Say which column (its place from 0) fills which field, and have the file checked."""
    with acting(by, "columns matched"):
        held = hold(import_id, OPEN)
        held.columns = {"fields": dict(fields), "headers": headers}
        held.day_first, held.options = dict(day_first), dict(options)
        return put(held, FileImportState.CHECKING)


def check_again(*, import_id: int, by: User) -> FileImport:
    """Have a file checked once more as it was matched, since the records have changed or the last try failed."""
    with acting(by, "import checked again"):
        held = hold(import_id, (FileImportState.CHECKED, FileImportState.FAILED))
        if not held.columns:
            raise Refused(gettext("Match the columns first."))
        return put(held, FileImportState.CHECKING)


def ask_to_load(*, import_id: int, digest: str, good_rows_only: bool, by: User) -> FileImport:
    """Have what was checked loaded. `digest` is of the check that the person saw.

    Raises Refused where it was checked anew since, nothing would change, or rows are rejected and all must be good.
    """
    with acting(by, "import to be loaded"):
        held = hold(import_id, (FileImportState.CHECKED,))
        if held.digest != digest:
            raise Refused(
                gettext("The file was checked again meanwhile. Look at what would be done, and load it then.")
            )
        if not changes(held):
            raise Refused(gettext("There is nothing to load: no row would change anything."))
        if not good_rows_only and held.counts.get(LineFate.REJECTED):
            raise Refused(
                gettext("Some rows are rejected. Mend the file and choose it again, or load the good rows only.")
            )
        held.good_rows_only = good_rows_only
        return put(held, FileImportState.LOADING)


def ask_to_undo(*, import_id: int, by: User) -> FileImport:
    """Have an import undone that was loaded."""
    with acting(by, "import to be undone"):
        return put(hold(import_id, (FileImportState.LOADED,)), FileImportState.UNDOING)


def give_up(*, import_id: int, by: User) -> FileImport:
    """End an import of which nothing was loaded. Given up already is no matter."""
    with acting(by, "import given up"):
        held = hold(import_id, (*OPEN, FileImportState.CHECKING, FileImportState.GIVEN_UP))
        return held if held.state == FileImportState.GIVEN_UP else put(held, FileImportState.GIVEN_UP)


def changes(file_import: FileImport) -> int:
    """How many rows of a checked file would change something."""
    return sum(file_import.counts.get(fate, 0) for fate in (LineFate.NEW, LineFate.CHANGED, LineFate.MISSING))


def hold(import_id: int, states: Iterable[str]) -> FileImport:
    """The import, held until the transaction ends. Raises Refused where it is in no such state or its file is gone."""
    held = FileImport.objects.select_for_update(of=("self",), no_key=True).get(pk=import_id)
    if held.forgotten_at is not None and held.state != FileImportState.LOADED:
        raise Refused(gettext("The file was removed, since it may name people. Choose it again."))
    if held.state not in tuple(states):
        words = gettext("This import is %(state)s now. Open its page again.")
        raise Refused(words % {"state": held.get_state_display().lower()})
    return held


def put(held: FileImport, state: FileImportState) -> FileImport:
    """Write a held import with its new state."""
    now = timezone.now()
    held.state, held.touched_at, held.attempts, held.told = state, now, 0, ""
    held.ended_at = now if state in FILE_IMPORT_ENDS else None
    held.save()
    FileImportProgress.objects.filter(file_import=held)._raw_delete("default")
    return held


@transaction.atomic
def forget_file_imports() -> int:
    """Remove what may name people, of imports that ended 7 days ago or were left for 30; their counts stay."""
    now = timezone.now()
    due = FileImport.objects.to_forget().select_for_update(of=("self",), no_key=True, skip_locked=True)
    ids = list(due.values_list("pk", flat=True))
    for model in (FileImportPart, FileImportLine, FileImportProblem):
        model.objects.filter(file_import__in=ids)._raw_delete("default")
    with acting(None, "contents of an import removed"):
        kept = FileImport.objects.filter(pk__in=ids)
        kept.exclude(state__in=FILE_IMPORT_ENDS).update(state=FileImportState.GIVEN_UP, ended_at=now)
        kept.update(forgotten_at=now, sheet="", columns={}, notes=[], told="")
    return len(ids)


def waits_for_worker() -> bool:
    """Whether any import is the worker's turn."""
    return FileImport.objects.filter(state__in=FILE_IMPORT_WORK).exists()
