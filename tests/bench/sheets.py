"""Reads a large CSV file and a large workbook as people send them, beside one plain pass of csv.reader over the CSV."""

import csv
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from django.conf import settings

from readiness.sheets import iter_rows
from tests.bench.figures import Row

ROWS = 100_000
HEADINGS = (
    "Number",
    "First name",
    "Last name",
    "Email",
    "Group",
    "Manager",
    "Site",
    "Ward",
    "From",
    "To",
    "Hours",
    "Lead",
)
DAY = date(2025, 1, 1)
# A small process starts the one that is measured: one forked from ours would be counted with our memory.
_MEASURE = (
    "import json, resource, subprocess, sys\n"
    "with open(sys.argv[2], 'rb') as file:\n"
    "    command = [sys.executable, '-m', 'readiness.reading', sys.argv[1]]\n"
    "    subprocess.run(command, stdin=file, stdout=subprocess.DEVNULL, check=True)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))\n"
)


def lines(rows: int) -> Iterator[list[object]]:
    """A list of staff."""
    for number in range(rows):
        name, ward, start = f"Ann{number % 500}", f"W{number % 30}", DAY + timedelta(number % 400)
        address = f"ann{number}@example.org"
        site, hours, lead = f"S{number % 40}", number % 75 / 2, number % 20 == 0
        yield [f"{number:07}", name, f"Lee{number}", address, "Nurse", "Bo Ray", site, ward, start, "", hours, lead]


def write_csv(path: Path, rows: int) -> None:
    """The list as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(lines(rows))


def write_xlsx(path: Path, rows: int) -> None:
    """The list as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("staff")
    sheet.append(HEADINGS)
    for line in lines(rows):
        sheet.append(line)
    book.save(path)


def computed(work: Callable[[], object]) -> float:
    """Seconds of processor time that a call takes of this process."""
    started = time.process_time()
    work()
    return time.process_time() - started


def plain_pass(content: bytes) -> None:
    """All rows of a CSV file as lists of text, and nothing else."""
    for _ in csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")):
        pass


def in_child(question: dict[str, object], path: Path) -> tuple[float, float]:
    """Seconds of processor time and MiB of the process that reads."""
    command = [sys.executable, "-c", _MEASURE, json.dumps(question), str(path)]
    said = subprocess.run(command, cwd=settings.BASE_DIR, check=True, stdout=subprocess.PIPE).stdout
    seconds, mebibytes = json.loads(said)
    return seconds, mebibytes


def measure_sheets(rows: int = ROWS) -> list[Row]:
    """The lines about reading spreadsheets: processor time, since other work on the machine is not what is asked."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        files = {"csv": Path(folder, "staff.csv"), "xlsx": Path(folder, "staff.xlsx")}
        write_csv(files["csv"], rows)
        write_xlsx(files["xlsx"], rows)
        content = files["csv"].read_bytes()
        floor = min(computed(lambda: plain_pass(content)) for _ in range(3))
        found.append(Row(f"{rows:,} rows × {len(HEADINGS)}: csv.reader alone", f"{floor:.2f} s"))
        for kind, path in files.items():
            found += _of_one(kind, path, f"{rows:,} rows, {kind.upper()}", floor)
    return found


def _of_one(kind: str, path: Path, label: str, floor: float) -> list[Row]:
    opening, held = in_child({"do": "open", "kind": kind, "name": "staff"}, path)
    reading, held_too = in_child({"do": "rows", "kind": kind, "sheet": "staff", "header_row": 1}, path)
    content = path.read_bytes()
    # What asked waits for the process that reads, and then takes the rows over.
    taking = computed(lambda: [None for _ in iter_rows(content, path.name, sheet="staff", header_row=1)])
    return [
        Row(f"{label}: opened (headings, samples, count)", f"{opening:.1f} s"),
        Row(f"{label}: opened ÷ csv.reader alone", f"{opening / floor:.1f}"),
        Row(f"{label}: all rows read and taken over", f"{reading + taking:.1f} s"),
        Row(f"{label}: read ÷ csv.reader alone", f"{(reading + taking) / floor:.1f}"),
        Row(f"{label}: peak memory of the process that reads", f"{max(held, held_too):.0f} MiB"),
    ]
