"""Today's provisional rows, re-scored within seconds of a change to what they read."""

import time

from django.db import connection, transaction

from readiness.services.proofs import by_today, prove_items
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


def rescore_next_batch() -> Outcome | None:
    """Take the oldest marks and score today for what they name, in one transaction. None when no mark was free.

    Then the system checks are asked, some of which read the score.

    A death in the middle gives the marks back. A mark that reaches into the past stays for the nightly run.
    """
    outcome = Outcome()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        marked = sorted({row[0] for row in cursor.fetchall()})
        if not marked:
            return None
        for today, ids in by_today(marked):
            outcome.add(score_deployments(ids=ids, day=today))
        # What this proves leaves new marks, which the next batch takes.
        prove_items(ids=marked)
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
