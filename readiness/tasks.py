"""Celery tasks: thin, and safe to lose, to double and to run late, since what is to be done stands in the database."""

import logging
import time
from functools import partial

from celery import Task, shared_task
from celery.signals import worker_ready
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

from readiness.services import heartbeats, rescoring, runs

logger = logging.getLogger(__name__)

# A task gives its place back long before the time limit; what is left over goes on in the next message.
BUDGET_SECONDS = 240


@shared_task(name="readiness.tasks.tick_nightly")
def tick_nightly() -> None:
    """Queue what has ended and is not scored, then work on it."""
    started = runs.start_due_runs()
    heartbeats.beat("tick")
    if started:
        logger.info("nightly tick: runs %s", ", ".join(str(run.pk) for run in started))
    if started or runs.has_open_chunks():
        work.delay()


@shared_task(name="readiness.tasks.work")
def work() -> None:
    """Do open chunks, one after the other, until none is left or the budget is spent."""
    until = time.monotonic() + BUDGET_SECONDS
    while runs.work_on_next_chunk():
        if time.monotonic() > until:
            work.delay()
            return


@shared_task(name="readiness.tasks.rescore")
def rescore() -> None:
    """Re-score today's rows of whatever was marked."""
    until = time.monotonic() + BUDGET_SECONDS
    while rescoring.rescore_next_batch() is not None:
        if time.monotonic() > until:
            rescore.delay()
            return


@shared_task(name="readiness.tasks.sweep")
def sweep() -> None:
    """Send again what a lost message left lying. Once a minute, and when a worker starts."""
    if rescoring.has_pending_marks():
        rescore.delay()
    if runs.has_open_chunks():
        work.delay()


@shared_task(name="readiness.tasks.canary")
def canary() -> None:
    """A sign that a worker takes tasks and reaches the database."""
    heartbeats.beat("worker")


@worker_ready.connect
def look_for_work(**_kwargs: object) -> None:
    """A worker that starts asks at once what was left undone, and whether a night was missed."""
    tick_nightly.delay()
    sweep.delay()


def work_after_commit() -> None:
    """Ask the worker to start on queued runs once the transaction is committed. A hint: the sweep sends it again."""
    transaction.on_commit(partial(_send, work))


def rescore_after_commit() -> None:
    """Ask the worker to re-score what was marked once the transaction is committed. A hint, as above."""
    transaction.on_commit(partial(_send, rescore))


def _send(task: Task) -> None:
    """Send a task; a broker that is away is logged and is not the sender's trouble."""
    try:
        task.delay()
    except BrokerError:
        logger.warning("the broker is away: %s is left to the sweep", task.name)
