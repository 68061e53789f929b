"""Runs and their chunks: claimed once, done whole, given up after three tries, counted right."""

import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection

from readiness.choices import ChunkState, RevisionReason, RunKind, RunState
from readiness.models import ReadinessScore, RecomputeChunk, RecomputeFailure, RecomputeRun
from readiness.services import runs, scores
from readiness.services.nightly import start_due_runs
from readiness.services.runs import (
    ABANDONED_AFTER,
    FIRST_REST,
    NothingToScore,
    is_idle,
    request_run,
    work_on_next_chunk,
)
from rollout.models import Deployment
from tests.clock import FrozenClock
from tests.database import RunDatabase
from tests.logs import ErrorGuard
from tests.readiness.records import DAY, World

NOON = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> World:
    """Five deployments, in chunks of two; it is noon, six days after DAY."""
    frozen_clock.move_to(NOON)
    monkeypatch.setattr(runs, "CHUNK_SIZE", 2)
    monkeypatch.setattr(runs, "_broken_off", set())
    world = World()
    for _number in range(5):
        world.site()
    return world.save()


def ids(world: World) -> list[int]:
    return [deployment.pk for deployment in world.of(Deployment)]


def work(run: RecomputeRun | None = None) -> None:
    while work_on_next_chunk(run):
        pass


def counts(run: RecomputeRun) -> tuple[str, int, int, int, int]:
    """State, total, done, failed, written."""
    run.refresh_from_db()
    return run.state, run.total, run.done, run.failed, run.written


def chunks() -> list[tuple[str, int, int, int]]:
    """State, attempts, done and failed of each chunk."""
    rows = RecomputeChunk.objects.order_by("pk")
    return list(rows.values_list("state", "attempts", "done", "failed"))


def interruptions() -> list[tuple[int, datetime | None]]:
    """How often the database broke each chunk off, and until when it rests."""
    return list(RecomputeChunk.objects.order_by("pk").values_list("interruptions", "rests_until"))


def away() -> None:
    """The database is not there to be told what it broke off."""
    if runs._broken_off:
        raise OperationalError("connection refused")


# Asking for a run -----------------------------------------------------------------------------------------------------


def test_run_is_cut_into_chunks_of_each_day(world: World) -> None:
    run = request_run(first_day=DAY, last_day=DAY + timedelta(days=1))

    one, two, three, four, five = ids(world)
    assert list(RecomputeChunk.objects.values_list("day", "ids", "total", "reason")) == [
        (day, part, len(part), RevisionReason.PLAN)
        for day in (DAY, DAY + timedelta(days=1))
        for part in ([one, two], [three, four], [five])
    ]
    assert counts(run) == (RunState.WAITING, 10, 0, 0, 0)


def test_run_asked_for_twice_before_it_begins_is_one_run(world: World) -> None:
    first = request_run(first_day=DAY, last_day=DAY)
    again = request_run(first_day=DAY, last_day=DAY)
    work()

    later = request_run(first_day=DAY, last_day=DAY)

    assert (again, len(RecomputeChunk.objects.filter(run=first))) == (first, 3)
    assert later != first


def test_run_takes_the_programme_or_the_site_asked_for(world: World) -> None:
    here = world.of(Deployment)[2]

    at_site = request_run(first_day=DAY, last_day=DAY, site=here.site)
    of_programme = request_run(first_day=DAY, last_day=DAY, programme=world.programme)

    assert [(run.kind, run.total) for run in (at_site, of_programme)] == [(RunKind.ASKED, 1), (RunKind.ASKED, 5)]
    assert at_site.chunks.get().ids == [here.pk]


def test_run_leaves_out_what_is_not_scored(world: World) -> None:
    embedded, retired, *others = ids(world)
    Deployment.objects.filter(pk=embedded).update(stage="embedded")
    Deployment.objects.filter(pk=retired).update(retired_at=NOON)

    run = request_run(first_day=DAY, last_day=DAY)

    assert [pk for chunk in run.chunks.all() for pk in chunk.ids] == others


def test_run_ends_with_the_last_day_that_has_begun_anywhere(world: World) -> None:
    run = request_run(first_day=NOON.date(), last_day=NOON.date() + timedelta(days=400))

    days = sorted(set(run.chunks.values_list("day", flat=True)))
    assert days == [NOON.date(), NOON.date() + timedelta(days=1)]


@pytest.mark.parametrize("first_day", [NOON.date() + timedelta(days=2), date(2030, 1, 1)])
def test_run_of_the_future_is_refused(first_day: date, world: World) -> None:
    with pytest.raises(NothingToScore):
        request_run(first_day=first_day, last_day=first_day)

    assert not RecomputeRun.objects.exists()


