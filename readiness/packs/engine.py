"""Stages tables, then resolves, checks and merges each after those it names records of. What a pack and a file share.

Nothing here begins or ends a transaction: what was merged stands until whoever called rolls it back.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.packs.checking import Checker, Look
from readiness.packs.encodings import UTF_8
from readiness.packs.findings import Findings
from readiness.packs.merging import merge
from readiness.packs.noticing import notice_rows
from readiness.packs.overlaps import check_overlaps
from readiness.packs.people import find_people, find_words
from readiness.packs.report import Fates, ImportReport, Problem
from readiness.packs.resolving import Resolution, link_changes
from readiness.packs.source import Part
from readiness.packs.spec import Table
from readiness.packs.staging import Progress, Staged, stage
from readiness.packs.statistics import WORTH_IT_ROWS, gather_statistics
from readiness.packs.tables import CHECKLIST_EVENTS, SHIFTS, TEMPLATE
from readiness.packs.templates import DraftEdited, merge_template
from readiness.services.checklists import refresh_items


class Engine:
    """Tables of one import under way. `params` hold the ids of the programme, its template and the run."""

    def __init__(self, cursor: CursorWrapper, *, overwrite: bool, progress: Progress, findings: Findings) -> None:
        self.cursor = cursor
        self.overwrite = overwrite
        self.progress = progress
        self.findings = findings
        self.report = ImportReport()
        self.untold: list[Table] = []  # merged since the planner was last told
        self.staged: dict[str, Staged] = {}
        self.params: dict[str, Any] = {"programme": None, "template": None, "run": None}

    def stage_part(self, table: Table, part: Part, *, ignore_unknown: bool = False, encoding: str = UTF_8) -> None:
        """Bring a file's rows into the table's staging table; the findings say what is wrong with them."""
        staged = stage(
            self.cursor,
            table,
            part,
            encoding,
            self.findings,
            ignore_unknown=ignore_unknown,
            progress=self.progress,
        )
        if staged is not None:
            self.staged[table.file] = staged

    def note_dropped(self) -> None:
        """Once all is staged: the rows left out by then are no fault of those that name them."""
        with self.cursor.copy("COPY pack_dropped FROM STDIN") as copy:
            for row in self.findings.dropped:
                copy.write_row(row)

    def merge_tables(self, tables: Sequence[Table]) -> None:
        """Merge the tables that were staged, in the order given."""
        for table in tables:
            staged = self.staged.get(table.file)
            if staged is None:
                continue
            self.progress(table.file, staged.part.size, staged.part.size)
            if staged.rows >= WORTH_IT_ROWS:
                self.tell_planner()
            self._merge(staged)
            self.untold.append(table)

    def look_at(self, staged: Staged, checker: Checker) -> None:
        """Called when the rows that will be merged stand as they will be, before they are."""

    def temporary_tables(self) -> list[str]:
        """What was made for this import alone."""
        return [name for staged in self.staged.values() for name in (staged.table.staging, staged.table.resolved)]

    def tell_planner(self) -> None:
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
        self.look_at(staged, checker)
        if table is TEMPLATE:
            fates = self._merge_template(staged, look)
        else:
            notice_rows(self.cursor, table, look, self.params, self.findings)
            fates = merge(self.cursor, staged, look, self.params)
        self.report.fates[table.file] = fates
        if table is CHECKLIST_EVENTS and (fates.new or fates.changed):
            self.untold.append(table)
            self.tell_planner()
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
