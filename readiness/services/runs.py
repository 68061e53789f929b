"""Runs: which days are to be scored for which deployments, cut into chunks that survive whoever works on them.

The database holds all of it. A message to the worker only says "there is work"; lost, doubled or late messages change
nothing, since a worker claims chunks one by one until none is left, and a sweep sends the message again.
"""

import contextlib
import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, Sum, When
from django.utils import timezone

from readiness.choices import ChunkState, RevisionReason, RunKind, RunState
from readiness.models import RecomputeChunk, RecomputeFailure, RecomputeRun
from readiness.services.marks import take_covered
from readiness.services.proofs import prove_items
from readiness.services.scores import Outcome, score_deployments
from rollout.choices import Stage
from rollout.models import Deployment, Programme, Site, User

logger = logging.getLogger(__name__)

CHUNK_SIZE = 500  # deployments; one transaction, some seconds
ATTEMPTS = 3
MOST_DAYS = 3_660  # ten years
EARLIEST = date(2000, 1, 1)  # no programme is older
# Two presses of one button are one request.
REQUEST_LOCK = 7_400_003
CLAIM_LOCK = 7_400_004
OPEN = (ChunkState.WAITING, ChunkState.RUNNING)
# A claimed chunk whose row nobody has locked after this long was left by a worker that died.
ABANDONED_AFTER = timedelta(seconds=5)
# How long a chunk rests after the database broke it off: the first time, and at most. It doubles each time.
FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=5)


class NothingToScore(Exception):
    """No deployment matches what was asked for, or the days lie in the future."""


class TooManyDays(Exception):
    """More days were asked for than any programme lasts: the years are a slip of the keyboard."""


@transaction.atomic
def request_run(
    *,
    first_day: date,
    last_day: date,
    programme: Programme | None = None,
    site: Site | None = None,
    by: User | None = None,
    kind: RunKind = RunKind.ASKED,
) -> RecomputeRun:
    """Queue the scoring of days, first to last, for a programme, a site or everything.

    Asked again before it has begun, an equal run is the same run. Late records that reach no other days need no other
    run. The caller sends `readiness.tasks.work` after the commit,
    or works on the run itself. Raises NothingToScore, and TooManyDays for more than MOST_DAYS or days before EARLIEST.
    """
    # Somewhere on earth it is already tomorrow; each site's own calendar has the last word when it is scored.
    last = min(last_day, timezone.now().date() + timedelta(days=1))
    if first_day < EARLIEST or (last - first_day).days >= MOST_DAYS:
        raise TooManyDays
    scored = Deployment.objects.current().exclude(stage=Stage.EMBEDDED)
    if programme is not None:
        scored = scored.filter(programme=programme)
    if site is not None:
        scored = scored.filter(site=site)
    ids = list(scored.order_by("pk").values_list("pk", flat=True))
    days = [first_day + timedelta(days=n) for n in range((last - first_day).days + 1)]
    if not ids or not days:
        raise NothingToScore
    asked = {"kind": kind, "programme": programme, "site": site, "first_day": first_day, "last_day": last, "by": by}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REQUEST_LOCK])
    if waiting := RecomputeRun.objects.filter(**asked, state=RunState.WAITING).first():
        return waiting
    run = RecomputeRun.objects.create(**asked)
    add_chunks(run, [(day, ids) for day in days], reason=RevisionReason.PLAN)
    take_covered(ids=ids, first_day=first_day, last_day=last)
    return run


def add_chunks(
    run: RecomputeRun, work: Iterable[tuple[date, Sequence[int]]], *, reason: str, backdated: bool = False
) -> None:
    """Cut each day's deployments (ids ascending) into chunks of the run, which is under way again."""
    chunks = [
        RecomputeChunk(
            run=run,
            day=day,
            first_id=part[0],
            last_id=part[-1],
            ids=part,
            total=len(part),
            reason=reason,
            backdated=backdated,
        )
        for day, ids in work
        for part in (list(ids[n : n + CHUNK_SIZE]) for n in range(0, len(ids), CHUNK_SIZE))
    ]
    RecomputeChunk.objects.bulk_create(chunks, batch_size=1000)
    RecomputeRun.objects.filter(pk=run.pk).update(
        total=F("total") + sum(chunk.total for chunk in chunks),
        state=RunState.RUNNING if run.started_at else RunState.WAITING,
        ended_at=None,
    )
    run.refresh_from_db()


# Working on chunks ---------------------------------------------------------------------------------------------------

# What is worked on first: the day that ended, what somebody waits for, late records, and then history.
_URGENCY = Case(
    When(run__kind=RunKind.NIGHTLY, backdated=False, then=0),
    When(run__kind=RunKind.ASKED, then=1),
    When(run__kind=RunKind.NIGHTLY, then=2),
    default=3,
)


def work_on_next_chunk(run: RecomputeRun | None = None) -> bool:
    """Claim the most urgent open chunk, of one run or of any, and do it. False when there is nothing left to claim.

    The claim is a transaction of its own, so that the attempt counts even if this process dies; the chunk's scores, its
    being done and the run's counts are another one, in which its row stays locked. Raises OperationalError or
    InterfaceError while the database is away or busy: that is no attempt, and the chunk rests before the next one.
    """
    _give_back_broken_off()
    chunk = _claim(run)
    if chunk is None:
        return False
    try:
        with transaction.atomic():
            _do(chunk)
    except (OperationalError, InterfaceError) as error:
        logger.warning("scoring chunk %s of run %s was broken off: %s", chunk.pk, chunk.run_id, type(error).__name__)
        _broken_off.add(chunk.pk)
        with contextlib.suppress(OperationalError, InterfaceError):
            _give_back_broken_off()
        raise
    return True


