"""Runs: which days are to be scored for which deployments, cut into chunks that survive whoever works on them.

The database holds all of it. A message to the worker only says "there is work"; lost, doubled or late messages change
nothing, since a worker claims chunks one by one until none is left, and a sweep sends the message again.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from readiness.choices import ChunkState, RevisionReason, RunKind, RunState
from readiness.models import RecomputeChunk, RecomputeFailure, RecomputeRun
from readiness.services.scores import Outcome, score_deployments
from rollout.choices import Stage
from rollout.models import Deployment, Programme, Site, User

logger = logging.getLogger(__name__)

CHUNK_SIZE = 500  # deployments; one transaction, some seconds
ATTEMPTS = 3
# A claimed chunk whose row nobody has locked after this long was left by a worker that died.
ABANDONED_AFTER = timedelta(seconds=5)


class NothingToScore(Exception):
    """No deployment matches what was asked for, or the days lie in the future."""


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
    """Queue the scoring of days, first to last, for a programme, a site or everything. Raises NothingToScore.

    The caller sends `readiness.tasks.work` after the commit, or works on the run itself.
    """
    scored = Deployment.objects.current().exclude(stage=Stage.EMBEDDED)
    if programme is not None:
        scored = scored.filter(programme=programme)
    if site is not None:
        scored = scored.filter(site=site)
    ids = list(scored.order_by("pk").values_list("pk", flat=True))
    # Somewhere on earth it is already tomorrow; each site's own calendar has the last word when it is scored.
    latest = timezone.now().date() + timedelta(days=1)
    days = [first_day + timedelta(days=n) for n in range((min(last_day, latest) - first_day).days + 1)]
    if not ids or not days:
        raise NothingToScore
    run = RecomputeRun.objects.create(
        kind=kind, programme=programme, site=site, first_day=first_day, last_day=last_day, by=by
    )
    _add_chunks(run, [(day, ids) for day in days], reason=RevisionReason.PLAN)
    return run


def _add_chunks(
    run: RecomputeRun, work: Iterable[tuple[date, Sequence[int]]], *, reason: str, backdated: bool = False
) -> int:
    """Cut each day's deployments (ids ascending) into chunks; returns how many deployment-days were added."""
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
    total = sum(chunk.total for chunk in chunks)
    if chunks:
        RecomputeRun.objects.filter(pk=run.pk).update(
            total=F("total") + total, state=RunState.RUNNING if run.started_at else RunState.WAITING, ended_at=None
        )
    return total


# Working on chunks ---------------------------------------------------------------------------------------------------


def work_on_next_chunk(run: RecomputeRun | None = None) -> bool:
    """Claim the oldest open chunk, of one run or of any, and do it. False when there is nothing left to claim.

    The claim is a transaction of its own, so that the attempt counts even if this process dies; the chunk's scores and
    its being done are another one, in which its row stays locked.
    """
    chunk = _claim(run)
    if chunk is None:
        return False
    with transaction.atomic():
        held = (
            RecomputeChunk.objects.select_for_update(skip_locked=True)
            .filter(pk=chunk.pk, state=ChunkState.RUNNING)
            .first()
        )
        if held is not None:
            outcome = score_deployments(ids=held.ids, day=held.day, reason=held.reason)
            _finish(held, outcome)
    settle_run(chunk.run_id)
    return True


@transaction.atomic
def _claim(run: RecomputeRun | None) -> RecomputeChunk | None:
    now = timezone.now()
    claimable = Q(state=ChunkState.WAITING) | Q(state=ChunkState.RUNNING, started_at__lt=now - ABANDONED_AFTER)
    chunks = RecomputeChunk.objects.select_for_update(skip_locked=True).filter(claimable)
    if run is not None:
        chunks = chunks.filter(run=run)
    chunk = chunks.order_by("run_id", "day", "first_id").first()
    if chunk is None:
        return None
    if chunk.attempts >= ATTEMPTS:
        _park(chunk)
        return chunk
    RecomputeChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.RUNNING, attempts=F("attempts") + 1, started_at=now
    )
    RecomputeRun.objects.filter(pk=chunk.run_id, started_at=None).update(state=RunState.RUNNING, started_at=now)
    return chunk


def _park(chunk: RecomputeChunk) -> None:
    """Three workers died or gave up on it: leave it, count it as failed, say so."""
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


def settle_run(run_id: int) -> None:
    """Write the run's counts from its chunks, and its end where no chunk is open."""
    with transaction.atomic():
        run = RecomputeRun.objects.select_for_update().get(pk=run_id)
        chunks = RecomputeChunk.objects.filter(run=run)
        sums = chunks.aggregate(
            again=Sum("done", default=0, filter=Q(backdated=True)),
            done=Sum("done", default=0),
            failed=Sum("failed", default=0),
            written=Sum("written", default=0),
        )
        still_open = chunks.filter(state__in=[ChunkState.WAITING, ChunkState.RUNNING]).exists()
        ended = {} if still_open else {"ended_at": timezone.now(), "state": _end_state(sums["failed"])}
        RecomputeRun.objects.filter(pk=run.pk).update(backdated=sums.pop("again"), **sums, **ended)


def _end_state(failed: int) -> RunState:
    return RunState.INCOMPLETE if failed else RunState.DONE


def has_open_chunks() -> bool:
    """Whether any chunk waits for a worker, or was left by one."""
    return RecomputeChunk.objects.filter(state__in=[ChunkState.WAITING, ChunkState.RUNNING]).exists()


