"""Rows of pack tables that were derived from some other file, taken into one programme: what the wizard loads.

The way is that of a pack, without its files: staged, resolved, checked and merged by the same engine. Whoever calls
holds the transaction and rolls it back where it was only to be looked at, or where a row is wrong.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.packs.checking import Checker
from readiness.packs.engine import Engine
from readiness.packs.findings import Findings
from readiness.packs.report import ImportReport, Problem
from readiness.packs.resolving import CHANGED, REVIVED
from readiness.packs.selecting import standing_sql
from readiness.packs.source import Part
from readiness.packs.staging import FIRST_ROW, Progress, Staged
from readiness.packs.statistics import gather_statistics
from readiness.packs.tables import BY_FILE, DEPLOYMENTS, TABLES, TEMPLATE
from readiness.packs.templates import published_template
from readiness.services.checklists import add_checklists

# The number of the row each comes from, and its cells as a pack writes them; all of a file have the same columns.
Rows = Sequence[tuple[int, dict[str, str]]]
# A person's file has fewer rows than this; of each every problem is kept.
ALL = 10_000_000
NEW, CHANGED_ROW, SAME, RETIRED, ALIKE = "new", "changed", "same", "retired", "alike"


@dataclass(frozen=True)
class RowFate:
    """What becomes of one row of a table: `number` is the row it comes from; `changes` are (column, before, after).

    `code` is "new", "changed", "same", "retired" (a record that was taken out, left alone) or "alike" (the values of
    an earlier row again). `back` is true of a new row that the undoing of an import had taken out.
    """

    file: str
    number: int
    code: str
    changes: tuple[tuple[str, str, str], ...] = ()
    back: bool = False


@dataclass
class Outcome:
    """What came of all rows. `problems` and `odd` carry numbers and values of the person's file."""

    report: ImportReport
    fates: list[RowFate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    odd: list[Problem] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)


def merge_rows(
    cursor: CursorWrapper,
    rows: Mapping[str, Rows],
    *,
    programme_id: int,
    run_id: int,
    overwrite: bool,
    progress: Progress,
) -> Outcome:
    """Merge derived rows into a programme; faulty ones are told and not merged. To be called after `run.begin`.

    A record that the undoing of an import took out is new again. The caller drops its `tables`, or rolls back.
    """
    engine = _Rows(cursor, rows, overwrite=overwrite, progress=progress)
    return engine.run(programme_id=programme_id, run_id=run_id)


class _Rows(Engine):
    """One import of derived rows under way."""

    def __init__(self, cursor: CursorWrapper, rows: Mapping[str, Rows], *, overwrite: bool, progress: Progress) -> None:
        findings = Findings(kept=ALL, most_dropped=ALL)
        super().__init__(cursor, overwrite=overwrite, progress=progress, findings=findings)
        self.rows = {file: derived for file, derived in rows.items() if derived}
        self.fates: list[RowFate] = []

    def run(self, *, programme_id: int, run_id: int) -> Outcome:
        self.params |= {"programme": programme_id, "run": run_id}
        self.params["template"] = published_template(self.cursor, self.params)
        for table in TABLES:
            if derived := self.rows.get(table.file):
                self.stage_part(table, part_of(table.file, derived))
        for file, staged in self.staged.items():
            staged.numbers = [number for number, _ in self.rows[file]]
            staged.revive = True
        self.note_dropped()
        after = TABLES.index(TEMPLATE) + 1
        self.merge_tables(TABLES[:after])
        if {DEPLOYMENTS.file, TEMPLATE.file} & self.staged.keys():
            self.tell_planner()
            add_checklists(programme_id=programme_id, run_id=run_id)
        self.merge_tables(TABLES[after:])
        gather_statistics(self.cursor, self.report, [BY_FILE[file] for file in self.staged])
        return Outcome(
            self.report,
            self.fates,
            [self._told(problem) for problem in self.findings.problems],
            [self._told(problem) for problem in self.findings.odd],
            [*self.temporary_tables(), "pack_template_items"],
        )

    def look_at(self, staged: Staged, checker: Checker) -> None:
        """Keep the fate of every row, and of changed ones what stands now beside what will."""
        table, derived = staged.table, self.rows[staged.table.file]
        self.cursor.execute(
            f"SELECT n.row, n.id IS NULL, n.retired, COALESCE(n.changed, '{{}}') FROM {table.resolved} n ORDER BY n.row"
        )
        found = self.cursor.fetchall()
        changed = {row: names for row, new, retired, names in found if names and not new and not retired}
        standing = self._standing(staged, {name for names in changed.values() for name in names})
        for row, new, retired, _names in found:
            number, cells = derived[row - FIRST_ROW]
            names = changed.get(row, [])
            back = REVIVED in names
            code = NEW if new or back else RETIRED if retired else CHANGED_ROW if names else SAME
            changes = tuple((name, standing[row][name], cells.get(name, "")) for name in names if name != REVIVED)
            self.fates.append(RowFate(table.file, number, code, () if back else changes, back))
        self.fates += [RowFate(table.file, staged.number_of(row), ALIKE) for row, _first in checker.alike]

    def _standing(self, staged: Staged, names: set[str]) -> dict[int, dict[str, str]]:
        """What stands now in the changed columns, by row."""
        table = staged.table
        columns = [column.name for column in table.columns if column.name in names]
        if not columns:
            return {}
        rows = f"SELECT n.row, n.id FROM {table.resolved} n WHERE {CHANGED}"
        self.cursor.execute(standing_sql(table, columns, rows), self.params)
        return {
            row: {name: _text(value) for name, value in zip(columns, values, strict=True)}
            for row, *values in self.cursor.fetchall()
        }

    def _told(self, problem: Problem) -> Problem:
        """A problem with the number of the person's row, and what stands in its cells."""
        if problem.row is None or problem.file not in self.staged:
            return problem
        number, cells = self.rows[problem.file][problem.row - FIRST_ROW]
        values = tuple((name, cells.get(name, "") if value is None else value) for name, value in problem.cells)
        return replace(problem, row=number, cells=values)


def part_of(file: str, rows: Rows) -> Part:
    """The rows as a file of a pack: the first of them stands in row 2."""
    columns = list(rows[0][1])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([cells[name] for name in columns] for _, cells in rows)
    # A lone surrogate becomes bytes that the reader refuses in words.
    content = text.getvalue().encode(errors="surrogatepass")
    return Part(file, len(content), lambda: io.BytesIO(content))


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
