"""The change of shifts: 200 phones send what waited on them, some of it twice, within a minute.

The requests go through the whole of Django but not over a network, 8 at once, as two web processes of four threads take
them. The floor is the same rows written by a bare INSERT each, in a transaction each, on as many connections.
"""

import json
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from rollout.choices import Role, Stage
from rollout.models import User
from tests import factories as make
from tests.bench.figures import Row, with_database
from tests.database import drop, maintenance
from training.dashboards.log_state import owner_id
from training.models import Champion, ChampionShift, LogEntry, ShiftPattern, StaffMember

NAME = "bench_phones"
PHONES, QUEUED, AT_ONCE = 200, 5, 8
REPEATED = 0.2
SEED = 5

BARE = """
INSERT INTO training_championshift
    (client_id, programme_id, staff_id, ward_id, starts_at, ends_at, state, planned_on, notes, retired_reason)
VALUES (%s, %s, %s, %s, %s, %s, 'worked', %s, '', '')
"""


def make_phones() -> list[tuple[User, list[dict[str, Any]]]]:
    """Ward managers, each with the entries that wait: five days of one champion's early shift."""
    deployment = make.make_deployment(stage=Stage.LIVE, actual_go_live_on=timezone.localdate())
    pattern = ShiftPattern.objects.create(programme=deployment.programme, name="early", starts="07:00", ends="15:00")
    today = timezone.localdate()
    phones = []
    for _number in range(PHONES):
        ward = make.make_ward(site=deployment.site)
        person = make.make_staff(ward)
        Champion.objects.create(staff=person, programme=deployment.programme, from_on=today - timedelta(days=30))
        user = make.make_member(Role.WARD_MANAGER, ward=ward)
        days = [today - timedelta(days=back) for back in range(QUEUED, 0, -1)]
        phones.append((user, [entry_of(user, ward.pk, person.pk, pattern.pk, day.isoformat()) for day in days]))
    return phones


def entry_of(user: User, ward: int, champion: int, pattern: int, on: str) -> dict[str, Any]:
    """One entry, as a phone sends it."""
    body = {"ward": ward, "champion": champion, "pattern": pattern, "on": on, "helped": 3}
    at = timezone.now().isoformat()
    return {"client_id": str(uuid4()), "kind": "shift", "owner": owner_id(user), "device_at": at, "body": body}


def on_threads(tasks: Iterable[Callable[[], float]]) -> list[float]:
    """Run tasks on threads, each with a connection of its own; what each task gave."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda task: task(), tasks))


def sending(client: Client, entries: list[dict[str, Any]]) -> Callable[[], float]:
    """One POST; the seconds it took. Raises AssertionError unless everything was taken."""
    content = json.dumps({"entries": entries, "device_now": timezone.now().isoformat()})

    def send() -> float:
        started = time.perf_counter()
        answer = client.post("/log/entries/", content, content_type="application/json")
        seconds = time.perf_counter() - started
        said = {each["answer"] for each in answer.json()["answers"]}
        assert said <= {"accepted", "already"}, said
        return seconds

    return send


def inserting(rows: list[tuple[Any, ...]]) -> Callable[[], float]:
    """The same rows, each by one statement in a transaction of its own; the seconds they took."""

    def insert() -> float:
        started = time.perf_counter()
        for row in rows:
            with connection.cursor() as cursor:
                cursor.execute(BARE, row)
        return time.perf_counter() - started

    return insert


def measure_phones() -> list[Row]:
    """The change of shifts in a database of its own, which is dropped afterwards."""
    settings.ALLOWED_HOSTS = ["testserver"]
    with_database(NAME)
    rows = burst()
    connection.close()
    with maintenance() as line:
        drop(line, NAME)
    return rows


def burst() -> list[Row]:
    """Send what waits on the phones, a fifth of it again, then write as many rows bare."""
    dice = random.Random(SEED)
    tasks = []
    for user, entries in make_phones():
        client = Client()
        client.force_login(user)
        tasks.append(sending(client, entries))
        again = [entry for entry in entries if dice.random() < REPEATED]
        tasks += [sending(client, again)] if again else []
    started = time.perf_counter()
    each = sorted(on_threads(tasks))
    seconds = time.perf_counter() - started
    rows = ChampionShift.objects.count()
    assert rows == LogEntry.objects.count() == PHONES * QUEUED, rows
    p95 = each[int(len(each) * 0.95)]
    bare = bare_seconds()
    return [
        Row(
            f"{PHONES} phones × {QUEUED} entries, {AT_ONCE} at once, a fifth sent again: p95",
            f"{p95 * 1000:.0f} ms, {rows:,} rows, once each",
            "1 s",
        ),
        Row(
            "rows a second, and how often as long as bare inserts take",
            f"{rows / seconds:.0f}/s, {seconds / bare:.1f} times",
        ),
    ]


def bare_seconds() -> float:
    """How long as many bare inserts take, of other people at the same times, on as many connections."""
    columns = ("programme_id", "ward_id", "starts_at", "ends_at", "planned_on", "staff_id")
    others: dict[int, int] = {}
    rows: dict[int, list[tuple[Any, ...]]] = {}
    people = {person.pk: person for person in StaffMember.objects.all()}
    for programme, ward, starts, ends, planned, staff in ChampionShift.objects.values_list(*columns):
        if staff not in others:
            twin = StaffMember.objects.create(organisation_id=people[staff].organisation_id, number=f"twin {staff}")
            others[staff] = twin.pk
        rows.setdefault(staff, []).append((uuid4(), programme, others[staff], ward, starts, ends, planned))
    tasks = [inserting(each) for each in rows.values()]
    started = time.perf_counter()
    on_threads(tasks)
    return time.perf_counter() - started
