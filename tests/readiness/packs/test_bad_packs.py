"""Importing bad packs: a report that names file, row, column and value, nothing loaded, never a traceback."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.bad_packs import CASES, Case
from tests.packs_small import write_small_pack, write_tables

REFUSED = [case for case in CASES if case.faults]
ACCEPTED = [case for case in CASES if not case.faults]

Counts = dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """What the command said, and the exit code a shell would see."""

    code: int
    report: str


def import_pack(path: Path, *options: str) -> Outcome:
    stdout, stderr = StringIO(), StringIO()
    code, last_words = 0, ""
    try:
        call_command("import_pack", str(path), *options, stdout=stdout, stderr=stderr)
    except CommandError as error:
        code, last_words = error.returncode, str(error)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    return Outcome(code, "\n".join([stdout.getvalue(), stderr.getvalue(), last_words]))


def row_counts() -> Counts:
    """Rows of every table, but for the log of imports: that a pack was refused may be remembered."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - {"rollout_importrun"})
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names))
        return dict(cursor.fetchall())


def counts_after(pack: Path) -> Counts:
    """Rows of every table as they would be after an import, which is taken back."""
    before = transaction.savepoint()
    outcome = import_pack(pack)
    counts = row_counts()
    transaction.savepoint_rollback(before)
    assert outcome.code == 0, outcome.report
    return counts


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_bad_pack_is_refused_by_name_and_loads_nothing(case: Case, tmp_path):
    path = case.build(tmp_path)
    files, before = sorted(tmp_path.rglob("*")), row_counts()

    outcome = import_pack(path, *case.options)

    lines = [line.strip() for line in outcome.report.splitlines()]
    unnamed = [fault for fault in case.faults if not any(fault.stands_in(line) for line in lines)]
    assert (unnamed, outcome.code) == ([], 1), outcome.report
    assert "Traceback" not in outcome.report
    assert row_counts() == before
    assert sorted(tmp_path.rglob("*")) == files


@pytest.mark.django_db
@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.name)
def test_odd_but_possible_pack_is_loaded_and_said(case: Case, tmp_path):
    path, unspoilt = case.build(tmp_path), counts_after(write_tables(tmp_path / "unspoilt", case.tables()))

    outcome = import_pack(path, *case.options)

    assert (outcome.code, [words for words in case.says if words not in outcome.report]) == (0, []), outcome.report
    assert not case.same or row_counts() == unspoilt


@pytest.mark.django_db
def test_small_pack_itself_raises_no_warning(tmp_path):
    outcome = import_pack(write_small_pack(tmp_path / "pack"))

    assert outcome.code == 0
    assert "warning" not in outcome.report.lower()
