"""What a run survives, with real processes: killed children and workers, a crashed database, an emptied broker.

The short forms; test_faults_at_length.py has the long ones.
"""

import contextlib
import os
import signal
from collections.abc import Callable

import pytest
import redis
from django.db import connection, transaction

from readiness.choices import ChunkState, RunState
from readiness.models import ReadinessScore, RecomputeChunk, RecomputeRun
from readiness.services.runs import has_open_chunks
from readiness.tasks import rescore_after_commit, sweep, work_after_commit
from rollout.models import Deployment
from tests.readiness.faults.play import SITES, Play, done_chunks, half_chunks, wait_for_end
from tests.readiness.faults.stage import Stage, holding_up, wait_for

pytestmark = pytest.mark.faults


def request(play: Play) -> RecomputeRun:
    """Ask for the run, as a page does."""
    with transaction.atomic():
        run = play.request()
        work_after_commit()
    return run


def assert_clean(play: Play, run: RecomputeRun) -> None:
    """The run is over, and everything is as a clean run would have left it."""
    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (RunState.DONE, run.total, 0)
    assert play.written(play.days) == play.expected(play.days)
    assert half_chunks() == []


def of_today(play: Play) -> dict[int, bytes]:
    return {pk: digest for (pk, _day), digest in play.written([play.today]).items()}


def test_change_is_on_the_score_of_today(stage: Stage) -> None:
    play = Play()
    stage.worker()
    here = play.world.of(Deployment)[0]
    with transaction.atomic():
        person = play.newcomer(here)
        rescore_after_commit()
    wait_for("every site has a score of today", lambda: len(of_today(play)) == SITES)
    wait_for("the newcomer counts", lambda: play.written([play.today]) == play.expected([play.today]))
    (row,) = ReadinessScore.objects.filter(deployment=here, day=play.today)

    with transaction.atomic():
        play.train(person)
        rescore_after_commit()

    wait_for("the training counts", lambda: play.written([play.today]) == play.expected([play.today]))
    (again,) = ReadinessScore.objects.filter(deployment=here, day=play.today)
    assert (again.pk, again.provisional) == (row.pk, True)
    assert again.score > row.score


def test_change_whose_message_was_lost_is_found_by_the_sweep(stage: Stage) -> None:
    play = Play()
    stage.worker()
    wait_for("every site has a score of today", lambda: len(of_today(play)) == SITES)

    play.newcomer(play.world.of(Deployment)[3])  # nobody sends a message
    sweep.delay()

    wait_for("the newcomer counts", lambda: play.written([play.today]) == play.expected([play.today]))


def test_run_survives_a_killed_child_and_a_killed_worker(stage: Stage) -> None:
    """Each in the middle of writing a chunk, of which nothing stays."""
    play = Play()
    worker = stage.worker()
    first, second = play.days[5], play.days[11]
    with holding_up(stage, play.ids[-2], second, play.model_id):
        with holding_up(stage, play.ids[-2], first, play.model_id):
            run = request(play)
            wait_for("the worker is in the middle of a chunk", stage.waiting)
            (child,), (session,) = worker.children(), stage.waiting()
            os.kill(child, signal.SIGKILL)
            wait_for("the child and its locks have gone", lambda: session not in stage.waiting())
            assert child not in worker.children()
            assert not ReadinessScore.objects.filter(day=first).exists()
        wait_for("the next child has got further", lambda: done_chunks() > 6 and stage.waiting())
        worker.kill()
        assert not ReadinessScore.objects.filter(day=second).exists()
        assert half_chunks() == []

    stage.worker()

    wait_for_end(run)
    assert_clean(play, run)
    attempts = dict(RecomputeChunk.objects.values_list("day", "attempts"))
    assert min(attempts[first], attempts[second]) >= 2
    assert {count for day, count in attempts.items() if day not in (first, second)} == {1}


def test_run_survives_a_crash_of_the_database(stage: Stage) -> None:
    play = Play()
    stage.worker()
    with holding_up(stage, play.ids[-2], play.days[5], play.model_id):
        run = request(play)
        wait_for("the worker is in the middle of a chunk", stage.waiting)
        connection.close()
        stage.crash_postgres()
        assert half_chunks() == []

    wait_for_end(run)
    assert_clean(play, run)


def test_run_survives_a_killed_and_emptied_broker(stage: Stage) -> None:
    """The message is lost; the next sweep, which beat sends each minute, sends another."""
    play = Play()
    run = request(play)
    stage.kill_broker()
    stage.start_broker()
    stage.worker()
    wait_for("the worker found the run when it started", lambda: not has_open_chunks())
    assert_clean(play, run)
    again = play.request()
    stage.kill_broker()
    stage.start_broker()

    sweep.delay()

    wait_for_end(again)
    assert (again.state, again.written) == (RunState.DONE, 0)
    assert_clean(play, run)


def test_record_is_saved_while_the_broker_is_away(stage: Stage) -> None:
    play = Play()
    stage.kill_broker()

    with transaction.atomic():
        play.newcomer(play.world.of(Deployment)[0])
        rescore_after_commit()
    run = request(play)

    assert not ReadinessScore.objects.exists()
    stage.start_broker()
    stage.worker()
    wait_for_end(run)
    assert_clean(play, run)
    wait_for("the newcomer counts", lambda: play.written([play.today]) == play.expected([play.today]))
    assert set(RecomputeChunk.objects.values_list("state", flat=True)) == {ChunkState.DONE}


def fill(stage: Stage, client: redis.Redis) -> None:
    """The broker has no memory left and refuses to write."""
    client.set("ballast", "x" * 100_000)
    client.config_set("maxmemory", "1mb")
    with contextlib.suppress(redis.OutOfMemoryError):
        for number in range(100):
            client.set(f"ballast-{number}", "x" * 100_000)


def follow_nobody(stage: Stage, client: redis.Redis) -> None:
    """The broker has become the read-only replica of one that is not there."""
    client.replicaof("127.0.0.1", 1)


def fall_silent(stage: Stage, client: redis.Redis) -> None:
    """The broker takes what it is sent and answers nothing."""
    assert stage.valkey is not None
    os.kill(stage.valkey.pid, signal.SIGSTOP)


@pytest.mark.parametrize("trouble", [fill, follow_nobody, fall_silent])
def test_record_is_saved_whatever_the_broker_does(
    trouble: Callable[[Stage, redis.Redis], None], stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Also over a line that worked a moment ago."""
    play = Play()
    here = play.world.of(Deployment)[0]
    sweep.delay()
    trouble(stage, redis.Redis(unix_socket_path=str(stage.layout.valkey_socket)))

    with transaction.atomic():
        person = play.newcomer(here)
        rescore_after_commit()

    assert person.postings.exists()
    assert [record.getMessage() for record in caplog.records if record.name == "readiness.tasks"] == [
        "the broker is away: readiness.tasks.rescore is left to the sweep"
    ]
