"""How long the reading pages take with 10,000 sites in one programme, how many queries they ask, what they weigh.

Each page is asked of the whole application in this process, without a network, and compared with an empty page: that of
a programme without sites. Best read on a quiet machine; the ratio says more than the milliseconds.
"""

import gzip
import statistics
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from rollout.choices import Role
from rollout.models import Deployment, Programme, User
from tests import factories as make
from tests.bench.figures import Row, timed, with_database
from tests.bench.world import make_world
from tests.database import drop, maintenance, use

NAME = "bench_pages"
DAYS = 30  # of history behind the newest score of each site
TIMES = 40
WARM = 3
PAGE_MS, BOARD_MS, PART_MS = 300, 400, 150
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
    Asked("training of a site", "deployment-training", site=True),
    Asked("champions of the programme", "programme-rota"),
    Asked("champions of a site", "deployment-rota", site=True),
    Asked("search", "search", "?q=site+9"),
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
class Measured:
    """What a page takes: milliseconds (95th percentile), queries, bytes compressed."""

    p95: float
    queries: int
    bytes: int


def measured(client: Client, address: str, part: str = "") -> Measured:
    """Ask a page again and again. Raises AssertionError where it does not answer with a page."""
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    answers = [client.get(address, headers=headers) for _ in range(WARM)]
    assert answers[-1].status_code == 200, f"{address} answers {answers[-1].status_code}"
    seconds = [timed(lambda: client.get(address, headers=headers)) for _ in range(TIMES)]
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers=headers)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return Measured(p95 * 1000, len(captured), len(gzip.compress(answers[-1].content)))


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
        stands = bool(line.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).fetchone())
    if not (keep and stands):
        fill(size, day, score)
    use(NAME)
    settings.ALLOWED_HOSTS = ["testserver"]
    client = reader()
    large = Programme.objects.exclude(code=EMPTY).get()
    site = Deployment.objects.filter(programme=large).order_by("pk").values_list("site__code", flat=True)[size // 2]
    empty = measured(client, reverse("readiness:deployment-list", kwargs={"programme": EMPTY}))
    label = f"{size:,} sites"
    rows = [Row(f"{label}: empty page", f"p95 {empty.p95:.0f} ms, {empty.queries} queries")]
    for asked in PAGES:
        what = f"{label}: {asked.what}"
        address = address_of(asked, large.code, site, day)
        if not address:
            rows.append(Row(what, "no such page yet"))
            continue
        found = measured(client, address, asked.part)
        figure = (
            f"p95 {found.p95:.0f} ms, {found.p95 / empty.p95:.1f} × empty, {found.queries} queries, "
            f"{found.bytes / 1000:.1f} KB"
        )
        goal = f"≤ {asked.goal_ms} ms, ≤ {RATIO}, ≤ {QUERIES}, ≤ {asked.goal_kb} KB"
        rows.append(Row(what, figure, goal))
    connection.close()
    if not keep:
        with maintenance() as line:
            drop(line, NAME)
    return rows
