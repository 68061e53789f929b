"""What a run survives, at length: fifty kills at random moments, crashes, resets, frozen and poisoned workers."""

import os
import random
import signal
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest
import redis
from django.db import connection, transaction
from django.utils import timezone

from readiness.choices import ChunkState, RunKind, RunState
from readiness.models import ReadinessScore, RecomputeChunk, RecomputeFailure, RecomputeRun
from readiness.services.runs import ATTEMPTS, has_open_chunks
from readiness.services.scores import score_deployments
from readiness.tasks import rescore_after_commit, work, work_after_commit
from rollout.models import Deployment
from tests.readiness.faults.play import SITES, Play, half_chunks, wait_for_end
from tests.readiness.faults.stage import Stage, holding_up, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.night]

KILLS, CRASHES, RESETS, FROZEN = 50, 10, 50, 10


def request(play: Play) -> RecomputeRun:
    """Ask for all days anew, every one of which has changed."""
    with transaction.atomic():
        play.replan()
        run = play.request()
        work_after_commit()
    return run


def change_something(play: Play, chance: random.Random) -> None:
    """Somebody starts somewhere, and attends at once or never."""
    with transaction.atomic():
        person = play.newcomer(chance.choice(play.world.of(Deployment)))
        if chance.random() < 0.5:
            play.train(person)
        rescore_after_commit()


def assert_clean_in_the_end(play: Play) -> None:
    """What was parked is asked for once more, as a person would; everything else has ended by itself."""
    wait_for("every chunk has ended", lambda: not has_open_chunks())
    if RecomputeChunk.objects.filter(state=ChunkState.PARKED).exists():
        run = play.request()
        work.delay()
        wait_for_end(run)
        assert run.state == RunState.DONE
    assert play.written(play.days) == play.expected(play.days)
    assert half_chunks() == []


def test_fifty_kills_of_the_worker_at_random_moments(stage: Stage) -> None:
    play = Play(days=60)
    chance = random.Random(26)
    for _kill in range(KILLS):
        if not has_open_chunks():
            request(play)
        worker = stage.worker(children=2)
        time.sleep(chance.uniform(0, 2))
        worker.kill()
        assert half_chunks() == []

    stage.worker(children=2)

    assert_clean_in_the_end(play)
    assert RecomputeChunk.objects.filter(attempts__gt=1).exists()  # some kills came in the middle of a chunk


def test_ten_crashes_of_the_database_at_random_moments(stage: Stage) -> None:
    play = Play(days=60)
    chance = random.Random(7)
    stage.worker(children=2)
    stage.beat()
    for _crash in range(CRASHES):
        if not has_open_chunks():
            request(play)
        time.sleep(chance.uniform(0, 3))
        connection.close()
        stage.crash_postgres()
        assert half_chunks() == []

    assert_clean_in_the_end(play)


def test_broker_reset_fifty_times_and_killed_ten_times(stage: Stage) -> None:
    """No change is lost, and no run."""
    play = Play(days=60)
    chance = random.Random(28)
    stage.worker(children=2)
    stage.beat()
    for number in range(RESETS):
        if not has_open_chunks():
            request(play)
        change_something(play, chance)
        time.sleep(chance.uniform(0, 0.5))
        if number % 5:
            client = redis.Redis(unix_socket_path=str(stage.layout.valkey_socket))
            client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            client.close()
        else:
            stage.kill_broker()
            stage.start_broker()

    assert_clean_in_the_end(play)
    wait_for("every change counts", lambda: play.written([play.today]) == play.expected([play.today]))