def _do(chunk: RecomputeChunk) -> None:
    held = (
        RecomputeChunk.objects.select_for_update(skip_locked=True).filter(pk=chunk.pk, state=ChunkState.RUNNING).first()
    )
    if held is not None:
        outcome = score_deployments(ids=held.ids, day=held.day, reason=held.reason)
        if held.run.kind == RunKind.NIGHTLY and not held.backdated:
            # What no record says is over, a seat whose last day has passed say, shows when a new day begins.
            prove_items(ids=held.ids)
        _finish(held, outcome)
        _settle(held.run_id)


# Chunks of this process that the database broke off, and that it could not be told of yet because it was away.
_broken_off: set[int] = set()


def _give_back_broken_off() -> None:
    """Take the attempts back that were none, and let these chunks rest, longer each time.

    Attempts are there for chunks that kill their worker. A time-out or a lost connection says nothing about a record,
    however often it comes: the chunk stays open, and its run under way.
    """
    if not _broken_off:
        return
    now = timezone.now()
    with transaction.atomic():
        chunks = RecomputeChunk.objects.filter(pk__in=_broken_off, state=ChunkState.RUNNING)
        elsewhere = set(chunks.values_list("pk", flat=True))
        for chunk in chunks.select_for_update(skip_locked=True).filter(attempts__gt=0):
            RecomputeChunk.objects.filter(pk=chunk.pk).update(
                state=ChunkState.WAITING,
                attempts=F("attempts") - 1,
                interruptions=F("interruptions") + 1,
                rests_until=now + min(LONGEST_REST, FIRST_REST * 2 ** min(chunk.interruptions, 10)),
            )
            elsewhere.discard(chunk.pk)
    # Another worker has begun one anew and holds it: its attempt is taken back once it lets go.
    _broken_off.intersection_update(elsewhere)


@transaction.atomic
def _claim(run: RecomputeRun | None) -> RecomputeChunk | None:
    # One claim at a time: two that looked at once would hold, for a moment, the row that one of them is to work on.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
    now = timezone.now()
    # A claim from the future was made before somebody set the clock back.
    old = Q(started_at__lt=now - ABANDONED_AFTER) | Q(started_at__gt=now + ABANDONED_AFTER)
    rested = Q(rests_until=None) | Q(rests_until__lte=now) | Q(rests_until__gt=now + LONGEST_REST)
    claimable = Q(state=ChunkState.WAITING) & rested | Q(state=ChunkState.RUNNING) & old
    chunks = RecomputeChunk.objects.select_for_update(skip_locked=True, of=("self",)).filter(claimable)
    if run is not None:
        chunks = chunks.filter(run=run)
    chunk = chunks.order_by(_URGENCY, "run_id", "day", "first_id").first()
    if chunk is None:
        return None
    if chunk.attempts >= ATTEMPTS:
        _park(chunk)
        _settle(chunk.run_id)
        return chunk
    RecomputeChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.RUNNING, attempts=F("attempts") + 1, started_at=now
    )
    RecomputeRun.objects.filter(pk=chunk.run_id, started_at=None).update(state=RunState.RUNNING, started_at=now)
    return chunk


def _park(chunk: RecomputeChunk) -> None:
    """Three workers died of it: leave it, count it as failed, say so."""
    logger.error("scoring chunk %s of run %s is parked after %s attempts", chunk.pk, chunk.run_id, chunk.attempts)
    RecomputeChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.PARKED, failed=chunk.total, ended_at=timezone.now()
    )
    RecomputeFailure.objects.bulk_create(
        [RecomputeFailure(run_id=chunk.run_id, deployment_id=pk, day=chunk.day, error="Parked") for pk in chunk.ids],
        ignore_conflicts=True,
    )


def _finish(chunk: RecomputeChunk, outcome: Outcome) -> None:
    RecomputeChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.DONE,
        done=chunk.total - len(outcome.failed),
        failed=len(outcome.failed),
        written=outcome.written,
        ended_at=timezone.now(),
    )
    RecomputeFailure.objects.bulk_create(
        [
            RecomputeFailure(run_id=chunk.run_id, deployment_id=pk, day=chunk.day, error=error)
            for pk, error in outcome.failed
        ],
        ignore_conflicts=True,
    )


def _settle(run_id: int) -> None:
    """Write the run's counts from its chunks, and its end where no chunk is open. Inside the chunk's transaction.

    With its row locked, whoever ends the last chunk sees that all the others have ended.
    """
    run = RecomputeRun.objects.select_for_update(no_key=True).get(pk=run_id)
    chunks = RecomputeChunk.objects.filter(run=run)
    sums = chunks.aggregate(
        again=Sum("done", default=0, filter=Q(backdated=True)),
        done=Sum("done", default=0),
        failed=Sum("failed", default=0),
        written=Sum("written", default=0),
    )
    still_open = chunks.filter(state__in=OPEN).exists()
    ended = {} if still_open else {"ended_at": timezone.now(), "state": _end_state(sums["failed"])}
    RecomputeRun.objects.filter(pk=run.pk).update(backdated=sums.pop("again"), **sums, **ended)


def _end_state(failed: int) -> RunState:
    return RunState.INCOMPLETE if failed else RunState.DONE


def has_open_chunks() -> bool:
    """Whether any chunk waits for a worker, is worked on, or was left by one."""
    return RecomputeChunk.objects.filter(state__in=OPEN).exists()


def is_idle(since: timedelta) -> bool:
    """Whether chunks are open and nobody has begun or ended one for so long: whoever worked on them has gone."""
    lately = timezone.now() - since
    chunks = RecomputeChunk.objects.filter(run__state__in=[RunState.WAITING, RunState.RUNNING])
    return has_open_chunks() and not chunks.filter(Q(started_at__gt=lately) | Q(ended_at__gt=lately)).exists()
