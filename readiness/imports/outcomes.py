"""What a worker writes down of an import: what it found, what it loaded, why nothing came of it."""

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from readiness.choices import FILE_IMPORT_WORK, FileImportState, LineFate
from readiness.imports.engine import Plan
from readiness.imports.reading import Read
from readiness.models import ColumnMapping, FileImport, FileImportLine, FileImportProblem
from rollout.audit import acting

# Of an import with more, the first are kept row by row; all are counted.
MOST_PROBLEMS = 20_000


class Withdrawn(Exception):
    """Somebody gave the import up, or asked for something else, while it was worked on."""


def end_work(file_import: FileImport, state: FileImportState, **values: object) -> None:
    """Write what came of the work, only if it is still what is asked for. Raises Withdrawn."""
    now = timezone.now()
    ended = None if state in (FileImportState.CHOSEN, FileImportState.CHECKED) else now
    asked = FileImport.objects.filter(pk=file_import.pk, state=file_import.state)
    if not asked.update(state=state, touched_at=now, ended_at=ended, **values):
        raise Withdrawn


def ask_for_dates(file_import: FileImport, fields: Sequence[str]) -> None:
    """Back to the columns: the cells of these fields do not say whether the day or the month comes first."""
    with acting(file_import.by, "import asks for the order of dates"):
        asked = {**file_import.day_first, **dict.fromkeys(fields)}
        told = gettext("Say how the dates in the file are written. It cannot be told from them.")
        end_work(file_import, FileImportState.CHOSEN, day_first=asked, told=told)


def note_check(file_import: FileImport, plan: Plan, read: Read, told: str) -> None:
    """Keep what a check found; `told` is what the person should know first."""
    told = " ".join(filter(None, (told, *plan.aloud)))
    with acting(file_import.by, "import checked"):
        counts = {**plan.counts, "doubtful": len(read.doubtful), "problems": len(plan.troubles)}
        end_work(file_import, FileImportState.CHECKED, counts=counts, digest=plan.digest, notes=plan.notes, told=told)
        _write_lines(file_import, plan, read)
        if len(plan.rejected) < len(plan.lines):
            _keep_matching(file_import)


def _keep_matching(file_import: FileImport) -> None:
    """For the next file of this kind: the header of each field. Not of one in which no row was good."""
    fields, headers = file_import.columns["fields"], file_import.columns["headers"]
    said = {"headers": {name: headers[place] for name, place in fields.items()}, "saved_at": timezone.now()}
    ColumnMapping.objects.update_or_create(programme=file_import.programme, kind=file_import.kind, defaults=said)


def note_load(file_import: FileImport) -> None:
    """Say that the import is loaded, by its run."""
    with acting(file_import.by, "import loaded"):
        end_work(file_import, FileImportState.LOADED, run=file_import.run, told="")


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


def fail(pk: int, told: str) -> None:
    """Say why nothing came of it. A failed undoing leaves the import loaded, to be undone again."""
    now = timezone.now()
    with acting(None, "import failed"):
        asked = FileImport.objects.filter(pk=pk)
        undoing = asked.filter(state=FileImportState.UNDOING)
        if not undoing.update(state=FileImportState.LOADED, told=told, ended_at=now, touched_at=now):
            asked.filter(state__in=FILE_IMPORT_WORK).update(
                state=FileImportState.FAILED, told=told, ended_at=now, touched_at=now
            )
