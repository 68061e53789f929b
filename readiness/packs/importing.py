"""Imports a programme pack: read every file, then merge table after table, all in one transaction or not at all."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from readiness.packs import run as runs
from readiness.packs.checking import Checker, Look
from readiness.packs.encodings import ENCODINGS, NOT_UTF_8, UTF_8, encoding_of, explain_bytes
from readiness.packs.findings import Findings
from readiness.packs.merging import merge
from readiness.packs.noticing import notice_programme, notice_rows
from readiness.packs.overlaps import check_overlaps
from readiness.packs.people import find_people, find_words
from readiness.packs.reader import wanted_cells
from readiness.packs.report import Fates, ImportReport, PackRefused, Problem
from readiness.packs.resolving import Resolution, link_changes
from readiness.packs.source import Part, open_pack
from readiness.packs.spec import Table
from readiness.packs.staging import Progress, Staged, stage
from readiness.packs.statistics import WORTH_IT_ROWS, gather_statistics
from readiness.packs.tables import (
    BY_FILE,
    CHECKLIST_EVENTS,
    DEPLOYMENTS,
    PROGRAMME,
    REQUIRED,
    SCORES_FILE,
    SHIFTS,
    TABLES,
    TEMPLATE,
)
from readiness.packs.templates import DraftEdited, merge_template, published_template
from readiness.services.checklists import add_checklists, refresh_items
from rollout.models import User

# Shown in place of a file's name.
WAITING = "waiting for another import"


def _silent(file: str, done: int, total: int) -> None:
    """Nobody watches."""


def import_pack(
    path: str | Path,
    *,
    by: User | None = None,
    overwrite: bool = False,
    ignore_unknown: bool = False,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Load the pack at `path`, a folder or a zip: all of it or, with PackRefused, nothing.

    `overwrite` takes the pack's values where a record was changed by hand since an import wrote it. `ignore_unknown`
    leaves unknown files and columns unread. `encoding` is "cp1252" for files that are not UTF-8. `progress` is called
    with a file's name, the bytes done and the bytes there are. Importing the same pack again changes nothing.
    """
    if encoding not in (None, *ENCODINGS):
        raise ValueError(f"encoding is one of {', '.join(ENCODINGS)}")
    path = Path(path)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            importer = _Import(cursor, overwrite=overwrite, progress=progress or _silent)
            return importer.run(path, by=by, ignore_unknown=ignore_unknown, encoding=encoding)
    except PackRefused as refusal:
        runs.note_refusal(source=path.name, by=by, problems=refusal.count)
        raise
    except DatabaseError as error:
        runs.note_refusal(source=path.name, by=by, problems=1)
        raise PackRefused([Problem(path.name, _database_words(error))]) from error
    except OSError as error:
        runs.note_refusal(source=path.name, by=by, problems=1)
        name = Path(str(error.filename or path)).name
        raise PackRefused([Problem(name, f"cannot be read: {error.strerror or 'unknown reason'}")]) from error


def _database_words(error: DatabaseError) -> str:
    """What the database refused, without the row, which could name a person."""
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return (
        f"the database refused it by its rule {rule}" if rule else f"the database refused it ({type(error).__name__})"
    )


