"""What the database finds wrong with resolved rows, in one look; each kind of fault is listed only where there is one.

Rows with a fault are taken out before the merge, and what names them is not blamed for it.
"""

from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.packs.clocks import readings
from readiness.packs.findings import KEY_SEPARATOR, WARNED_A_FILE, Findings
from readiness.packs.report import Problem
from readiness.packs.resolving import CHANGED, Resolution
from readiness.packs.spec import Reference, Table
from readiness.packs.staging import Staged


@dataclass(frozen=True)
class Fault:
    """One kind of fault: SQL true of a faulty row `n`, the columns it is about, and what to say.

    `detail` is SQL of more to say. Where `parent` is set, it is the key, in that file, of a record that is not there;
    where `misplaced` is, it is a local time and its zone.
    """

    wrong: str
    columns: tuple[str, ...]
    words: str
    detail: str = "NULL"
    parent: str = ""
    misplaced: bool = False

    def said(self, detail: str | None) -> str:
        """What is wrong with a row, given its detail."""
        if self.misplaced and detail:
            local, _, zone = detail.partition(KEY_SEPARATOR)
            return readings(local, zone)
        return self.words if self.parent or detail is None else f"{self.words}: {detail}"


@dataclass(frozen=True)
class Look:
    """What one look at the resolved rows shows: how many there are of each fate, and whether any is wrong or odd."""

    rows: int
    new: int
    retired: int
    changed: int
    faulty: bool
    odd: bool
    repeated: bool


class Checker:
    """Checks the resolved rows of one table."""

    def __init__(self, cursor: CursorWrapper, staged: Staged, params: dict[str, Any], *, overwrite: bool) -> None:
        self.cursor = cursor
        self.staged = staged
        self.table = staged.table
        self.params = params
        resolution = Resolution(staged)
        self.faults = [
            *_faults_of_names(resolution),
            *_faults_of_times(resolution),
            *_faults_of_cells(resolution),
            *_faults_of_history(self.table, overwrite=overwrite),
            *(Fault(c.wrong, c.columns, c.words) for c in self.table.checks),
        ]
        # Rows that stand there twice with the same values: each later one, and the first, which is read.
        self.alike: list[tuple[int, int]] = []
        self.odd = [Fault(c.wrong, c.columns, c.words) for c in self.table.warnings]

    def check(self, findings: Findings) -> Look:
        """Note every fault of the resolved rows, and take the faulty ones out. Gives what is left."""
        look = self._look()
        if look.repeated:
            self._check_repeats(findings)
        if look.faulty:
            for fault in self.faults:
                self._note(fault, findings)
        if look.odd:
            for fault in self.odd:
                self._warn(fault, findings)
        return self._look() if look.repeated or look.faulty else look

    def _look(self) -> Look:
        self.cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE n.id IS NULL), count(*) FILTER (WHERE n.retired),"
            f" count(*) FILTER (WHERE {CHANGED}), COALESCE(bool_or({_any(self.faults)}), FALSE),"
            f" COALESCE(bool_or({_any(self.odd)}), FALSE), EXISTS ({self._repeats()}) FROM {self.table.resolved} n",
            self.params,
        )
        return Look(*self.cursor.fetchone())

    def _repeats(self) -> str:
        """SQL of the rows of each key that stands more than once. A row whose names lead nowhere has no key yet."""
        key = ", ".join(f'"{self.table.field(attr).column}"' for attr in self.table.identity)
        return (
            f"SELECT array_agg(row ORDER BY row) AS rows FROM {self.table.resolved} WHERE dangling IS NULL"
            f" GROUP BY {key} HAVING count(*) > 1"
        )

    def _check_repeats(self, findings: Findings) -> None:
        """Rows with one key: alike, they are one row; unlike, both are named."""
        table = self.table
        columns = [f'"{name}{suffix}"' for name in self.staged.columns for suffix, _ in table.kinds[name].staged]
        left, right = (", ".join(f"{alias}.{column}" for column in columns) for alias in ("a", "b"))
        self.cursor.execute(
            f"SELECT a.row, b.row, ({left}) IS NOT DISTINCT FROM ({right}) FROM ({self._repeats()}) r"
            f" CROSS JOIN LATERAL unnest(r.rows[2:]) AS later"
            f" JOIN {table.staging} a ON a.row = later JOIN {table.staging} b ON b.row = r.rows[1] ORDER BY 1"
        )
        for row, first, equal in self.cursor:
            if equal:
                self.alike.append((row, first))
            else:
                words = f"the same key as row {self.staged.number_of(first)}, with other values"
                findings.add(Problem(table.file, words, row, tuple((name, None) for name in table.key)))
        if self.alike:
            self.staged.notes.append(f"{table.file}: {len(self.alike):,} rows that stand there twice were read once")
        self.cursor.execute(f"DELETE FROM {table.resolved} n USING ({self._repeats()}) r WHERE n.row = ANY(r.rows[2:])")

    def _note(self, fault: Fault, findings: Findings) -> None:
        table = self.table
        # Whoever names a row that was refused itself is not to blame.
        blamed = f"NOT EXISTS (SELECT FROM pack_dropped d WHERE d.file = '{fault.parent}' AND d.key = {fault.detail})"
        self.cursor.execute(
            f"SELECT n.row, {fault.detail}, count(*) OVER () FROM {table.resolved} n"
            f" JOIN {table.staging} s ON s.row = n.row"
            f" WHERE {fault.wrong} AND {blamed if fault.parent else 'TRUE'} ORDER BY n.row LIMIT {findings.kept}",
            self.params,
        )
        if found := self.cursor.fetchall():
            cells = tuple((name, None) for name in fault.columns)
            problems = [Problem(table.file, fault.said(detail), row, cells) for row, detail, _ in found]
            findings.add(*problems, unseen=found[0][2] - len(found))
        key = ", ".join(f's."{name}"::text' for name in table.key)
        self.cursor.execute(
            f"WITH gone AS (DELETE FROM {table.resolved} n WHERE {fault.wrong} RETURNING n.row)"
            f" INSERT INTO pack_dropped SELECT '{table.file}', concat_ws('{KEY_SEPARATOR}', {key})"
            f" FROM gone JOIN {table.staging} s ON s.row = gone.row",
            self.params,
        )

    def _warn(self, fault: Fault, findings: Findings) -> None:
        self.cursor.execute(
            f"SELECT n.row, count(*) OVER () FROM {self.table.resolved} n WHERE {fault.wrong} ORDER BY n.row"
            f" LIMIT {WARNED_A_FILE}",
            self.params,
        )
        cells = tuple((name, None) for name in fault.columns)
        if found := self.cursor.fetchall():
            rows = (Problem(self.table.file, fault.words, row, cells) for row, _ in found)
            findings.warn(*rows, unseen=found[0][1] - len(found))


