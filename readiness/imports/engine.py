"""Says of every row of a file what becomes of it, by doing it: the pack's engine merges what the kind derived.

Whoever calls decides whether that stands (a load) or is rolled back (a check).
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper

from readiness.choices import LineFate
from readiness.imports import words
from readiness.imports.kinds import Derived, ImportKind
from readiness.imports.reading import Read
from readiness.models import FileImport
from readiness.packs.report import ImportReport, Problem
from readiness.packs.rows import ALIKE, CHANGED_ROW, NEW, RETIRED, RowFate, Rows, merge_rows
from readiness.packs.staging import Progress
from readiness.sheets import Trouble

# Warnings about rows that a check tells; all are counted by the pack's report.
MOST_NOTES = 40


@dataclass(frozen=True)
class Judged:
    """What becomes of one line, as the check page tells it."""

    number: int
    fate: LineFate
    label: str = ""
    words: tuple[str, ...] = ()


@dataclass
class Plan:
    """What an import does: each line, what is wrong, and a digest that is the same only for the same doing."""

    lines: list[Judged]
    troubles: list[Trouble]
    notes: list[str]
    report: ImportReport
    tables: list[str] = field(default_factory=list)
    aloud: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> set[int]:
        """The numbers of the lines that are rejected."""
        return {line.number for line in self.lines if line.fate == LineFate.REJECTED}

    @property
    def counts(self) -> dict[str, int]:
        """Lines by fate."""
        counts = dict.fromkeys(LineFate.values, 0)
        for line in self.lines:
            counts[line.fate] += 1
        return counts

    @property
    def digest(self) -> str:
        """SHA-256 over what is done with each line, in hex."""
        told = [[line.number, line.fate, line.words] for line in sorted(self.lines, key=lambda line: line.number)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def carry_out(
    cursor: CursorWrapper,
    file_import: FileImport,
    *,
    kind: ImportKind,
    read: Read,
    derived: Derived,
    run_id: int,
    leave_out: Collection[int],
    progress: Progress,
) -> Plan:
    """Merge what was derived, without the lines to `leave_out`, and say what became of every line.

    To be called after `readiness.packs.run.begin`. A line with anything wrong is rejected, though other rows of it may
    have been merged: whoever loads rolls back and leaves it out.
    """
    rejected = {trouble.row for trouble in (*read.troubles, *derived.troubles)} | set(leave_out)
    rejected |= {number for number, fate in derived.fates.items() if fate.code == LineFate.REJECTED}
    rows: dict[str, Rows] = {
        file: [row for row in each if row[0] not in rejected] for file, each in derived.rows.items()
    }
    outcome = merge_rows(
        cursor,
        rows,
        programme_id=file_import.programme_id,
        run_id=run_id,
        overwrite=bool(file_import.options.get("overwrite")),
        progress=progress,
    )
    judge = _Judge(file_import, kind, read, derived, rows, outcome.fates, outcome.problems, rejected)
    lines = judge.lines()
    notes = [*read.notes, *derived.notes, *judge.odd(outcome.odd), *created(outcome.report)]
    return Plan(lines, judge.troubles, list(dict.fromkeys(notes)), outcome.report, outcome.tables, derived.aloud)


def created(report: ImportReport) -> Iterator[str]:
    """The words of vocabularies that the file named first."""
    for vocabulary, codes in report.created.items():
        if codes:
            yield f"New {vocabulary}: {', '.join(codes)}."


class _Judge:
    """Puts together what the reading, the kind and the pack's engine say of each line."""

    def __init__(
        self,
        file_import: FileImport,
        kind: ImportKind,
        read: Read,
        derived: Derived,
        rows: dict[str, Rows],
        fates: Iterable[RowFate],
        problems: Iterable[Problem],
        rejected: Collection[int],
    ) -> None:
        self.kind, self.read, self.derived, self.rejected = kind, read, derived, rejected
        self.labels = {each.name: each.label for each in kind.fields}
        matched, headers = file_import.columns["fields"], file_import.columns["headers"]
        self.matched: dict[str, int] = matched
        self.headers = {name: headers[place] or str(self.labels[name]) for name, place in matched.items()}
        self.fates: dict[int, list[RowFate]] = {}
        for fate in fates:
            self.fates.setdefault(fate.number, []).append(fate)
        self.troubles = [*read.troubles, *(self._placed(trouble) for trouble in derived.troubles)]
        self.troubles += [self._trouble(problem) for problem in problems]
        self.troubles += self._left_alone(rows)
        self.said: dict[int, list[Trouble]] = {}
        for trouble in self.troubles:
            self.said.setdefault(trouble.row, []).append(trouble)

    def lines(self) -> list[Judged]:
        """Every line of the file, then what a whole list names no more."""
        found = [self._line(line.number, self._label(line.values)) for line in self.read.lines]
        for place, missing in enumerate(self.derived.missing, 1):
            if -place in self.said:
                found.append(Judged(-place, LineFate.REJECTED, missing.label, self._wrong(-place)))
            elif -place not in self.rejected:
                found.append(Judged(-place, LineFate.MISSING, missing.label, missing.words))
        return found

    def odd(self, problems: Iterable[Problem]) -> list[str]:
        """Warnings as sentences, by row and column, without what stands there."""
        found = []
        for problem in problems:
            trouble = self._trouble(problem)
            place = ", ".join(filter(None, (f"Row {trouble.row}" if trouble.row > 0 else "", trouble.column)))
            found.append(f"{place}: {trouble.words}." if place else f"{trouble.words}.")
        return found[:MOST_NOTES]

    def _line(self, number: int, label: str) -> Judged:
        own = self.derived.fates.get(number)
        if number in self.said or number in self.rejected:
            told = self._wrong(number) or (own.words if own else ())
            return Judged(number, LineFate.REJECTED, label, told)
        fates = self.fates.get(number, [])
        codes = {(fate.file == self.kind.main, fate.code) for fate in fates}
        if (True, NEW) in codes:
            fate = LineFate.NEW
        elif any(code in (NEW, CHANGED_ROW) for _main, code in codes):
            fate = LineFate.CHANGED
        else:
            fate = LineFate.SAME
        if own and (fate != LineFate.SAME or own.code == LineFate.SAME):
            return Judged(number, fate, label, own.words)
        if fate == LineFate.SAME and (True, ALIKE) in codes:
            return Judged(number, fate, label, (str(words.ALIKE),))
        return Judged(number, fate, label, tuple(self._changes(fates)))

    def _changes(self, fates: Iterable[RowFate]) -> Iterator[str]:
        for fate in fates:
            for column, before, after in fate.changes:
                yield words.before_after(self.labels.get(column, column), before, after)

    def _wrong(self, number: int) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                f"{each.column}: {each.words}" if each.column else each.words for each in self.said.get(number, ())
            )
        )

    def _label(self, values: object) -> str:
        held = dict(values) if isinstance(values, dict) else {}
        return " · ".join(held[name] for name in self.kind.shown if held.get(name))

    def _placed(self, trouble: Trouble) -> Trouble:
        """A trouble of the kind's, with the header of the column where it names a field."""
        header = self.headers.get(trouble.column)
        return trouble if header is None else Trouble(trouble.row, header, trouble.value, trouble.words)

    def _trouble(self, problem: Problem) -> Trouble:
        """A problem of the pack's, by the header of the person's column and what stands there."""
        number = problem.row or 0
        named = next(((name, value or "") for name, value in problem.cells if name in self.matched), None)
        if named is None:
            name, value = next(((name, value or "") for name, value in problem.cells), ("", ""))
            return Trouble(number, str(self.labels.get(name, "")), value, words.mended(problem.words))
        cells = self.read.texts(number)
        place = self.matched[named[0]]
        value = cells[place] if place < len(cells) else named[1]
        return Trouble(number, self.headers[named[0]], value, words.mended(problem.words))

    def _left_alone(self, rows: dict[str, Rows]) -> Iterator[Trouble]:
        """Rows of which the engine made nothing: of a record that was taken out, or needing a row that is rejected."""
        told = {(trouble.row) for trouble in self.troubles}
        for number, fates in self.fates.items():
            if any(fate.code == RETIRED for fate in fates) and number not in told:
                yield Trouble(number, "", "", str(words.TAKEN_OUT))
                told.add(number)
        for file, each in rows.items():
            known = {number for number, fates in self.fates.items() if any(fate.file == file for fate in fates)}
            for number, _cells in each:
                if number not in known and number not in told:
                    yield Trouble(number, "", "", str(words.HANGS_ON_REJECTED))
                    told.add(number)
