"""The nightly run: which sites' local day has ended and is not scored? One run for each programme and day.

No crontab knows when a day ends: sites have zones, and their clocks change.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from readiness.choices import RevisionReason, RunKind
from readiness.models import RecomputeRun
from readiness.services.marks import DAYS_BACK, forget_done, take_late
from readiness.services.runs import add_chunks

# One tick at a time for a programme, the second key; another one leaves it alone.
TICK_SPACE = 7_400_002

# For each programme the first day that may still be due and the last local day that has ended anywhere in it. The day
# of the last run is asked again, as are the days since the one that has ended everywhere: sites further west end later.
# After a long silence, or a clock that jumped, no more than DAYS_BACK days.
_PROGRAMMES = """
    SELECT
        e.programme_id,
        GREATEST(
            e.last_day - %(back)s + 1,
            LEAST(
                e.everywhere,
                (SELECT max(r.first_day) FROM readiness_recomputerun r
                 WHERE r.programme_id = e.programme_id AND r.kind = 'nightly' AND r.first_day <= e.last_day)
            )
        ),
        e.last_day
    FROM (
        SELECT
            d.programme_id,
            min((%(now)s AT TIME ZONE s.time_zone)::date - 1) AS everywhere,
            max((%(now)s AT TIME ZONE s.time_zone)::date - 1) AS last_day
        FROM rollout_deployment d
        JOIN rollout_site s ON s.id = d.site_id AND s.retired_at IS NULL
        JOIN rollout_programme p ON p.id = d.programme_id AND p.retired_at IS NULL
        WHERE d.retired_at IS NULL AND d.stage <> 'embedded'
        GROUP BY d.programme_id
    ) e
    ORDER BY e.programme_id
"""

# Deployments whose local day has ended and that have neither a closed score for it nor a chunk of its run.
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
          JOIN readiness_recomputerun r ON r.id = c.run_id
          WHERE r.programme_id = d.programme_id AND r.kind = 'nightly' AND r.first_day = %(day)s
            AND c.day = %(day)s AND d.id BETWEEN c.first_id AND c.last_id AND d.id = ANY(c.ids)
      )
    ORDER BY d.id
"""


def start_due_runs(now: datetime | None = None) -> list[RecomputeRun]:
    """Queue every local day that has ended and is not scored: one run a programme and day.

    Days missed while nobody ticked are queued in order, each as a run of its own. Past days that late records touch are
    queued with the newest of them. Called as often as one likes: what is queued or scored is not queued again.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_PROGRAMMES, {"now": now, "back": DAYS_BACK})
        programmes = cursor.fetchall()
    started = [run for programme in programmes for run in _start(*programme, now=now)]
    forget_done()
    return started


@transaction.atomic
def _start(programme_id: int, first_day: date, last_day: date, *, now: datetime) -> list[RecomputeRun]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [TICK_SPACE, programme_id])
        if not cursor.fetchone()[0]:
            return []
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    due = [(day, ids) for day in days if (ids := _due(programme_id, day, now))]
    if not due:
        return []
    # Marks before runs: whoever re-scores today holds marks and may wait for a chunk, which ends by locking its run.
    late = take_late(programme_id=programme_id, last_day=last_day)
    runs = [_nightly(programme_id, day, ids) for day, ids in due]
    for day, corrected, ids in late:
        reason = RevisionReason.CORRECTED if corrected else RevisionReason.LATE
        add_chunks(runs[-1], [(day, ids)], reason=reason, backdated=True)
    return runs


def _due(programme_id: int, day: date, now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"programme": programme_id, "day": day, "now": now})
        return [row[0] for row in cursor.fetchall()]


def _nightly(programme_id: int, day: date, ids: Sequence[int]) -> RecomputeRun:
    run, _is_new = RecomputeRun.objects.get_or_create(
        kind=RunKind.NIGHTLY, programme_id=programme_id, first_day=day, defaults={"last_day": day}
    )
    add_chunks(run, [(day, ids)], reason=RevisionReason.LATE)
    return run