def _any(faults: list[Fault]) -> str:
    return " OR ".join(f"({fault.wrong})" for fault in faults) or "FALSE"


def _faults_of_names(resolution: Resolution) -> list[Fault]:
    faults = [
        Fault(
            f"n.dangling = {place}",
            reference.columns,
            reference.lookup.words,
            _key_of_parent(reference),
            parent=reference.lookup.file,
        )
        for place, reference in enumerate(resolution.references)
    ]
    faults += [
        Fault(
            f"""n."missing_{links.attr}" <> '{{}}'""",
            (links.column,),
            links.lookup.words,
            f"""array_to_string(n."missing_{links.attr}", ', ')""",
        )
        for links in resolution.linked()
    ]
    return faults


def _key_of_parent(reference: Reference) -> str:
    """SQL of the key, in its own file, of the record that a staged row names."""
    places = reference.lookup.key_of_file or range(len(reference.columns))
    parts = ", ".join(f's."{reference.columns[place]}"::text' for place in places)
    return f"concat_ws('{KEY_SEPARATOR}', {parts})"


def _faults_of_times(resolution: Resolution) -> list[Fault]:
    return [
        Fault(
            f'n."misplaced_{name}"',
            (name,),
            "",
            f"""s."{name}_local"::text || '{KEY_SEPARATOR}' || n.zone""",
            misplaced=True,
        )
        for name in resolution.local_columns()
    ]


def _faults_of_cells(resolution: Resolution) -> list[Fault]:
    """Columns that the file lacks, where a new row cannot do without."""
    faults = []
    for model_field in resolution.all_attrs():
        if model_field.name in resolution.filled or model_field.null or model_field.has_default():
            continue
        if not getattr(model_field, "empty_strings_allowed", False) or not model_field.blank:
            column = resolution.column_of(model_field.name)
            faults.append(Fault("n.id IS NULL", (column,), "this column is missing, and a new row needs it"))
    return faults


def _faults_of_history(table: Table, *, overwrite: bool) -> list[Fault]:
    faults = [Fault("n.foreign_row", table.key, "this is a record of another programme")]
    if not overwrite:
        faults.append(
            Fault(
                "n.edited AND NOT n.retired AND n.changed <> '{}'",
                table.key,
                "changed in the browser since the last import (--overwrite takes the pack's values)",
                "array_to_string(n.changed, ', ')",
            )
        )
    return faults
