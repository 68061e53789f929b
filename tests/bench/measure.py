"""Builds databases of 1,000 and 10,000 deployments, measures, prints one table; then drops the databases."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import date

from django.db import connection

from readiness.indicators import FAMILIES, facts_of_chunk, parameters, sums_sql, with_ctes
from readiness.scoring import MODEL_2026_1, Model
from readiness.services.scores import score_deployments
from rollout.models import Deployment
from tests.bench.figures import Row, show, timed, with_database
from tests.bench.imports import ROWS, import_here, measure_import
from tests.bench.night import one_night
from tests.bench.orm_loop import values_of
from tests.bench.pages import NAME as PAGES_NAME
from tests.bench.pages import measure_pages
from tests.bench.phones import measure_phones
from tests.bench.sheets import ROWS as SHEET_ROWS
from tests.bench.sheets import measure_sheets
from tests.bench.world import make_world
from tests.database import drop, maintenance

DAY = date(2026, 3, 30)
MODEL = Model.from_json(MODEL_2026_1)
LOOPED = 5  # sites of the ORM loop
ONE_SITE = 20  # times one site is re-scored
SITES = 10_000  # of the programme whose pages are measured


def bare(ids: list[int]) -> float:
    """Each indicator's query once over the whole database, nothing judged and nothing kept: the floor."""
    values = parameters(MODEL, ids=ids, day=DAY)
    total = 0.0
    with connection.cursor() as cursor:
        for family in FAMILIES:
            total += timed(lambda family=family: cursor.execute(with_ctes(f" {sums_sql(family)}"), values))
    return total


def night(name: str) -> dict[str, float]:
    """The nightly run over a database, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench", "--night", name]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def orm_seconds_a_site() -> float:
    """Seconds that the plain loop takes for a site; raises AssertionError where its figures differ from the SQL's."""
    deployments = list(Deployment.objects.select_related("site", "programme").order_by("pk")[:LOOPED])
    readings = {f.deployment_id: f.readings for f in facts_of_chunk(MODEL, ids=[d.pk for d in deployments], day=DAY)}
    seconds = 0.0
    for deployment in deployments:
        started = time.perf_counter()
        values = values_of(deployment, DAY)
        seconds += time.perf_counter() - started
        expected = {code: r.numerator / r.denominator for code, r in readings[deployment.pk].items() if r.denominator}
        differing = {code for code, value in values.items() if abs(float(value) - float(expected[code])) > 1e-9}
        assert not differing, f"the loop and the SQL disagree about {sorted(differing)}"
    return seconds / LOOPED


def measure_scores(sizes: list[int]) -> list[Row]:
    """The lines about scoring, one database a size."""
    rows: list[Row] = []
    full: dict[int, float] = {}
    for size in sizes:
        name = f"bench_{size}"
        with_database(name)
        make_world(size, DAY)
        ids = list(range(1, size + 1))
        before = bare(ids)
        first = night(name)
        after = bare(ids)
        floor = (before + after) / 2
        again = night(name)
        assert (first["done"], first["failed"], first["written"]) == (size, 0, size)
        full[size] = first["seconds"]
        one = [timed(lambda pk=pk: score_deployments(ids=[pk], day=DAY)) for pk in ids[:: size // ONE_SITE]]
        loop = orm_seconds_a_site()
        label = f"{size:,} deployments"
        rows += [
            Row(f"{label}: full nightly recompute", f"{first['seconds']:.1f} s"),
            Row(f"{label}: bare indicator queries", f"{before:.1f} s, {after:.1f} s"),
            Row(f"{label}: recompute ÷ bare queries", f"{first['seconds'] / floor:.2f}", "≤ 1.5"),
            Row(f"{label}: peak memory of the worker", f"{first['mib']:.0f} MiB", "≤ 250"),
            Row(f"{label}: second run, unchanged", f"{again['seconds']:.1f} s"),
            Row(f"{label}: second run, rows written", f"{again['written']:.0f}", "0"),
            Row(f"{label}: one site re-scored, median", f"{statistics.median(one) * 1000:.0f} ms", "≤ 50"),
            Row(f"{label}: plain ORM loop, a site", f"{loop:.1f} s"),
            Row(f"{label}: times faster than the loop", f"{loop * size / first['seconds']:,.0f}"),
        ]
        connection.close()
    if len(sizes) > 1:
        small, large = sizes[0], sizes[-1]
        goal = f"≤ {large / small * 1.05:.1f}"
        rows.append(Row(f"recompute {large:,} ÷ {small:,}", f"{full[large] / full[small]:.2f}", goal))
    with maintenance() as line:
        for size in sizes:
            drop(line, f"bench_{size}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument(
        "--sizes", default="1000,10000", help="numbers of deployments, smallest first; none leaves scoring out"
    )
    parser.add_argument("--night", metavar="DATABASE", help="score a database that stands, and print figures as JSON")
    parser.add_argument("--rows", type=int, default=ROWS, help="attendances of the import; 0 leaves it out")
    parser.add_argument(
        "--pages", type=int, default=SITES, help="sites of the programme of the pages; 0 leaves them out"
    )
    parser.add_argument("--phones", action=argparse.BooleanOptionalAction, default=True, help="200 phones at once")
    parser.add_argument("--sheets", type=int, default=SHEET_ROWS, help="rows of spreadsheets read; 0 leaves them out")
    parser.add_argument("--keep", action="store_true", help="keep the database of the pages, and take it if it stands")
    parser.add_argument("--import", dest="pack", help="import a pack into the bench's database, figures as JSON")
    options = parser.parse_args()
    if options.night:
        one_night(options.night, DAY)
        return
    if options.pack:
        import_here(options.pack)
        return
    rows = measure_scores([int(size) for size in options.sizes.split(",") if size])
    if options.pages:
        rows += measure_pages(options.pages, DAY, lambda: night(PAGES_NAME), keep=options.keep)
    if options.phones:
        rows += measure_phones()
    if options.sheets:
        rows += measure_sheets(options.sheets)
    show([*rows, *(measure_import(options.rows) if options.rows else [])])