# The nightly run -----------------------------------------------------------------------------------------------------

# One tick at a time; a second one finds nothing to do.
TICK_LOCK = 7_400_002

# Deployments whose local day has ended and that have neither a closed score for it nor a chunk of this run.
_DUE = """
    SELECT d.id
    FROM rollout_deployment d
    JOIN rollout_site s ON s.id = d.site_id AND s.retired_at IS NULL
    WHERE d.programme_id = %(programme)s
      AND d.stage <> 'embedded'
      AND d.retired_at IS NULL
      AND (%(day)s::date + 1)::timestamp AT TIME ZONE s.time_zone <= %(now)s
      AND NOT EXISTS (
          SELECT 1 FROM readiness_readinessscore r
          WHERE r.deployment_id = d.id AND r.day = %(day)s AND r.superseded_at IS NULL AND NOT r.provisional
      )
      AND NOT EXISTS (
          SELECT 1 FROM readiness_recomputechunk c
          WHERE c.run_id = %(run)s AND c.day = %(day)s AND d.id BETWEEN c.first_id AND c.last_id AND d.id = ANY(c.ids)
      )
    ORDER BY d.id
"""

# For each programme the last local day that has ended anywhere in it, and the last nightly run it had.
_PROGRAMMES = """
    SELECT d.programme_id,
        max((%(now)s AT TIME ZONE s.time_zone)::date - 1) AS ended_on,
        (SELECT max(r.first_day) FROM readiness_recomputerun r
         WHERE r.programme_id = d.programme_id AND r.kind = 'nightly') AS last_run_on
    FROM rollout_deployment d
    JOIN rollout_site s ON s.id = d.site_id AND s.retired_at IS NULL
    JOIN rollout_programme p ON p.id = d.programme_id AND p.retired_at IS NULL
    WHERE d.retired_at IS NULL AND d.stage <> 'embedded'
    GROUP BY d.programme_id
    ORDER BY d.programme_id
"""


def start_due_runs(now: datetime | None = None) -> list[RecomputeRun]:
    """Ask which sites' local day has ended and is not scored, and queue it: one run a programme and day.

    Days missed while nobody ticked are queued in order, each as a run of its own. Back-dated records are queued with
    the newest day. Called as often as one likes: what is queued or scored is not queued again.
    """
    now = now or timezone.now()
    started = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TICK_LOCK])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(_PROGRAMMES, {"now": now})
        for programme_id, ended_on, last_run_on in cursor.fetchall():
            # The day of the last run is asked again: its sites further west may only now have ended it.
            first = min(last_run_on, ended_on) if last_run_on else ended_on
            days = [first + timedelta(days=n) for n in range((ended_on - first).days + 1)]
            started += [run for day in days if (run := _nightly(programme_id, day, now))]
            started += _late_records(programme_id, ended_on)
    return started


def _nightly(programme_id: int, day: date, now: datetime) -> RecomputeRun | None:
    run = RecomputeRun.objects.filter(kind=RunKind.NIGHTLY, programme_id=programme_id, first_day=day).first()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"programme": programme_id, "day": day, "now": now, "run": run.pk if run else 0})
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return None
    if run is None:
        run = RecomputeRun.objects.create(kind=RunKind.NIGHTLY, programme_id=programme_id, first_day=day, last_day=day)
    _add_chunks(run, [(day, ids)], reason=RevisionReason.LATE)
    return run


# Days already scored that a later mark reaches back to; a mark that was there when the day was scored changes nothing.
_REACHED = """
    SELECT r.day, array_agg(DISTINCT r.deployment_id ORDER BY r.deployment_id), bool_or(k.reason = 'corrected')
    FROM readiness_rescoremark k
    JOIN rollout_deployment d ON d.id = k.deployment_id AND d.programme_id = %(programme)s
    JOIN readiness_readinessscore r ON r.deployment_id = k.deployment_id
        AND r.superseded_at IS NULL
        AND NOT r.provisional
        AND r.day BETWEEN GREATEST(k.from_day, %(last)s::date - %(back)s) AND %(last)s
        AND r.computed_at < k.marked_at
    WHERE k.from_day IS NOT NULL AND k.id <= %(newest)s
    GROUP BY r.day
    ORDER BY r.day
"""
DAYS_BACK = 200


def _late_records(programme_id: int, last: date) -> list[RecomputeRun]:
    """Queue the past days that back-dated records touch, as part of the newest nightly run, and use up their marks."""
    run = RecomputeRun.objects.filter(kind=RunKind.NIGHTLY, programme_id=programme_id, first_day=last).first()
    if run is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM readiness_rescoremark WHERE NOT today_pending")
        newest = cursor.fetchone()[0]
        values = {"programme": programme_id, "last": last, "back": DAYS_BACK - 1, "newest": newest}
        cursor.execute(_REACHED, values)
        reached = cursor.fetchall()
        cursor.execute(
            "DELETE FROM readiness_rescoremark k USING rollout_deployment d WHERE d.id = k.deployment_id "
            "AND d.programme_id = %(programme)s AND k.id <= %(newest)s AND NOT k.today_pending",
            values,
        )
    for day, ids, corrected in reached:
        reason = RevisionReason.CORRECTED if corrected else RevisionReason.LATE
        _add_chunks(run, [(day, ids)], reason=reason, backdated=True)
    return [run] if reached else []
