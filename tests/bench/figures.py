"""A line of the table, and what every measurement needs: a clock and a database of its own."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import call_command
from psycopg.sql import SQL, Identifier

from tests.database import drop, maintenance, use


@dataclass
class Row:
    """A line of the table: what, how much, and what it should be at most (empty: no goal)."""

    what: str
    figure: str
    goal: str = ""


def timed(function: Callable[[], object]) -> float:
    """Seconds of wall clock that a call takes."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def with_database(name: str) -> None:
    """A new, migrated database of this name, in use as its owner."""
    with maintenance() as line:
        drop(line, name)
        line.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    use(name)
    call_command("migrate", verbosity=0)


def show(rows: list[Row]) -> None:
    """One table, as docs/benchmarks.md holds it."""
    width = max(len(row.what) for row in rows)
    sys.stdout.write(f"| {'what':{width}} | measured | goal |\n| {'-' * width} | --- | --- |\n")
    for row in rows:
        sys.stdout.write(f"| {row.what:{width}} | {row.figure} | {row.goal} |\n")
