"""Today's provisional rows, re-scored within seconds of a change to what they read."""

import time

from django.db import connection, transaction
from django.utils import timezone

from readiness.services.scores import Outcome, score_deployments

# Deployments re-scored in one transaction.
BATCH = 200

# The marks of a few deployments; those that another worker holds are left to it.
_TAKE = """
    UPDATE readiness_rescoremark m SET today_pending = false
    FROM (
        SELECT id FROM readiness_rescoremark
        WHERE today_pending AND deployment_id IN (
            SELECT DISTINCT deployment_id FROM readiness_rescoremark WHERE today_pending
            ORDER BY deployment_id LIMIT %s
        )
        ORDER BY id
        FOR UPDATE SKIP LOCKED
    ) taken
    WHERE m.id = taken.id
    RETURNING m.deployment_id
"""

# Today at each site. An embedded deployment is not scored any more.
_TODAY = """
    SELECT (%s AT TIME ZONE s.time_zone)::date AS today, array_agg(d.id ORDER BY d.id)
    FROM rollout_deployment d
    JOIN rollout_site s ON s.id = d.site_id
    WHERE d.id = ANY(%s) AND d.retired_at IS NULL AND d.stage <> 'embedded'
    GROUP BY today
    ORDER BY today
"""


def rescore_next_batch() -> Outcome | None:
    """Take the oldest marks and score today for what they name, in one transaction. None when no mark was free.

    A death in the middle gives the marks back. A mark that reaches into the past stays for the nightly run.
    """
    outcome = Outcome()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        marked = sorted({row[0] for row in cursor.fetchall()})
        if not marked:
            return None
        cursor.execute(_TODAY, [timezone.now(), marked])
        for today, ids in cursor.fetchall():
            outcome.add(score_deployments(ids=ids, day=today))
    return outcome


def rescore_marked(until: float) -> bool:
    """Re-score batch after batch, until no mark is free or the monotonic clock says `until`. False in that case."""
    while rescore_next_batch() is not None:
        if time.monotonic() > until:
            return False
    return True


def has_pending_marks() -> bool:
    """Whether any change still waits to be shown in today's scores."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM readiness_rescoremark WHERE today_pending)")
        return cursor.fetchone()[0]
