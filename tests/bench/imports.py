"""Imports a million attendances as a pack, and the same rows by COPY alone: what reading and checking them costs."""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, transaction

from readiness.packs import export_pack, import_pack
from tests.bench.figures import Row, timed, with_database
from tests.database import drop, maintenance, use

ROWS = 1_000_000
STAFF = 20_000
SITES = 20
COURSES = 5
DAY = date(2026, 3, 30)
NAME = "bench_import"
# What COPY alone is given: the columns that an import fills, as the table holds them.
COLUMNS = 'course_id, staff_id, session_id, "on", state, passed, retired_reason'

Lines = Iterable[Iterable[object]]


def write(folder: Path, file: str, header: str, rows: Lines) -> None:
    """Write a file of a pack."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / file).open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


def write_places(folder: Path) -> None:
    """What every pack has: a programme, an organisation, sites."""
    write(folder, "programme.csv", "code name", [["BENCH", "Bench"]])
    write(folder, "organisations.csv", "code name", [["O", "Organisation"]])
    write(folder, "sites.csv", "code organisation name", ([f"S{n}", "O", f"Site {n}"] for n in range(SITES)))


def write_people(folder: Path) -> None:
    """Wards, staff, postings, deployments and courses."""
    write_places(folder)
    write(folder, "wards.csv", "site code name", ([f"S{n}", "W", "Ward"] for n in range(SITES)))
    write(folder, "deployments.csv", "site go_live", ([f"S{n}", DAY + timedelta(60)] for n in range(SITES)))
    write(folder, "staff.csv", "organisation number group", (["O", f"E{n:05}", "nurse"] for n in range(STAFF)))
    postings = (["O", f"E{n:05}", f"S{n % SITES}", "W", "2025-01-01"] for n in range(STAFF))
    write(folder, "postings.csv", "organisation number site ward from", postings)
    write(folder, "courses.csv", "code name", ([f"C{n}", f"Course {n}"] for n in range(COURSES)))


def attendances(rows: int) -> Iterator[list[object]]:
    """Rows of attendance.csv, no key twice."""
    for number in range(rows):
        turn, staff = divmod(number, STAFF)
        course, week = turn % COURSES, turn // COURSES
        day = DAY - timedelta(weeks=week, days=staff % 5)
        attended = (number * 7) % 10 < 8
        state, passed = ("attended", "true") if attended else ("booked", "")
        yield [f"C{course}", "O", f"E{staff:05}", day, "", state, passed]


def loaded(path: str) -> dict[str, float]:
    """Import a pack; seconds, the most memory this process held, and what changed. Meant for a process of its own."""
    started = time.perf_counter()
    report = import_pack(path)
    seconds = time.perf_counter() - started
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "mib": kibibytes / 1024, "changed": float(report.changed_anything)}


def import_apart(pack: Path) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.bench", "--import", str(pack)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def copy_in(source: Path, table: str) -> Callable[[], None]:
    """COPY a file into a table, and commit."""

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('rollout.importing', 'on', true)")
            with cursor.copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy, source.open("rb") as file:
                while block := file.read(2**16):
                    copy.write(block)

    return work


def copies_alone(folder: Path) -> tuple[float, float]:
    """Seconds of COPY alone, of the rows that were imported: into a bare table, and into the real one, emptied."""
    source = folder / "rows.copy"
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY training_attendance ({COLUMNS}) TO STDOUT") as copy, source.open("wb") as file:
            for block in copy:
                file.write(block)
        cursor.execute("CREATE TABLE bare AS SELECT * FROM training_attendance LIMIT 0")
        bare = timed(copy_in(source, "bare"))
        cursor.execute("TRUNCATE training_attendance")
        cursor.execute("ALTER TABLE training_attendance ALTER edited_at SET DEFAULT NULL")
    return bare, timed(copy_in(source, "training_attendance"))


def measure_import(rows: int = ROWS) -> list[Row]:
    """The lines about importing."""
    with_database(NAME)
    with tempfile.TemporaryDirectory() as made:
        people, pack = Path(made) / "people", Path(made) / "pack"
        write_people(people)
        import_pack(people)
        write_places(pack)
        header = "course organisation number date session state passed"
        write(pack, "attendance.csv", header, attendances(rows // 10))
        small = import_apart(pack)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE training_attendance")
        write(pack, "attendance.csv", header, attendances(rows))
        first, second = import_apart(pack), import_apart(pack)
        assert (first["changed"], second["changed"]) == (1, 0)
        out = timed(lambda: export_pack("BENCH", Path(made) / "out"))
        bare, real = copies_alone(Path(made))
    connection.close()
    with maintenance() as line:
        drop(line, NAME)
    label = f"{rows:,} attendances"
    return [
        Row(f"{label}: import", f"{first['seconds']:.1f} s"),
        Row(f"{label}: COPY alone into the same table", f"{real:.1f} s"),
        Row(f"{label}: import ÷ COPY alone", f"{first['seconds'] / real:.2f}", "≤ 5"),
        Row(f"{label}: COPY into a table without indexes and rules", f"{bare:.1f} s"),
        Row(f"{label}: import ÷ that COPY", f"{first['seconds'] / bare:.1f}"),
        Row(f"{label}: the same again, nothing to change", f"{second['seconds']:.1f} s"),
        Row(f"{label}: peak memory, a tenth of them", f"{small['mib']:.0f} MiB"),
        Row(f"{label}: peak memory", f"{first['mib']:.0f} MiB"),
        Row(f"{label}: export", f"{out:.1f} s"),
    ]


def import_here(path: str) -> None:
    """For the process of its own: import into the bench's database and print figures as JSON."""
    use(NAME)
    sys.stdout.write(json.dumps(loaded(path)))