def test_run_of_nothing_is_refused(world: World) -> None:
    Deployment.objects.update(stage="embedded")

    with pytest.raises(NothingToScore):
        request_run(first_day=DAY, last_day=DAY)


# Working on chunks ----------------------------------------------------------------------------------------------------


def test_chunks_are_done_one_by_one_and_the_run_ends_with_the_last(world: World, frozen_clock: FrozenClock) -> None:
    run = request_run(first_day=DAY, last_day=DAY)
    seen = [counts(run)]
    while True:
        frozen_clock.forward(seconds=1)
        if not work_on_next_chunk():
            break
        seen.append(counts(run))

    assert seen == [
        (RunState.WAITING, 5, 0, 0, 0),
        (RunState.RUNNING, 5, 2, 0, 2),
        (RunState.RUNNING, 5, 4, 0, 4),
        (RunState.DONE, 5, 5, 0, 5),
    ]
    assert (run.started_at, run.ended_at) == (NOON + MOMENT, NOON + 3 * MOMENT)
    assert sorted(ReadinessScore.objects.values_list("deployment", flat=True)) == ids(world)


def test_second_run_over_the_same_records_writes_nothing(world: World) -> None:
    work(request_run(first_day=DAY, last_day=DAY))
    before = list(ReadinessScore.objects.values())

    again = request_run(first_day=DAY, last_day=DAY)
    work(again)

    assert counts(again) == (RunState.DONE, 5, 5, 0, 0)
    assert list(ReadinessScore.objects.values()) == before


def test_urgent_chunks_come_first(world: World, frozen_clock: FrozenClock) -> None:
    """The day that ended, then what somebody asked for, then late records, then history; each day by day."""
    history = request_run(first_day=date(2026, 1, 1), last_day=date(2026, 1, 2), kind=RunKind.HISTORY)
    asked = request_run(first_day=DAY, last_day=DAY)
    (nightly,) = start_due_runs()
    runs.add_chunks(nightly, [(DAY, ids(world))], reason=RevisionReason.LATE, backdated=True)

    order = []
    while work_on_next_chunk():
        frozen_clock.forward(seconds=1)
    done = RecomputeChunk.objects.order_by("ended_at", "pk").values_list("run", "day", "backdated")
    for chunk in done:
        if chunk not in order:
            order.append(chunk)

    assert order == [
        (nightly.pk, NOON.date() - timedelta(days=1), False),
        (asked.pk, DAY, False),
        (nightly.pk, DAY, True),
        (history.pk, date(2026, 1, 1), False),
        (history.pk, date(2026, 1, 2), False),
    ]


def test_run_that_gets_more_chunks_is_under_way_again(world: World) -> None:
    run = request_run(first_day=DAY, last_day=DAY)
    work()
    run.refresh_from_db()
    runs.add_chunks(run, [(DAY + timedelta(days=1), ids(world)[:1])], reason=RevisionReason.LATE)
    reopened = counts(run), run.ended_at

    work()

    assert reopened == ((RunState.RUNNING, 6, 5, 0, 5), None)
    assert counts(run) == (RunState.DONE, 6, 6, 0, 6)
    assert run.ended_at is not None


# Chunks that fail -----------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The end of a worker process, which nothing in it can catch."""


def poison(monkeypatch: pytest.MonkeyPatch, wrong: Callable[[Any], bool], error: BaseException) -> None:
    """Judging fails for the situations that are `wrong`."""
    judge = scores.judge

    def poisoned(model: Any, readings: Any, situation: Any) -> Any:
        if wrong(situation):
            raise error
        return judge(model, readings, situation)

    monkeypatch.setattr(scores, "judge", poisoned)


def test_failing_deployment_is_recorded_and_the_others_are_scored(
    world: World, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorGuard
) -> None:
    logged_errors.expect("readiness.services.scores")
    poisoned = world.of(Deployment)[3]
    Deployment.objects.filter(pk=poisoned.pk).update(stage="deferred")
    poison(monkeypatch, lambda situation: situation.stage == "deferred", ValueError("Jane Doe"))

    run = request_run(first_day=DAY, last_day=DAY)
    work()

    assert counts(run) == (RunState.INCOMPLETE, 5, 4, 1, 4)
    assert list(RecomputeFailure.objects.values_list("run", "deployment", "day", "error")) == [
        (run.pk, poisoned.pk, DAY, "ValueError")
    ]
    scored = set(ReadinessScore.objects.values_list("deployment", flat=True))
    assert scored == set(ids(world)) - {poisoned.pk}