class _Import:
    """One import under way."""

    def __init__(self, cursor: CursorWrapper, *, overwrite: bool, progress: Progress) -> None:
        self.cursor = cursor
        self.overwrite = overwrite
        self.progress = progress
        self.findings = Findings()
        self.report = ImportReport()
        self.untold: list[Table] = []  # merged since the planner was last told
        self.staged: dict[str, Staged] = {}
        self.parts: dict[str, Part] = {}
        self.params: dict[str, Any] = {"programme": None, "template": None, "run": None}

    def run(self, path: Path, *, by: User | None, ignore_unknown: bool, encoding: str | None) -> ImportReport:
        self.parts = open_pack(path)
        run = runs.begin(self.cursor, source=path.name, by=by, waiting=lambda: self.progress(WAITING, 0, 1))
        self.params["run"] = run.pk
        self._read(ignore_unknown=ignore_unknown, encoding=encoding)
        if self._can_go_on():
            self._merge_all()
        self._refuse_if_wrong()
        report = self.report
        gather_statistics(self.cursor, report, TABLES)
        report.notes += [note for staged in self.staged.values() for note in staged.notes]
        report.warnings = self.findings.warnings()
        tables = [name for s in self.staged.values() for name in (s.table.staging, s.table.resolved)]
        runs.finish(
            self.cursor,
            run,
            report,
            programme_id=self.params["programme"],
            tables=[*tables, "pack_template_items"],
        )
        return report

    def _read(self, *, ignore_unknown: bool, encoding: str | None) -> None:
        for name in self.parts:
            if name in BY_FILE or name == SCORES_FILE:
                continue
            if ignore_unknown:
                self.report.notes.append(f"{name}: unknown file ignored")
            else:
                self.findings.add(Problem(name, "unknown file"))
        for table in REQUIRED:
            if table.file not in self.parts:
                self.findings.add(Problem(table.file, "missing: every pack has this file"))
        for table in TABLES:
            if part := self.parts.get(table.file):
                self._stage(table, part, ignore_unknown=ignore_unknown, encoding=encoding)

    def _stage(self, table: Table, part: Part, *, ignore_unknown: bool, encoding: str | None) -> None:
        found = encoding_of(part, encoding)
        staged = stage(
            self.cursor,
            table,
            part,
            found,
            self.findings,
            ignore_unknown=ignore_unknown,
            progress=self.progress,
        )
        if staged is None:
            return
        self.staged[table.file] = staged
        if found != UTF_8:
            staged.notes.append(f"{table.file}: read as {found}")

    def _can_go_on(self) -> bool:
        """Whether every file could be read and the pack holds one programme; rows may still be wrong."""
        programme = self.staged.get(PROGRAMME.file)
        if programme is None or len(self.staged) < sum(name in BY_FILE for name in self.parts):
            return False
        if any(problem.row is None for problem in self.findings.problems) or self.findings.too_many:
            return False
        self.cursor.execute(f"SELECT array_agg(row ORDER BY row), count(DISTINCT code) FROM {PROGRAMME.staging}")
        rows, programmes = self.cursor.fetchone()
        if programmes == 0 and programme.rows == 0:
            self.findings.add(Problem(PROGRAMME.file, "no rows: a pack holds one programme"))
        elif programmes > 1:
            self.findings.add(Problem(PROGRAMME.file, "a pack holds one programme", rows[1]))
        self._insert_dropped()
        return programmes == 1

    def _insert_dropped(self) -> None:
        with self.cursor.copy("COPY pack_dropped FROM STDIN") as copy:
            for row in self.findings.dropped:
                copy.write_row(row)

    def _merge_all(self) -> None:
        for table in TABLES:
            staged = self.staged.get(table.file)
            if staged is not None:
                self.progress(table.file, staged.part.size, staged.part.size)
                if staged.rows >= WORTH_IT_ROWS:
                    self._tell_planner()
                self._merge(staged)
                self.untold.append(table)
            if table is PROGRAMME:
                self.cursor.execute(
                    f"SELECT p.id, p.code, p.retired_at IS NOT NULL FROM rollout_programme p"
                    f" JOIN {PROGRAMME.staging} s ON s.code = p.code"
                )
                found = self.cursor.fetchone()
                if not found:
                    return
                self.params["programme"], self.report.programme, retired = found
                if retired:
                    self.findings.add(Problem(PROGRAMME.file, "this programme is retired"))
                    return
                self.params["template"] = published_template(self.cursor, self.params)
            if table is TEMPLATE:
                self._tell_planner()
                add_checklists(programme_id=self.params["programme"], run_id=self.params["run"])
        if not self.findings.count:
            deployments = self.staged.get(DEPLOYMENTS.file)
            has_deployments = deployments is not None and deployments.rows > 0
            notice_programme(self.cursor, self.params, self.findings, has_deployments=has_deployments)

    def _tell_planner(self) -> None:
        """Before many rows are written: their checks and triggers join what has been filled a moment ago.

        The planner may take those tables for empty, above all after an import that was refused: its dead rows count.
        """
        gather_statistics(self.cursor, self.report, self.untold)
        self.untold = []

    def _merge(self, staged: Staged) -> None:
        table = staged.table
        if not staged.rows:
            self.report.fates[table.file] = Fates()
            return
        self.report.people_created += find_people(self.cursor, staged, self.params)
        for words, codes in find_words(self.cursor, staged, self.params).items():
            self.report.created[words] = sorted({*self.report.created.get(words, ()), *codes})
        self.cursor.execute(Resolution(staged).sql(), self.params)
        if Resolution(staged).linked():
            self.cursor.execute(link_changes(staged))
        checker = Checker(self.cursor, staged, self.params, overwrite=self.overwrite)
        look = checker.check(self.findings)
        if table is SHIFTS and look.rows and check_overlaps(self.cursor, table, self.findings):
            return
        if table is TEMPLATE:
            fates = self._merge_template(staged, look)
        else:
            notice_rows(self.cursor, table, look, self.params, self.findings)
            fates = merge(self.cursor, staged, look, self.params)
        self.report.fates[table.file] = fates
        if table is CHECKLIST_EVENTS and (fates.new or fates.changed):
            self.untold.append(table)
            self._tell_planner()
            refresh_items(programme_id=self.params["programme"], run_id=self.params["run"])

    def _merge_template(self, staged: Staged, look: Look) -> Fates:
        try:
            fates, words = merge_template(self.cursor, staged, look, self.params, overwrite=self.overwrite)
        except DraftEdited:
            words = "the draft was changed in the browser since the last import (--overwrite takes the pack's items)"
            self.findings.add(Problem(staged.table.file, words))
            return Fates()
        if words:
            self.findings.warn(Problem(staged.table.file, words))
        return fates

    def _refuse_if_wrong(self) -> None:
        if not self.findings.count:
            return
        wanted: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for problem in self.findings.problems:
            if problem.row and problem.file in self.staged:
                wanted[problem.file][problem.row].update(name for name, value in problem.cells if value is None)
        values = {
            (file, row, name): value
            for file, rows in wanted.items()
            for (row, name), value in wanted_cells(self.parts[file], self.staged[file].encoding, rows).items()
        }
        self.findings.fill(values)
        self.findings.problems = [
            explain_bytes(self.parts[problem.file], problem) if NOT_UTF_8 in problem.words else problem
            for problem in self.findings.problems
        ]
        raise self.findings.refusal([table.file for table in TABLES])
