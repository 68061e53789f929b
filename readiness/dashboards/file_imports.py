"""Imports as their pages show them: those of files and of packs in one list, the rows of one, and what is wrong."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import FILE_IMPORT_WORK, FileImportState, LineFate
from readiness.imports.registry import BY_CODE
from readiness.models import ColumnMapping, FileImport, FileImportProblem, FileImportProgress
from rollout.choices import ImportState
from rollout.downloads import Column, Table
from rollout.models import ImportRun, Programme
from rollout.templatetags.formats import count

COLOURS: dict[str, str] = {
    FileImportState.CHECKED: "yellow",
    FileImportState.LOADED: "green",
    FileImportState.FAILED: "orange",
    ImportState.REFUSED: "orange",
    **dict.fromkeys(FILE_IMPORT_WORK, "blue"),
}
FATE_COLOURS = {
    LineFate.NEW: "green",
    LineFate.CHANGED: "blue",
    LineFate.SAME: "grey",
    LineFate.REJECTED: "orange",
    LineFate.MISSING: "yellow",
}
STEPS = {"reading": _("Reading the file"), "deriving": _("Comparing the file with the records")}
MOST_CAUSES = 20
EXAMPLES = 5


@dataclass(frozen=True)
class Listed:
    """One import of the list. `href` is "" for a pack: it has no page."""

    name: str
    what: str
    state: str
    colour: str
    rows: str
    by: str
    at: datetime
    href_id: int | None


@dataclass(frozen=True)
class Cause:
    """Rows that are rejected for one reason in one column; `examples` are the first of them: (row, value)."""

    words: str
    column: str
    rows: int
    examples: list[tuple[int, str]]


def imports_of(programme: Programme, page: Any, per_page: int) -> tuple[Page, list[Listed]]:
    """A page of a programme's imports, newest first: of files, and of packs. Four queries."""
    files = FileImport.objects.filter(programme=programme)
    packs = ImportRun.objects.filter(programme=programme, file_import=None)
    both = [(*row, "file") for row in files.values_list("begun_at", "pk")]
    both += [(*row, "pack") for row in packs.values_list("started_at", "pk")]
    shown = Paginator(sorted(both, reverse=True), per_page).get_page(page)
    wanted = {which: [pk for _at, pk, each in shown.object_list if each == which] for which in ("file", "pack")}
    found = {("file", each.pk): _file(each) for each in files.filter(pk__in=wanted["file"]).select_related("by")}
    found |= {("pack", run.pk): _pack(run) for run in packs.filter(pk__in=wanted["pack"]).select_related("by")}
    return shown, [found[which, pk] for _at, pk, which in shown.object_list]


def _file(each: FileImport) -> Listed:
    kind = BY_CODE.get(each.kind)
    return Listed(
        each.name,
        str(kind.name) if kind else each.kind,
        str(each.get_state_display()),
        COLOURS.get(each.state, "grey"),
        rows_in_words(each.counts),
        str(each.by),
        each.begun_at,
        each.pk,
    )


def _pack(run: ImportRun) -> Listed:
    totals: dict[str, int] = {}
    for fates in run.fates.values():
        for fate, number in fates.items() if isinstance(fates, dict) else ():
            totals[fate] = totals.get(fate, 0) + number
    return Listed(
        run.source,
        gettext("Programme pack"),
        str(run.get_state_display()),
        COLOURS.get(run.state, "grey"),
        rows_in_words(totals),
        str(run.by) if run.by else gettext("From the command line"),
        run.started_at,
        None,
    )


def rows_in_words(counts: dict[str, Any]) -> str:
    """ "2 new, 3 changed, 40 same"; "" where nothing is known yet."""
    words = ((fate, label) for fate, label in LineFate.choices if counts.get(fate))
    return ", ".join(f"{count(counts[fate])} {str(label).lower()}" for fate, label in words)


