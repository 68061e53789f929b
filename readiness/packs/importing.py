"""Imports a programme pack: read every file, then merge table after table, all in one transaction or not at all."""

from collections import defaultdict
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from readiness.packs import run as runs
from readiness.packs.encodings import ENCODINGS, NOT_UTF_8, UTF_8, encoding_of, explain_bytes
from readiness.packs.engine import Engine
from readiness.packs.findings import Findings
from readiness.packs.noticing import notice_programme
from readiness.packs.reader import wanted_cells
from readiness.packs.report import ImportReport, PackRefused, Problem
from readiness.packs.source import Part, open_pack
from readiness.packs.staging import Progress
from readiness.packs.statistics import gather_statistics
from readiness.packs.tables import BY_FILE, DEPLOYMENTS, PROGRAMME, REQUIRED, SCORES_FILE, TABLES, TEMPLATE
from readiness.packs.templates import published_template
from readiness.services.checklists import add_checklists
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
        raise PackRefused([Problem(path.name, runs.database_words(error))]) from error
    except OSError as error:
        runs.note_refusal(source=path.name, by=by, problems=1)
        name = Path(str(error.filename or path)).name
        raise PackRefused([Problem(name, f"cannot be read: {error.strerror or 'unknown reason'}")]) from error


class _Import(Engine):
    """The import of a pack under way."""

    def __init__(self, cursor: CursorWrapper, *, overwrite: bool, progress: Progress) -> None:
        super().__init__(cursor, overwrite=overwrite, progress=progress, findings=Findings())
        self.parts: dict[str, Part] = {}

    def run(self, path: Path, *, by: User | None, ignore_unknown: bool, encoding: str | None) -> ImportReport:
        self.parts = open_pack(path)
        run = runs.begin(self.cursor, source=path.name, by=by, waiting=lambda: self.progress(WAITING, 0, 1))
        self.params["run"] = run.pk
        self._read(ignore_unknown=ignore_unknown, encoding=encoding)
        if self._can_go_on() and self._know_programme():
            self._merge_all()
        self._refuse_if_wrong()
        report = self.report
        gather_statistics(self.cursor, report, TABLES)
        report.notes += [note for staged in self.staged.values() for note in staged.notes]
        report.warnings = self.findings.warnings()
        runs.finish(
            self.cursor,
            run,
            report,
            programme_id=self.params["programme"],
            tables=[*self.temporary_tables(), "pack_template_items"],
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
                found = encoding_of(part, encoding)
                self.stage_part(table, part, ignore_unknown=ignore_unknown, encoding=found)
                if found != UTF_8 and table.file in self.staged:
                    self.staged[table.file].notes.append(f"{table.file}: read as {found}")

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
        self.note_dropped()
        return programmes == 1

    def _know_programme(self) -> bool:
        """Merge the programme itself, within which the ids of its other records are sought; whether there is one."""
        self.merge_tables([PROGRAMME])
        self.cursor.execute(
            f"SELECT p.id, p.code, p.retired_at IS NOT NULL FROM rollout_programme p"
            f" JOIN {PROGRAMME.staging} s ON s.code = p.code"
        )
        found = self.cursor.fetchone()
        if not found:
            return False
        self.params["programme"], self.report.programme, retired = found
        if retired:
            self.findings.add(Problem(PROGRAMME.file, "this programme is retired"))
            return False
        self.params["template"] = published_template(self.cursor, self.params)
        return True

    def _merge_all(self) -> None:
        after = TABLES.index(TEMPLATE) + 1
        self.merge_tables(TABLES[1:after])
        self.tell_planner()
        add_checklists(programme_id=self.params["programme"], run_id=self.params["run"])
        self.merge_tables(TABLES[after:])
        if not self.findings.count:
            deployments = self.staged.get(DEPLOYMENTS.file)
            has_deployments = deployments is not None and deployments.rows > 0
            notice_programme(self.cursor, self.params, self.findings, has_deployments=has_deployments)

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
