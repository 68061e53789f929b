"""The process that reads one file: the question is its argument, the file its input, the answer lines of JSON."""

import csv
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, TextIO

from readiness.reading import limits
from readiness.reading.delimited import open_delimited
from readiness.reading.kinds import CSV, NO_ROOM
from readiness.reading.refusal import Unread
from readiness.reading.summary import rows_below, summary
from readiness.reading.workbooks import open_sheets


def main() -> None:
    """Answer one question: `{"do": "open" or "rows", "kind": …, "name": …, "sheet": …, "header_row": …, "most": …}`."""
    cap()
    # A quotation mark that is never closed is not read to the end of the file.
    csv.field_size_limit(limits.CELL_LENGTH)
    question = json.loads(sys.argv[1])
    try:
        answer(question, sys.stdin.buffer.read(), sys.stdout)
        sys.stdout.flush()
    except Unread as refusal:
        write(sys.stdout, {"refused": refusal.code, "facts": refusal.facts})
    except MemoryError:
        write(sys.stdout, {"refused": "memory", "facts": {}})
    except OSError:
        # The disk is full, or the answer is longer than any honest one: there is no room to say so either.
        os._exit(NO_ROOM)


def cap() -> None:
    """Little memory, little time, no answer without end. Whoever asked may be gone: the alarm ends us."""
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_FSIZE, limits.OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        # Some systems have no such limit of memory; the others still hold.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    # Told first, so that who asked knows why; then killed.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS + 5))
    signal.alarm(limits.SECONDS * 2)


def answer(question: dict[str, Any], content: bytes, out: TextIO) -> None:
    """Write the answer: one line for a file that is opened, one for each row that is read. Raises Unread."""
    if question["do"] == "open":
        write(out, {"sheets": list(_sheets(question, content))})
        return
    for number, cells in islice(_rows(question, content), question.get("most")):
        write(out, [number, *cells])
    write(out, {"end": True})


def write(out: TextIO, line: Any) -> None:
    """One line of the answer."""
    out.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")


def _sheets(question: dict[str, Any], content: bytes) -> Iterator[dict[str, Any]]:
    if question["kind"] == CSV:
        table = open_delimited(content)
        records = table.records()
        yield summary(question["name"], hidden=False, records=records, most_rows=limits.CSV_ROWS, notes=table.notes)
        return
    for sheet in open_sheets(content):
        records = sheet.records()
        yield summary(sheet.name, hidden=sheet.hidden, records=records, most_rows=limits.XLSX_ROWS, notes=sheet.notes)


def _rows(question: dict[str, Any], content: bytes) -> Iterator[tuple[int, list[Any]]]:
    if question["kind"] == CSV:
        yield from rows_below(open_delimited(content).records(), question["header_row"], limits.CSV_ROWS)
        return
    for sheet in open_sheets(content, only=question["sheet"]):
        yield from rows_below(sheet.records(), question["header_row"], limits.XLSX_ROWS)
        return
    raise Unread("no_sheet", sheet=question["sheet"])


if __name__ == "__main__":
    main()
