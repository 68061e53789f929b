"""Today's rows, re-scored from the marks that changes leave."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from readiness.models import Hazard, ReadinessScore, RescoreMark
from readiness.services import rescoring, scores
from readiness.services.rescoring import has_pending_marks, rescore_marked, rescore_next_batch
from readiness.services.runs import request_run, work_on_next_chunk
from readiness.services.scores import Outcome, score_deployments
from rollout.models import Deployment
from tests.clock import FrozenClock
from tests.database import RunDatabase
from tests.readiness.records import DAY, World

AUCKLAND, LONDON, HONOLULU = "Pacific/Auckland", "Europe/London", "Pacific/Honolulu"
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)  # it is the day after in Auckland
pytestmark = pytest.mark.django_db


def sites(*zones: str) -> World:
    """A deployment in each zone, with a score of today and no mark left."""
    world = World()
    for zone in zones:
        world.hazard(world.site(zone))
    world.save()
    settle()
    return world


def settle() -> None:
    """Re-score whatever is marked."""
    while rescore_next_batch() is not None:
        pass


def close_hazard_of(deployment: Deployment) -> None:
    Hazard.objects.filter(deployment=deployment).update(closed_on=DAY)


def readings() -> dict[int, tuple[date, str]]:
    """The day and the number of closed hazards of each deployment's newest row."""
    rows = ReadinessScore.objects.current().order_by("day")
    return {row.deployment_id: (row.day, row.indicators["governance.hazards"][1]) for row in rows}


def test_marked_deployments_are_scored_for_today_at_their_sites(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)
    world = sites(AUCKLAND, LONDON, HONOLULU)
    auckland, london, honolulu = world.of(Deployment)
    before = ReadinessScore.objects.get(deployment=honolulu)
    close_hazard_of(auckland)
    close_hazard_of(london)

    assert rescore_next_batch() == Outcome(done=2, written=2)

    tomorrow = DAY + timedelta(days=1)
    assert readings() == {auckland.pk: (tomorrow, "1"), london.pk: (DAY, "1"), honolulu.pk: (DAY, "0")}
    assert ReadinessScore.objects.get(deployment=honolulu).computed_at == before.computed_at
    assert not has_pending_marks()
    assert rescore_next_batch() is None


def test_mark_that_reaches_back_stays_for_the_night(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)
    world = sites(LONDON)
    Hazard.objects.update(closed_on=DAY - timedelta(days=3))

    settle()

    assert list(RescoreMark.objects.filter(from_day__gt=DAY - timedelta(days=30)).values_list("from_day")) == [
        (DAY - timedelta(days=3),)
    ]
    assert readings() == {world.of(Deployment)[0].pk: (DAY, "1")}


