"""How long the reading pages take with 10,000 sites in one programme, how many queries they ask, what they weigh.

Each page is asked of the whole application in this process, without a network, in turn with an empty page: that of a
programme without sites. The ratio to it is of computing (this process and the database's), which others on the machine
disturb far less than they do the clock; the milliseconds by the clock are best read on a quiet machine.
"""

import gzip
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from rollout.choices import Role
from rollout.models import Deployment, Programme, User
from tests import factories as make
from tests.bench.figures import Row, with_database
from tests.bench.world import make_world
from tests.database import drop, maintenance, use

NAME = "bench_pages"
DAYS = 30  # of history behind the newest score of each site
TIMES = 40
WARM = 3
PAGE_MS, BOARD_MS, PART_MS, SEARCH_MS = 300, 400, 150, 200
PAGE_KB, PART_KB = 25, 8
QUERIES = 25
RATIO = 8
EMPTY = "EMPTY"  # code of the programme without sites


@dataclass(frozen=True)
class Asked:
    """A page to measure: its URL name, what follows it, and its budget of UX.md section 13. `part`: htmx asks."""

    what: str
    name: str
    query: str = ""
    site: bool = False
    part: str = ""
    goal_ms: int = PAGE_MS
    goal_kb: int = PAGE_KB


PAGES = (
    Asked("programmes", "programme-list"),
    Asked("programme", "programme-detail"),
    Asked("board dashboard", "programme-board", goal_ms=BOARD_MS),
    Asked("sites", "deployment-list"),
    Asked("sites by score", "deployment-list", "?sort=-score"),
    Asked("sites by band", "deployment-list", "?sort=band"),
    Asked("sites, as part", "deployment-list", "?sort=-score", part="sites", goal_ms=PART_MS, goal_kb=PART_KB),
    Asked("heat map, as part", "deployment-list", "?view=heatmap", part="sites", goal_ms=PART_MS, goal_kb=PART_KB),
    Asked("sites where declared and computed differ", "deployment-list", "?differs=on"),
    Asked("sites with changes of two weeks", "deployment-list", "?since={since}"),
    Asked("sites as of a past day", "deployment-list", "?as_of={since}"),
    Asked("heat map", "deployment-list", "?view=heatmap"),
    Asked("heat map by a domain", "deployment-list", "?view=heatmap&sort=training"),
    Asked("site", "deployment-detail", site=True),
    Asked("why", "deployment-why", site=True),
    Asked("why it moved", "deployment-why", "?since={since}", site=True),
    Asked("timeline", "deployment-timeline", site=True),
    Asked("checklist", "checklist", site=True),
    Asked("gates", "gate-list", site=True),
    Asked("training of the programme", "programme-training"),
    Asked("training of the programme, as part", "programme-training", part="sites", goal_ms=PART_MS, goal_kb=PART_KB),
    Asked("training of a site", "deployment-training", site=True),
    Asked("champions of the programme", "programme-rota"),
    Asked("champions of the programme, as part", "programme-rota", part="sites", goal_ms=PART_MS, goal_kb=PART_KB),
    Asked("champions of a site", "deployment-rota", site=True),
    Asked("search", "search", "?q=site+9", goal_ms=SEARCH_MS),
)

# A month of scores behind the newest ones, and declared statuses: what the nights before would have left.
HISTORY = """
    INSERT INTO readiness_readinessscore (deployment_id, day, model_id, revision, provisional, computed_at, reason,
        score, raw, expected, coverage, days_to_go, band, caps, domains, indicators, digest)
    SELECT deployment_id, day - k, model_id, revision, provisional, computed_at - k * interval '1 day', reason,
        greatest(score - k * 0.25, 0), greatest(raw - k * 0.25, 0), expected, coverage, days_to_go + k,
        CASE WHEN k > 10 AND deployment_id %% 7 = 0 THEN 'off_track' ELSE band END, caps, domains, indicators, digest
    FROM readiness_readinessscore, generate_series(1, %(days)s) k ORDER BY k DESC, deployment_id
"""
DECLARED = """
    UPDATE rollout_deployment SET declared_status = (ARRAY['green', 'amber', 'red'])[1 + id %% 3],
        declared_on = %(day)s::date - (id %% 30)::int
"""
GATES = """
    INSERT INTO readiness_gate (programme_id, code, name, kind, due_days, minimum_score, retired_reason)
    SELECT p.id, 'T-' || d, d || ' days before', 'checkpoint', d, 50, ''
    FROM rollout_programme p, unnest(ARRAY[120, 90, 60, 30, 3]) d
"""
WAVES = (
    """INSERT INTO rollout_wave (programme_id, number, name, retired_reason)
       SELECT p.id, n, '', '' FROM rollout_programme p, generate_series(1, 8) n""",
    """UPDATE rollout_deployment d SET wave_id = w.id FROM rollout_wave w
       WHERE w.programme_id = d.programme_id AND w.number = 1 + d.id %% 8""",
)
TOUCHED = ("readiness_readinessscore", "rollout_deployment", "readiness_gate", "rollout_wave")