@pytest.mark.parametrize(
    "error", [OperationalError("canceling statement due to statement timeout"), InterfaceError("closed")]
)
def test_database_that_breaks_a_chunk_off_is_nobodys_failure(
    error: Exception, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_run(first_day=DAY, last_day=DAY)
    poison(monkeypatch, lambda _situation: True, error)

    with pytest.raises(type(error)):
        work_on_next_chunk()

    assert chunks() == [(ChunkState.WAITING, 0, 0, 0)] * 3
    assert interruptions()[0] == (1, NOON + FIRST_REST)
    assert not RecomputeFailure.objects.exists()
    assert not ReadinessScore.objects.exists()


def test_chunk_broken_off_again_and_again_rests_longer_and_is_never_parked(
    world: World, monkeypatch: pytest.MonkeyPatch, frozen_clock: FrozenClock
) -> None:
    """Half an hour of a busy database: the others are done, this one waits, and the run is under way until it is."""
    run = request_run(first_day=DAY, last_day=DAY)
    begun = []
    Deployment.objects.filter(pk=ids(world)[0]).update(stage="deferred")
    with monkeypatch.context() as patch:
        poison(patch, lambda situation: situation.stage == "deferred", OperationalError("timeout"))
        for second in range(0, 30 * 60, 5):
            frozen_clock.move_to(NOON + second * MOMENT)
            try:
                work()
            except OperationalError:
                begun.append(second)
    busy = chunks(), counts(run)
    frozen_clock.forward(seconds=301)
    work()

    assert begun == [0, 5, 15, 35, 75, 155, 315, 615, 915, 1215, 1515]
    assert busy == (
        [(ChunkState.WAITING, 0, 0, 0), (ChunkState.DONE, 1, 2, 0), (ChunkState.DONE, 1, 1, 0)],
        (RunState.RUNNING, 5, 3, 0, 3),
    )
    assert chunks()[0] == (ChunkState.DONE, 1, 2, 0)
    assert counts(run) == (RunState.DONE, 5, 5, 0, 5)


def test_attempt_is_given_back_as_soon_as_the_database_is_there_again(
    world: World, monkeypatch: pytest.MonkeyPatch, frozen_clock: FrozenClock
) -> None:
    """It went away in the middle, and with it the line over which to say so; another worker may come first."""
    run = request_run(first_day=DAY, last_day=DAY)
    with monkeypatch.context() as patch:
        poison(patch, lambda _situation: True, OperationalError("gone"))
        patch.setattr(runs, "_give_back_broken_off", away)
        with pytest.raises(OperationalError):
            work_on_next_chunk()
    while_away = chunks()[0]
    frozen_clock.move_to(NOON + ABANDONED_AFTER + MOMENT)

    work()
    resting = chunks()[0], interruptions()[0]
    frozen_clock.forward(seconds=6)
    work()

    assert while_away == (ChunkState.RUNNING, 1, 0, 0)
    assert resting == ((ChunkState.WAITING, 0, 0, 0), (1, NOON + ABANDONED_AFTER + MOMENT + FIRST_REST))
    assert chunks()[0] == (ChunkState.DONE, 1, 2, 0)
    assert counts(run) == (RunState.DONE, 5, 5, 0, 5)


def test_abandoned_chunk_is_claimed_again_and_counted_once(
    world: World, monkeypatch: pytest.MonkeyPatch, frozen_clock: FrozenClock
) -> None:
    run = request_run(first_day=DAY, last_day=DAY)
    with monkeypatch.context() as patch:
        poison(patch, lambda _situation: True, Killed())
        with pytest.raises(Killed):
            work_on_next_chunk()
    work()
    too_early = chunks(), counts(run)
    frozen_clock.move_to(NOON + ABANDONED_AFTER + MOMENT)

    work()

    assert too_early == (
        [(ChunkState.RUNNING, 1, 0, 0), (ChunkState.DONE, 1, 2, 0), (ChunkState.DONE, 1, 1, 0)],
        (RunState.RUNNING, 5, 3, 0, 3),
    )
    assert chunks()[0] == (ChunkState.DONE, 2, 2, 0)
    assert counts(run) == (RunState.DONE, 5, 5, 0, 5)


def test_chunk_claimed_before_the_clock_was_set_back_is_claimed_again(world: World, frozen_clock: FrozenClock) -> None:
    run = request_run(first_day=DAY, last_day=DAY)
    RecomputeChunk.objects.update(state=ChunkState.RUNNING, attempts=1, started_at=datetime(2038, 1, 19, tzinfo=UTC))

    work()

    assert counts(run) == (RunState.DONE, 5, 5, 0, 5)


def test_chunk_is_parked_after_three_tries(
    world: World, monkeypatch: pytest.MonkeyPatch, frozen_clock: FrozenClock, logged_errors: ErrorGuard
) -> None:
    logged_errors.expect("readiness.services.runs")
    run = request_run(first_day=DAY, last_day=DAY)
    first = set(ids(world)[:2])
    poison(monkeypatch, lambda situation: situation.stage == "deferred", Killed())
    Deployment.objects.filter(pk=min(first)).update(stage="deferred")
    tries = 0
    while True:
        try:
            if not work_on_next_chunk():
                break
        except Killed:
            tries += 1
            frozen_clock.forward(seconds=6)

    assert tries == 3
    assert chunks() == [(ChunkState.PARKED, 3, 0, 2), (ChunkState.DONE, 1, 2, 0), (ChunkState.DONE, 1, 1, 0)]
    assert counts(run) == (RunState.INCOMPLETE, 5, 3, 2, 3)
    assert set(RecomputeFailure.objects.values_list("deployment", "error")) == {(pk, "Parked") for pk in first}
    assert not work_on_next_chunk()
    assert len(logged_errors.of("readiness.services.runs")) == 1


def test_chunk_that_another_worker_finished_meanwhile_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that stood still between claiming and working."""
    run = request_run(first_day=DAY, last_day=DAY)
    claim = runs._claim

    def slow_claim(only: RecomputeRun | None) -> RecomputeChunk | None:
        chunk = claim(only)
        if chunk is not None:
            RecomputeChunk.objects.filter(pk=chunk.pk).update(state=ChunkState.DONE, done=chunk.total)
        return chunk

    monkeypatch.setattr(runs, "_claim", slow_claim)

    assert work_on_next_chunk(run)
    assert not ReadinessScore.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_real_time_out_and_a_real_lost_connection_are_no_attempts(
    world: World, monkeypatch: pytest.MonkeyPatch, frozen_clock: FrozenClock
) -> None:
    run = request_run(first_day=DAY, last_day=DAY)
    current = scores._current

    def lose_the_line(*_facts: object) -> None:
        with socket.socket(fileno=os.dup(connection.connection.fileno())) as line, connection.cursor() as cursor:
            line.shutdown(socket.SHUT_RDWR)
            cursor.execute("SELECT 1")

    def take_too_long(*_facts: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 50")
            cursor.execute("SELECT pg_sleep(20)")

    troubles = [lose_the_line, take_too_long, lose_the_line, take_too_long]
    for trouble in troubles:
        monkeypatch.setattr(scores, "_current", trouble)
        with pytest.raises(OperationalError):
            work_on_next_chunk(run)
        frozen_clock.forward(seconds=60)
    monkeypatch.setattr(scores, "_current", current)
    work()

    assert [count for count, _until in interruptions()] == [4, 0, 0]
    assert chunks()[0] == (ChunkState.DONE, 1, 2, 0)
    assert counts(run) == (RunState.DONE, 5, 5, 0, 5)


# Several workers ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("failing", [False, True])
def test_workers_at_once_do_each_chunk_once_and_end_the_run(
    failing: bool, world: World, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorGuard
) -> None:
    """Also when every chunk has a failure to write down."""
    if failing:
        logged_errors.expect("readiness.services.scores")
        poison(monkeypatch, lambda situation: situation.stage == "deferred", ValueError("wrong"))
        Deployment.objects.filter(pk__in=ids(world)[::2]).update(stage="deferred")
    wrong: list[BaseException] = []

    def worker() -> None:
        try:
            work()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    ended = []
    for number in range(5):
        run = request_run(first_day=DAY - timedelta(days=number), last_day=DAY - timedelta(days=number))
        threads = [threading.Thread(target=worker) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ended.append(counts(run))

    assert wrong == []
    assert ended == [(RunState.INCOMPLETE, 5, 2, 3, 2) if failing else (RunState.DONE, 5, 5, 0, 5)] * 5
    assert {attempts for _state, attempts, _done, _failed in chunks()} == {1}


@pytest.mark.django_db(transaction=True)
def test_chunk_ends_while_another_writes_its_failures_down(world: World, run_database: RunDatabase) -> None:
    """Their rows point to the run, whose counts both write: neither waits for the other's end."""
    run = request_run(first_day=DAY, last_day=DAY)
    with psycopg.connect(run_database.url) as line:
        line.execute(
            "INSERT INTO readiness_recomputefailure (run_id, deployment_id, day, error) VALUES (%s, %s, %s, '')",
            [run.pk, ids(world)[4], DAY],
        )

        work()

        assert counts(run) == (RunState.DONE, 5, 5, 0, 5)


def test_run_is_idle_when_nobody_began_or_ended_a_chunk_lately(world: World, frozen_clock: FrozenClock) -> None:
    silence = timedelta(seconds=45)
    nothing_open = is_idle(silence)
    request_run(first_day=DAY, last_day=DAY)
    lost = is_idle(silence)
    work_on_next_chunk()
    at_work = is_idle(silence)
    frozen_clock.forward(seconds=46)
    stopped = is_idle(silence)
    work()
    ended = is_idle(silence)

    assert (nothing_open, lost, at_work, stopped, ended) == (False, True, False, True, False)
