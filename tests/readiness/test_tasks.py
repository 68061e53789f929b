"""What the tasks send, and when, on a real broker that nobody listens to."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.db import OperationalError, transaction
from kombu import Connection

from readiness import tasks
from readiness.models import Hazard, Heartbeat, RecomputeChunk, RecomputeRun
from readiness.services import runs
from readiness.services.rescoring import has_pending_marks
from readiness.services.runs import has_open_chunks, request_run
from tests.clock import FrozenClock
from tests.readiness.records import DAY, World

NOON = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)

Sent = list[tuple[str, bool]]


@pytest.fixture
def world(frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three deployments in three chunks, six days after DAY; today is scored."""
    frozen_clock.move_to(NOON)
    monkeypatch.setattr(runs, "CHUNK_SIZE", 1)
    world = World()
    for _number in range(3):
        world.hazard(world.site())
    world.save()
    tasks.rescore()
    return world


@pytest.fixture
def client(valkey_url: str) -> Iterator[redis.Redis]:
    """The broker as it is, beside Celery."""
    with Connection(valkey_url) as line:
        yield line.default_channel.client


def sent(client: redis.Redis) -> Sent:
    """Take what was sent, in order: the task, and whether it is to wait a while."""
    found = []
    while message := client.rpop("celery"):
        headers = json.loads(message)["headers"]
        found.append((headers["task"].removeprefix("readiness.tasks."), headers["eta"] is not None))
    return found


def test_work_is_done_to_the_end_and_nothing_is_sent(world: World, client: redis.Redis) -> None:
    run = request_run(first_day=DAY, last_day=DAY)

    tasks.work()

    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 3)
    assert sent(client) == []


def test_work_gives_its_place_back_and_goes_on_in_the_next_message(
    world: World, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BUDGET_SECONDS", 0)
    run = request_run(first_day=DAY, last_day=DAY)

    tasks.work()

    run.refresh_from_db()
    assert run.done == 1
    assert sent(client) == [("work", False)]


def test_work_shows_changes_of_today_between_two_chunks(
    world: World, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BUDGET_SECONDS", 0)
    request_run(first_day=DAY, last_day=DAY)
    Hazard.objects.update(closed_on=NOON.date())

    tasks.work()

    assert has_open_chunks()
    assert not has_pending_marks()


def test_work_asks_again_a_little_later_while_another_worker_holds_a_chunk(world: World, client: redis.Redis) -> None:
    """It may be alive, or have died a moment ago."""
    request_run(first_day=DAY, last_day=DAY)
    RecomputeChunk.objects.filter(pk=RecomputeChunk.objects.earliest("pk").pk).update(state="running", started_at=NOON)

    tasks.work()

    assert RecomputeChunk.objects.filter(state="done").count() == 2
    assert sent(client) == [("work", True)]


def test_tick_queues_the_night_and_sends_work_once(world: World, client: redis.Redis) -> None:
    tasks.tick_nightly()
    tasks.tick_nightly()

    assert sent(client) == [("work", False)]
    assert RecomputeRun.objects.get().first_day == NOON.date() - timedelta(days=1)
    assert Heartbeat.objects.get(name="tick").seen_at == NOON


def test_canary_leaves_a_sign_of_life(world: World) -> None:
    tasks.canary()

    assert Heartbeat.objects.get(name="worker").seen_at == NOON


def test_sweep_sends_what_was_lost_and_nothing_else(
    world: World, client: redis.Redis, frozen_clock: FrozenClock
) -> None:
    tasks.sweep()
    nothing_to_do = sent(client)
    Hazard.objects.update(closed_on=NOON.date())
    tasks.sweep()
    marks_wait = sent(client)
    tasks.rescore()
    request_run(first_day=DAY, last_day=DAY)
    tasks.sweep()
    run_waits = sent(client)
    runs.work_on_next_chunk()
    tasks.sweep()
    under_way = sent(client)
    frozen_clock.forward(seconds=46)
    tasks.sweep()
    fell_silent = sent(client)

    assert nothing_to_do == []
    assert marks_wait == [("rescore", False)]
    assert run_waits == [("work", False)]
    assert under_way == []
    assert fell_silent == [("work", False)]


def test_worker_and_beat_ask_what_was_left_when_they_start(world: World, client: redis.Redis) -> None:
    tasks.look_for_work()
    worker = sent(client)
    tasks.ask_about_the_night()
    beat = sent(client)

    assert worker == [("tick_nightly", False), ("rescore", False), ("work", False)]
    assert beat == [("tick_nightly", False)]


def test_hint_is_sent_after_the_commit_and_only_then(world: World, client: redis.Redis) -> None:
    with transaction.atomic():
        tasks.work_after_commit()
        tasks.rescore_after_commit()
        before = sent(client)
    after = sent(client)
    with transaction.atomic():
        tasks.work_after_commit()
        transaction.set_rollback(True)

    assert (before, after) == ([], [("work", False), ("rescore", False)])
    assert sent(client) == []


def test_task_tries_again_while_the_database_is_away(
    world: World, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_run(first_day=DAY, last_day=DAY)
    tries = iter([OperationalError("gone"), OperationalError("still gone")])
    work_on_next_chunk = runs.work_on_next_chunk

    def gone_at_first() -> bool:
        if error := next(tries, None):
            raise error
        return work_on_next_chunk()

    monkeypatch.setattr(runs, "work_on_next_chunk", gone_at_first)

    tasks.work.apply()

    assert not has_open_chunks()
