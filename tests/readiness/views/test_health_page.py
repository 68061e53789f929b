"""System health: parts, nightly runs, all runs, and days to be worked out again, for administrators."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import RunKind, RunState
from readiness.models import Heartbeat, RecomputeRun
from readiness.views import health, runs
from rollout.broker import broker_answers
from rollout.choices import Role, Stage
from rollout.embedded.valkey import start_valkey
from rollout.models import AuditMark, Deployment, Programme
from tests import factories as make
from tests.broker import use_broker
from tests.clock import FrozenClock
from tests.pages import table, words

NEXT_MORNING = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
PAGE = "/admin/health/"


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Programme:
    frozen_clock.move_to(NEXT_MORNING)
    monkeypatch.setattr(health, "broker_answers", lambda: True)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def administrator(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


def make_night(programme: Programme, days_ago: int = 0, **fields: Any) -> RecomputeRun:
    """A nightly run of the day so long before DAY."""
    day = make.DAY - timedelta(days=days_ago)
    return make.make_run(programme=programme, first_day=day, last_day=day, **fields)


def states(text: str) -> list[tuple[str, str]]:
    """Each part by the first word of its name, with its state."""
    return [(row[0].split()[0], row[2]) for row in table(text, "signs")]


def test_page_of_a_sound_service_says_so(programme: Programme, administrator: Client):
    for name in ("worker", "tick"):
        Heartbeat.objects.create(name=name, seen_at=NEXT_MORNING - timedelta(seconds=20))
    AuditMark.objects.create(pk=1, looked_at=NEXT_MORNING - timedelta(seconds=50))

    text = administrator.get(PAGE).text

    assert words(text).startswith("System health –")
    assert "All parts are at work, and no nightly run is late." in words(text)
    assert states(text) == [
        ("Worker", "At work"),
        ("Nightly", "At work"),
        ("Seal", "At work"),
        ("Database", "At work"),
        ("Message", "At work"),
    ]


def test_part_that_is_silent_or_not_reachable_is_named(
    programme: Programme, administrator: Client, monkeypatch: pytest.MonkeyPatch
):
    Heartbeat.objects.create(name="worker", seen_at=NEXT_MORNING - timedelta(seconds=91))
    AuditMark.objects.create(pk=1, looked_at=NEXT_MORNING - timedelta(minutes=11))
    monkeypatch.setattr(health, "broker_answers", lambda: False)

    text = administrator.get(PAGE).text

    assert (
        "Needs a look: Worker, Seal of the audit trail, Message broker (Redis). Not seen at work yet: Nightly tick."
        in words(text)
    )
    assert states(text) == [
        ("Worker", "Silent for too long"),
        ("Nightly", "Never seen yet"),
        ("Seal", "Silent for too long"),
        ("Database", "At work"),
        ("Message", "Not reachable"),
    ]


def test_nights_say_how_they_went_when_the_next_is_due_and_which_is_late(programme: Programme, administrator: Client):
    fine, new, embedded = (make.make_programme(name=name) for name in ("Fine", "New", "Old and embedded"))
    for of in (programme, fine, new):
        make.make_deployment(programme=of, site=make.make_site(time_zone="Europe/London"))
    make.make_deployment(programme=fine, site=make.make_site(time_zone="Asia/Tokyo"))
    Deployment.objects.filter(pk=make.make_deployment(programme=embedded).pk).update(stage=Stage.EMBEDDED)
    make_night(programme, 2, total=1, done=1)
    make_night(
        programme,
        1,
        total=40,
        done=11,
        failed=2,
        state=RunState.RUNNING,
        started_at=NEXT_MORNING - timedelta(hours=30),
        ended_at=None,
    )
    make_night(fine, total=2, done=2)

    text = administrator.get(PAGE).text

    assert "1 nightly run is late." in words(text)
    midnight = "midnight on 16 March 2026"
    assert table(text, "nights") == [
        ["One record", "13 March 2026 , Running", "11 of 40", "2", midnight, "Late Scores are from 12 March 2026"],
        ["Fine", "14 March 2026 , Done", "2 of 2", "0", "3pm on 15 March 2026", "On time"],
        ["New", "None yet", "No data", "No data", midnight, "Not due yet"],
        ["Old and embedded", "None yet", "No data", "No data", "No site is scored", "Not due yet"],
    ]


def test_every_run_and_record_is_one_link_away(programme: Programme, administrator: Client):
    make.make_run(programme=programme)
    waiting = make.make_run(programme=None, kind=RunKind.ASKED, started_at=None, ended_at=None, state=RunState.WAITING)

    text = administrator.get(PAGE).text
    run = words(administrator.get(f"{PAGE}{waiting.pk}/").text)

    assert [row[0] for row in table(text, "run-table")] == [
        "14 March 2026 Asked for: all programmes",
        "14 March 2026 Nightly: One record",
    ]
    assert 'href="/django-admin/"' in text
    assert "Started Not yet Ended Not yet Nothing failed." in run


@pytest.mark.parametrize(("code", "expected"), [("", (None, 4)), ("EPR", ("EPR", 3))])
def test_days_are_worked_out_again_for_one_programme_or_all(
    code: str,
    expected: tuple[str | None, int],
    programme: Programme,
    administrator: Client,
    monkeypatch: pytest.MonkeyPatch,
):
    sent: list[str] = []
    monkeypatch.setattr(runs, "work_after_commit", lambda: sent.append("work"))
    make.make_deployments(3, programme=programme, score=False)
    make.make_deployment()

    answer = administrator.post(PAGE, {"programme": code, "first_day": "2026-03-14"})

    run = RecomputeRun.objects.get()
    assert (answer.status_code, answer.headers["Location"], sent) == (302, PAGE, ["work"])
    assert (run.programme and run.programme.code, run.total) == expected


@pytest.mark.parametrize("code", ["NOBODY", "\x00", "EPR\x00", "1"])
def test_programme_that_is_none_is_refused_at_the_field(code: str, administrator: Client):
    answer = administrator.post(PAGE, {"programme": code, "first_day": "2026-03-14"})

    assert (answer.status_code, RecomputeRun.objects.count()) == (422, 0)
    assert "Error: System health" in words(answer.text)


def test_queries_do_not_grow_with_programmes_and_runs(programme: Programme, administrator: Client):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(PAGE).status_code == 200
        return len(captured)

    make.make_deployment(programme=programme)
    make_night(programme, 2)
    administrator.get(PAGE)  # the first request of a log-in also writes its session
    one = count()
    for _number in range(3):
        another = make.make_programme()
        make.make_deployment(programme=another)
        make_night(another, 2)

    assert (count(), one <= 25) == (one, True)


def test_live_part_asks_neither_the_broker_nor_the_parts(
    programme: Programme, administrator: Client, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    def ask() -> dict[str, str]:
        asked.append("parts")
        return {}

    monkeypatch.setattr(health, "parts_and_nights", ask)

    part = administrator.get(PAGE, headers={"HX-Request": "true", "HX-Target": "runs"})

    assert (part.status_code, asked, "Parts of the service" in part.text) == (200, [], False)


# The broker ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory, valkey_url: str) -> Iterator[tuple[str, int]]:
    """A Valkey of this test alone: its address and its process."""
    path = Path(valkey_url.removeprefix("redis+socket://").partition("?")[0]).with_name("other")
    child = start_valkey(path, path.with_suffix(".log"))
    before = use_broker(f"redis+socket://{path}?virtual_host=0")
    yield f"redis+socket://{path}?virtual_host=0", child.pid
    use_broker(before)
    child.kill()
    child.wait()


def test_broker_answers_while_it_is_there(broker: tuple[str, int]):
    _address, process = broker
    there = broker_answers()
    os.kill(process, signal.SIGSTOP)
    silent = broker_answers()
    os.kill(process, signal.SIGCONT)
    again = broker_answers()
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    gone = broker_answers()

    assert (there, silent, again, gone) == (True, False, True, False)