def test_frozen_workers_lose_their_chunks_and_do_nothing_twice(stage: Stage) -> None:
    """Ten children stand still in the middle of a chunk each; when they go on, others have done their work."""
    play = Play()
    frozen = stage.worker(children=FROZEN)
    with ExitStack() as held:
        for day in play.days[:FROZEN]:
            held.enter_context(holding_up(stage, play.ids[-2], day, play.model_id))
        run = request(play)
        for _child in range(FROZEN):
            work.delay()
        wait_for("every child is in the middle of a chunk", lambda: len(stage.waiting()) == FROZEN)
        frozen.signal(signal.SIGSTOP)

    stage.worker(children=2)
    wait_for_end(run)
    assert_clean_in_the_end(play)
    before = list(ReadinessScore.objects.filter(day__in=play.days).order_by("pk").values())
    frozen.signal(signal.SIGCONT)
    wait_for("every child has found that it is too late", lambda: frozen.log.read_text().count("Retry in") >= FROZEN)
    wait_for("nothing is left to do", lambda: not has_open_chunks())

    assert list(ReadinessScore.objects.filter(day__in=play.days).order_by("pk").values()) == before
    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (RunState.DONE, run.total, 0)


def test_two_workers_and_two_beats_do_everything_once(stage: Stage) -> None:
    play = Play(days=60)
    chance = random.Random(4)
    workers = [stage.worker(children=2) for _number in range(2)]
    beats = [stage.beat() for _number in range(2)]
    runs = [request(play), request(play)]
    for _change in range(20):
        change_something(play, chance)
        time.sleep(chance.uniform(0, 0.3))

    for run in runs:
        wait_for_end(run)
    assert_clean_in_the_end(play)
    wait_for("every change counts", lambda: play.written([play.today]) == play.expected([play.today]))
    nights = list(RecomputeRun.objects.nightly().values_list("first_day", "total"))
    assert nights in ([], [(play.days[-1], SITES)])
    assert all(process.child.poll() is None for process in (*workers, *beats))


def test_poisoned_chunk_is_parked_after_three_deaths(stage: Stage) -> None:
    """Whatever worker takes it dies; the other chunks are done all the same."""
    play = Play()
    worker = stage.worker()
    poisoned = play.days[5]
    with holding_up(stage, play.ids[-2], poisoned, play.model_id):
        run = request(play)
        for _death in range(ATTEMPTS):
            wait_for("a child is in the middle of the chunk", stage.waiting)
            (child,) = worker.children()
            os.kill(child, signal.SIGKILL)
            wait_for("the child and its locks have gone", lambda: not stage.waiting())
        wait_for_end(run)

    assert (run.state, run.done, run.failed) == (RunState.INCOMPLETE, run.total - SITES, SITES)
    chunk = RecomputeChunk.objects.get(day=poisoned, run=run)
    assert (chunk.state, chunk.attempts) == (ChunkState.PARKED, ATTEMPTS)
    assert RecomputeFailure.objects.filter(run=run, day=poisoned, error="Parked").count() == SITES
    others = [day for day in play.days if day != poisoned]
    assert play.written(others) == play.expected(others)
    assert worker.says("is parked after 3 attempts")
    assert_clean_in_the_end(play)


def test_beat_that_was_dead_for_three_days_catches_up_when_it_starts(stage: Stage) -> None:
    stage.worker()  # which asks when it starts, and finds no programme yet
    wait_for("the worker has asked", lambda: not has_open_chunks())
    play = Play()
    last = play.days[-4]
    score_deployments(ids=play.ids, day=last)
    now = timezone.now()
    RecomputeRun.objects.create(
        kind=RunKind.NIGHTLY,
        programme=play.world.programme,
        first_day=last,
        last_day=last,
        state=RunState.DONE,
        started_at=now - timedelta(days=3),
        ended_at=now - timedelta(days=3),
    )

    stage.beat()

    nights = RecomputeRun.objects.nightly().filter(state=RunState.DONE)
    wait_for("three more nights are done", lambda: nights.count() == 4)
    missed = play.days[-3:]
    assert play.written(missed) == play.expected(missed)
    assert list(RecomputeRun.objects.nightly().order_by("pk").values_list("first_day", flat=True)) == [last, *missed]
