"""Two who write about one person at once: the second waits, and then reads what the first wrote."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from rollout.models import User
from rollout.services.edits import RecordChanged, mark_of
from tests.clock import FrozenClock
from tests.training.log_world import NOW, LogWorld, make_log_world
from training.hours import Span
from training.models import ChampionShift
from training.services.rota import SHIFT, hold_staff, move_shift

TRIES = 1000
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def wait_until_somebody_waits() -> None:
    """Return once another connection waits for this one. Raises AssertionError where none does."""
    for _try in range(TRIES):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def elsewhere(act: Callable[[], Any]) -> Any:
    """Act on a connection of its own."""
    try:
        return act()
    finally:
        connection.close()


def behind_a_planner(shift: ChampionShift, act: Callable[[], Any]) -> Any:
    """What came of an act that began while a planner held its person, who then cancels the shift."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold_staff([shift.staff_id])
            second = pool.submit(elsewhere, act)
            wait_until_somebody_waits()
            # Whoever waits has not taken the shift before: else both would wait for each other.
            row = ChampionShift.objects.select_for_update(no_key=True, nowait=True).get(pk=shift.pk)
            row.state = "cancelled"
            row.save(update_fields=["state"])
        return second.result(timeout=30)


def other_words(world: LogWorld, kind: str, body: dict[str, Any]) -> Callable[[], str]:
    """Send an entry as the ward manager, as their next request would; what is said to it."""
    return lambda: world.send(kind, body, by=User.objects.get(pk=world.manager.pk)).words


@pytest.mark.django_db(transaction=True)
def test_who_logs_or_moves_waits_for_who_plans_for_the_same_person(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)
    world = make_log_world()
    early, late, night = world.plan(), world.plan("late"), world.plan("night")
    user, span = world.manager, Span(night.starts_at, night.ends_at)

    def move() -> str:
        mark = mark_of(night, SHIFT)
        try:
            move_shift(shift_id=night.pk, mark=mark, ward_id=world.other_ward.pk, span=span, by=user)
        except RecordChanged as refusal:
            return type(refusal).__name__
        return "moved"

    marked = behind_a_planner(early, other_words(world, "worked", {"shift": early.pk}))
    undone = behind_a_planner(late, other_words(world, "undo", {"shift": late.pk}))
    moved = behind_a_planner(night, move)

    assert marked == "This shift is marked as cancelled by now. Look again before you change it."
    assert undone == "There is nothing to undo here: this shift is cancelled."
    assert moved == "RecordChanged"