def causes_of(file_import: FileImport) -> tuple[list[Cause], int]:
    """What is wrong, by cause, the most frequent first, and how many more causes there are. One query."""
    alike = [F("column"), F("words")]
    rows = (
        FileImportProblem.objects.filter(file_import=file_import)
        .annotate(
            place=Window(RowNumber(), partition_by=alike, order_by=[F("number"), F("pk")]),
            rows=Window(Count("pk"), partition_by=alike),
        )
        .filter(place__lte=EXAMPLES)
        .order_by("-rows", "column", "words", "number", "pk")
        .values_list("words", "column", "rows", "number", "value")[: MOST_CAUSES * EXAMPLES + 1]
    )
    found: dict[tuple[str, str], Cause] = {}
    for words, column, number_of_rows, number, value in rows:
        cause = found.setdefault((words, column), Cause(words.rstrip("."), column, number_of_rows, []))
        cause.examples.append((number, value))
    causes = list(found.values())
    return causes[:MOST_CAUSES], max(len(causes) - MOST_CAUSES, 0)


def progress_of(file_import: FileImport) -> FileImportProgress | None:
    """How far the worker is, as it said last."""
    return FileImportProgress.objects.filter(file_import=file_import).first()


def last_headers(file_import: FileImport) -> dict[str, str]:
    """The header that each field had in the last file of this kind in the programme."""
    of = ColumnMapping.objects.filter(programme=file_import.programme_id, kind=file_import.kind)
    return of.values_list("headers", flat=True).first() or {}


def last_order(file_import: FileImport) -> dict[str, bool]:
    """Whether the day came first in fields of the last file of this kind in the programme that had to be asked of."""
    alike = FileImport.objects.filter(programme=file_import.programme_id, kind=file_import.kind, run__isnull=False)
    answers = alike.exclude(pk=file_import.pk).exclude(day_first={}).order_by("-begun_at", "-pk")
    found = answers.values_list("day_first", flat=True).first() or {}
    return {name: first for name, first in found.items() if first is not None}


def mark_of(file_import: FileImport, progress: FileImportProgress | None) -> str:
    """Changes when what the page of an import under way shows does."""
    told = (file_import.state, progress and (progress.step, progress.done, progress.total))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def quarters_of(progress: FileImportProgress | None) -> int:
    """How many quarters of its step the worker has done, 0 to 3; each is announced once."""
    return min(4 * progress.done // progress.total, 3) if progress and progress.total else 0


def step_in_words(progress: FileImportProgress | None) -> str:
    """What the worker does."""
    if progress is None or not progress.step:
        return gettext("Waiting for its turn")
    return str(STEPS.get(progress.step, _("Going through the records")))


def rejected_table(file_import: FileImport) -> Table:
    """The rejected rows with their reasons, as the file has them, to be mended and imported again."""
    headers = file_import.columns.get("headers", [])
    lines = file_import.lines.filter(fate=LineFate.REJECTED, number__gt=0).order_by("number")
    rows = lines.values_list("number", "words", "cells")
    columns = [Column("row", _("Row"), "whole"), Column("reasons", _("What is wrong"))]
    columns += [
        Column(f"column_{place}", header or gettext("Column %(n)s") % {"n": place})
        for place, header in enumerate(headers, 1)
    ]
    wanted = len(headers)
    return Table(
        "rejected",
        gettext("Rejected rows"),
        columns,
        [(number, "; ".join(words), *(cells + [""] * wanted)[:wanted]) for number, words, cells in rows],
    )


def finding(counts: dict[str, Any]) -> str:
    """The sentence a check page opens with."""
    changes = sum(counts.get(fate, 0) for fate in (LineFate.NEW, LineFate.CHANGED, LineFate.MISSING))
    rejected = counts.get(LineFate.REJECTED, 0)
    if not changes and not rejected:
        return gettext("Nothing to change: every row is here already.")
    said = ngettext("%(n)s row would change something.", "%(n)s rows would change something.", changes)
    words = said % {"n": count(changes)} if changes else gettext("No row would change anything.")
    if rejected:
        more = ngettext("%(n)s row is rejected.", "%(n)s rows are rejected.", rejected) % {"n": count(rejected)}
        return f"{words} {more}"
    return words
