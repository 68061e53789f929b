"""Celery tasks: thin, and safe to lose, to double and to run late, since what is to be done stands in the database."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from celery import Task, shared_task
from celery.signals import beat_init, worker_ready
from django.db import InterfaceError, OperationalError, transaction
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from readiness.imports import work as imports_work
from readiness.services import (
    heartbeats,
    item_reminders,
    nightly,
    place_mail,
    reminders,
    rescoring,
    runs,
    shift_reminders,
)
from readiness.services.file_imports import forget_file_imports, waits_for_worker
from training.services import place_leavers
from training.services.refused_kept import forget_refused
from training.services.retention import remove_due_names

logger = logging.getLogger(__name__)

# A task gives its place back after this, so that short ones (re-scoring, the canary) never wait long for it; what is
# left over goes on in the next message.
BUDGET_SECONDS = 10
# An import that has to wait for another one asks again after so long.
IMPORT_PATIENCE_SECONDS = 3
# Nobody has begun or ended a chunk for so long: the message that kept the work going was lost.
SILENCE = timedelta(seconds=45)


def task(name: str) -> Callable[[Callable[[], None]], Task]:
    """A task that comes back, after 1 to 30 seconds, while the database is away or busy."""
    options: dict[str, Any] = {
        "autoretry_for": (OperationalError, InterfaceError),
        "max_retries": 6,
        "retry_backoff": 1,
        "retry_backoff_max": 30,
    }
    return shared_task(name=name, **options)


@task("readiness.tasks.tick_nightly")
def tick_nightly() -> None:
    """Queue what has ended and is not scored, and have it worked on."""
    started = nightly.start_due_runs()
    heartbeats.beat("tick")
    if forgotten := forget_refused():
        logger.info("dropped what %s refused log entries said", forgotten)
    if started:
        logger.info("nightly tick: runs %s", ", ".join(str(run.pk) for run in started))
        send(work)


@task("readiness.tasks.work")
def work() -> None:
    """Do open chunks, one after the other, until none is left or the budget is spent.

    Between two of them, what was marked for today: a change shows within seconds, however long the run.
    """
    until = time.monotonic() + BUDGET_SECONDS
    while runs.work_on_next_chunk():
        rescoring.rescore_marked(until)
        if time.monotonic() > until:
            send(work)
            return
    if runs.has_open_chunks():
        # Another worker is on it, or died a moment ago: then it can be claimed a little later.
        send(work, countdown=runs.ABANDONED_AFTER.total_seconds())


@task("readiness.tasks.rescore")
def rescore() -> None:
    """Re-score today's rows of whatever was marked."""
    if not rescoring.rescore_marked(time.monotonic() + BUDGET_SECONDS):
        send(rescore)


@task("readiness.tasks.sweep")
def sweep() -> None:
    """Send again what a lost message left lying. Once a minute."""
    if rescoring.has_pending_marks():
        send(rescore)
    if runs.is_idle(SILENCE):
        send(work)
    if waits_for_worker():
        send(work_on_imports)


@task("readiness.tasks.remind")
def remind() -> None:
    """Write down which owners of conditions are to be reminded, and send what was written down and has not gone.

    What a person asked for goes first: they are there and wait for it.
    """
    until = time.monotonic() + BUDGET_SECONDS
    of_items = item_reminders.send_item_reminders(until)
    of_places = place_mail.send_place_messages(until)
    queued = reminders.queue_reminders()
    sent = reminders.send_reminders(until)
    shifts = shift_reminders.queue_shift_reminders()
    of_shifts = shift_reminders.send_shift_reminders(until)
    places = place_mail.queue_place_reminders()
    of_places += place_mail.send_place_messages(until)
    if queued or sent or of_items or shifts or of_shifts or places or of_places:
        logger.info(
            "reminders: %s of conditions queued, %s sent; %s of items sent; %s of shifts queued, %s sent; "
            "%s of places queued, %s about places sent",
            *(queued, sent, of_items, shifts, of_shifts, places, of_places),
        )


@task("readiness.tasks.settle_places")
def settle_places() -> None:
    """Give back the places of people who left, and those that an import made free, to who waits. Once an hour."""
    freed = place_leavers.settle_places()
    if freed.cancelled or freed.moved_up:
        logger.info("places: %s of leavers given back, %s moved up", freed.cancelled, freed.moved_up)
        send(remind)


@task("readiness.tasks.work_on_imports")
def work_on_imports() -> None:
    """Check, load or undo what waits of the imports, one; the rest goes on in the next message."""
    done = imports_work.work_on_next_import()
    if done:
        send(work_on_imports)
        send(rescore)
    elif done is None:
        # Another worker has them, or another import is being loaded.
        send(work_on_imports, countdown=IMPORT_PATIENCE_SECONDS)


@task("readiness.tasks.forget_imports")
def forget_imports() -> None:
    """Remove the contents of imports that ended a while ago: they may name people."""
    if forgotten := forget_file_imports():
        logger.info("imports: contents of %s removed", forgotten)


@task("readiness.tasks.remove_names")
def remove_names() -> None:
    """Remove the names of people whose last programme closed long enough ago. Says how many, never whose."""
    remove_due_names()


@task("readiness.tasks.canary")
def canary() -> None:
    """A sign that a worker takes tasks and reaches the database."""
    heartbeats.beat("worker")


@worker_ready.connect
def look_for_work(**_kwargs: object) -> None:
    """A worker that starts asks at once what was left undone, and whether a night was missed."""
    for task_at_start in (tick_nightly, rescore, work):
        send(task_at_start)


@beat_init.connect
def ask_about_the_night(**_kwargs: object) -> None:
    """Beat that starts does not wait for a quarter of an hour to ask whether a night was missed."""
    send(tick_nightly)


def work_after_commit() -> None:
    """Ask the worker to start on queued runs once the transaction is committed. A hint: the sweep sends it again."""
    transaction.on_commit(partial(send, work))


def remind_after_commit(after: timedelta = timedelta()) -> None:
    """Ask the worker to send what was written down once the transaction is committed. A hint: beat sends it again.

    `after` is how long what was written down is held back.
    """
    options = {"countdown": after.total_seconds() + 1} if after else {}
    transaction.on_commit(partial(send, remind, **options))


def import_after_commit() -> None:
    """Ask the worker to go on with an import once the transaction is committed. A hint: the sweep sends it again."""
    transaction.on_commit(partial(send, work_on_imports))


def rescore_after_commit() -> None:
    """Ask the worker to re-score what was marked once the transaction is committed. A hint, as above."""
    transaction.on_commit(partial(send, rescore))


def send(wanted: Task, **options: Any) -> None:
    """Send a task; a broker that is away, full or read-only is logged and is not the sender's trouble."""
    try:
        wanted.apply_async(**options)
    except (BrokerError, RedisError, OSError):
        logger.warning("the broker is away: %s is left to the sweep", wanted.name)