def fill(size: int, day: date, score: Any) -> None:
    """A database of one programme with `size` sites, each with a month of scores; `score()` works out the newest."""
    with_database(NAME)
    make_world(size, day, per_programme=size)
    score()
    use(NAME)
    with connection.cursor() as cursor:
        for table in TOUCHED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(HISTORY, {"days": DAYS})
        cursor.execute(DECLARED, {"day": day})
        cursor.execute(GATES)
        for statement in WAVES:
            cursor.execute(statement, [])
        for table in TOUCHED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def reader() -> Client:
    """A programme manager who has just logged in, of the large programme and of one without sites."""
    empty = Programme.objects.filter(code=EMPTY).first() or make.make_programme(
        pk=Programme.objects.aggregate(last=Max("pk"))["last"] + 1, code=EMPTY, name="Without sites"
    )
    user = User.objects.create(email=f"reader{User.objects.count()}@example.org", name="Reader")
    for programme in (Programme.objects.exclude(code=EMPTY).get(), empty):
        make.make_member(Role.PROGRAMME_MANAGER, programme=programme, user=user)
    client = Client()
    client.force_login(user)
    return client


@dataclass(frozen=True)
class Cost:
    """What one request takes: milliseconds by the clock, and of computing (this process and the database's)."""

    elapsed: float
    computing: float


@dataclass(frozen=True)
class Measured:
    """What a page takes: median and 95th percentile by the clock, computing in the median (ms), queries, bytes.

    `times_empty` compares its computing with that of the empty page, which was asked in turn with it.
    """

    median: float
    p95: float
    computing: float
    times_empty: float
    queries: int
    bytes: int


def computed() -> float:
    """Milliseconds that this process and the one that serves it in the database have computed so far.

    Waiting for a processor that others use is not in it, as far as the machine can tell.
    """
    line = connection.connection
    backend = Path(f"/proc/{line.info.backend_pid}/schedstat").read_text().split()[0] if line else "0"
    return time.process_time() * 1000 + int(backend) / 1_000_000


def cost_of(client: Client, address: str, headers: dict[str, str]) -> Cost:
    """Ask a page once."""
    before, began = computed(), time.perf_counter()
    client.get(address, headers=headers)
    return Cost((time.perf_counter() - began) * 1000, computed() - before)


def measured(client: Client, address: str, empty: str, part: str = "") -> Measured:
    """Ask a page again and again, the empty page in turn with it, so that both meet the same other work.

    Raises AssertionError where it does not answer with a page.
    """
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    answers = [client.get(address, headers=headers) for _ in range(WARM)]
    assert answers[-1].status_code == 200, f"{address} answers {answers[-1].status_code}"
    pairs = [(cost_of(client, empty, {}), cost_of(client, address, headers)) for _ in range(TIMES)]
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers=headers)
    elapsed = [cost.elapsed for _empty, cost in pairs]
    computing = statistics.median(cost.computing for _empty, cost in pairs)
    return Measured(
        median=statistics.median(elapsed),
        p95=statistics.quantiles(elapsed, n=20)[-1],
        computing=computing,
        times_empty=computing / statistics.median(cost.computing for cost, _page in pairs),
        queries=len(captured),
        bytes=len(gzip.compress(answers[-1].content)),
    )


def address_of(asked: Asked, programme: str, site: str, day: date) -> str:
    """The address of a page, "" where there is no such page."""
    place = {"programme": programme, **({"site": site} if asked.site else {})}
    for arguments in (place, {}):
        try:
            page = reverse(f"readiness:{asked.name}", kwargs=arguments)
        except NoReverseMatch:
            continue
        return page + asked.query.format(since=day - timedelta(days=14))
    return ""


def measure_pages(size: int, day: date, score: Any, *, keep: bool = False) -> list[Row]:
    """The lines about pages. `keep` takes the database as the last run left it, and leaves it standing."""
    with maintenance() as line:
        stands = bool(line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone())
    if not (keep and stands):
        fill(size, day, score)
    use(NAME)
    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    import_module("rollout.wsgi")  # this process is then as the server's is before its first request
    # It is the morning after the scores: gates, rotas and runs are held against the clock.
    morning = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(days=1)
    with mock.patch.object(timezone, "now", return_value=morning):
        rows = lines(size, day)
    connection.close()
    if not keep:
        with maintenance() as line:
            drop(line, NAME)
    return rows


def lines(size: int, day: date) -> list[Row]:
    """A line for the empty page and one for each page."""
    client = reader()
    large = Programme.objects.exclude(code=EMPTY).get()
    site = Deployment.objects.filter(programme=large).order_by("pk").values_list("site__code", flat=True)[size // 2]
    nothing = reverse("readiness:deployment-list", kwargs={"programme": EMPTY})
    label = f"{size:,} sites"
    rows = [Row(f"{label}: empty page", figures(measured(client, nothing, nothing)))]
    for asked in PAGES:
        what = f"{label}: {asked.what}"
        if address := address_of(asked, large.code, site, day):
            goal = f"≤ {asked.goal_ms} ms, ≤ {RATIO}, ≤ {QUERIES}, ≤ {asked.goal_kb} KB"
            rows.append(Row(what, figures(measured(client, address, nothing, asked.part)), goal))
        else:
            rows.append(Row(what, "no such page yet"))
    return rows


def figures(found: Measured) -> str:
    """What was measured, as a cell of the table."""
    return (
        f"median {found.median:.0f} ms, p95 {found.p95:.0f} ms, computing {found.computing:.0f} ms, "
        f"{found.times_empty:.1f} × empty, {found.queries} queries, {found.bytes / 1000:.1f} KB"
    )