def test_batches_go_on_until_no_mark_is_left(frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen_clock.move_to(NOON)
    monkeypatch.setattr(rescoring, "BATCH", 2)
    world = sites(*[LONDON] * 5)
    Hazard.objects.update(closed_on=DAY)

    batches = []
    while (outcome := rescore_next_batch()) is not None:
        batches.append(outcome.done)

    assert batches == [2, 2, 1]
    assert set(readings().values()) == {(DAY, "1")}
    assert len(readings()) == len(world.of(Deployment))


def test_embedded_deployment_uses_its_marks_up(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)
    sites(LONDON)
    Deployment.objects.update(stage="embedded")
    Hazard.objects.update(closed_on=DAY)

    assert rescore_next_batch() == Outcome()
    assert not has_pending_marks()


def test_marks_come_back_when_the_batch_dies(frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen_clock.move_to(NOON)
    sites(LONDON)
    Hazard.objects.update(closed_on=DAY)

    def gone(**_arguments: object) -> Outcome:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(rescoring, "score_deployments", gone)
        with pytest.raises(OperationalError):
            rescore_next_batch()

    assert has_pending_marks()
    assert rescore_next_batch() == Outcome(done=1, written=1)


def test_rescoring_gives_its_place_back_when_its_time_is_up(
    frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen_clock.move_to(NOON)
    monkeypatch.setattr(rescoring, "BATCH", 1)
    sites(LONDON, LONDON)
    Hazard.objects.update(closed_on=DAY)

    assert not rescore_marked(until=0)
    assert has_pending_marks()
    assert rescore_marked(until=float("inf"))
    assert not has_pending_marks()


@pytest.mark.django_db(transaction=True)
def test_marks_that_another_worker_holds_are_left_to_it(frozen_clock: FrozenClock, run_database: RunDatabase) -> None:
    frozen_clock.move_to(NOON)
    sites(LONDON, LONDON)
    Hazard.objects.update(closed_on=DAY)
    with psycopg.connect(run_database.url) as line:
        line.execute("SELECT * FROM readiness_rescoremark WHERE today_pending FOR UPDATE")

        assert rescore_next_batch() is None
        assert has_pending_marks()

    assert rescore_next_batch() == Outcome(done=2, written=2)


@pytest.mark.django_db(transaction=True)
def test_older_facts_never_overwrite_newer_ones(
    frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, run_database: RunDatabase
) -> None:
    """One worker has gathered its facts when the record changes and another one scores it."""
    frozen_clock.move_to(NOON)
    deployment = sites(LONDON).of(Deployment)[0]
    judge = scores.judge
    gathered, go_on = threading.Event(), threading.Event()

    def slow_once(*arguments: Any) -> Any:
        if not gathered.is_set():
            gathered.set()
            assert go_on.wait(60)
        return judge(*arguments)

    def score() -> None:
        score_deployments(ids=[deployment.pk], day=DAY)
        connection.close()

    def is_waiting() -> bool:
        with psycopg.connect(run_database.owner_url) as line:  # another session's waits are its owner's to see
            sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
            return line.execute(sql).fetchone() == (1,)

    monkeypatch.setattr(scores, "judge", slow_once)
    older = threading.Thread(target=score)
    older.start()
    assert gathered.wait(60)
    Hazard.objects.update(closed_on=DAY)
    newer = threading.Thread(target=score)
    newer.start()
    while newer.is_alive() and not is_waiting():
        time.sleep(0.01)
    go_on.set()
    older.join()
    newer.join()

    assert readings() == {deployment.pk: (DAY, "1")}


@pytest.mark.django_db(transaction=True)
def test_newest_facts_win_however_many_score_at_once(frozen_clock: FrozenClock) -> None:
    """Today's marks, an asked-for run and direct scoring, while hazards are closed and opened again."""
    frozen_clock.move_to(NOON)
    world = sites(AUCKLAND, LONDON, HONOLULU, LONDON)
    ids = [deployment.pk for deployment in world.of(Deployment)]
    wrong: list[BaseException] = []
    over = threading.Event()

    def guarded(step: object) -> threading.Thread:
        def loop() -> None:
            try:
                while not over.is_set():
                    step()
            except BaseException as error:
                wrong.append(error)
            finally:
                connection.close()

        return threading.Thread(target=loop)

    def run() -> None:
        request_run(first_day=DAY - timedelta(days=1), last_day=DAY + timedelta(days=1))
        while work_on_next_chunk():
            pass

    threads = [
        guarded(settle),
        guarded(settle),
        guarded(run),
        guarded(lambda: score_deployments(ids=ids, day=DAY)),
    ]
    for thread in threads:
        thread.start()
    for number in range(100):
        Hazard.objects.filter(deployment=ids[number % 4]).update(closed_on=DAY if number % 3 else None)
    over.set()
    for thread in threads:
        thread.join()
    settle()

    assert wrong == []
    for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)):
        rows = ReadinessScore.objects.current().filter(day=day)
        assert len({row.deployment_id for row in rows}) == len(rows)
    expected = {}
    for deployment in world.of(Deployment):
        today = DAY + timedelta(days=1) if deployment.site.time_zone == AUCKLAND else DAY
        closed = Hazard.objects.filter(deployment=deployment, closed_on__lte=today).count()
        expected[deployment.pk] = (today, str(closed))
    assert {pk: (day, closed) for pk, (day, closed) in readings().items()} == expected
