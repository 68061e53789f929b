"""Marks left by late and corrected records, used up once every past day they reach is sure to be scored again.

A mark is taken in the transaction that queues its days: whoever scores them reads the records afterwards, and so sees
what left the mark. No clock is compared, since a record may be committed long after it was written.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection

DAYS_BACK = 200

# Of each day the deployments whose closed score may differ now, the corrected ones apart. A chunk that runs may be
# about to close a day on facts older than the mark.
_TAKE_LATE = """
    WITH taken AS MATERIALIZED (
        SELECT k.id, k.deployment_id, GREATEST(k.from_day, %(last)s::date - %(back)s + 1) AS from_day, k.reason
        FROM readiness_rescoremark k
        JOIN rollout_deployment d ON d.id = k.deployment_id
        WHERE d.programme_id = %(programme)s AND k.from_day IS NOT NULL
        FOR UPDATE OF k
    ), cleared AS (
        UPDATE readiness_rescoremark m SET from_day = NULL FROM taken WHERE m.id = taken.id
    ), touched AS (
        SELECT deployment_id, reason = 'corrected' AS corrected, min(from_day) AS from_day
        FROM taken GROUP BY deployment_id, corrected
    ), reached AS (
        SELECT t.deployment_id, t.corrected, r.day
        FROM touched t
        JOIN readiness_readinessscore r ON r.deployment_id = t.deployment_id AND r.superseded_at IS NULL
            AND NOT r.provisional AND r.day BETWEEN t.from_day AND %(last)s
        UNION ALL
        SELECT t.deployment_id, t.corrected, c.day
        FROM touched t
        JOIN readiness_recomputechunk c ON c.state = 'running' AND t.deployment_id = ANY(c.ids)
            AND c.day BETWEEN t.from_day AND %(last)s
    ), once AS (
        SELECT deployment_id, day, bool_or(corrected) AS corrected FROM reached GROUP BY deployment_id, day
    )
    SELECT day, corrected, array_agg(deployment_id ORDER BY deployment_id)
    FROM once GROUP BY day, corrected ORDER BY day, corrected
"""

# Marks that reach no day but those of a run that was queued just now; what somebody else holds is left alone.
_TAKE_COVERED = """
    WITH covered AS MATERIALIZED (
        SELECT k.id
        FROM readiness_rescoremark k
        WHERE k.deployment_id = ANY(%(ids)s) AND k.from_day IS NOT NULL
          AND NOT EXISTS (
              SELECT 1 FROM readiness_readinessscore r
              WHERE r.deployment_id = k.deployment_id AND r.superseded_at IS NULL AND NOT r.provisional
                AND r.day >= k.from_day AND r.day NOT BETWEEN %(first)s AND %(last)s
          )
          AND NOT EXISTS (
              SELECT 1 FROM readiness_recomputechunk c
              WHERE c.state = 'running' AND k.deployment_id = ANY(c.ids)
                AND c.day >= k.from_day AND c.day NOT BETWEEN %(first)s AND %(last)s
          )
        FOR UPDATE OF k SKIP LOCKED
    )
    UPDATE readiness_rescoremark m SET from_day = NULL FROM covered WHERE m.id = covered.id
"""

# A mark is done with once today is re-scored and no past day is left; marks of what is not scored serve nobody.
_FORGET = """
    DELETE FROM readiness_rescoremark k
    WHERE NOT k.today_pending AND (
        k.from_day IS NULL
        OR NOT EXISTS (
            SELECT 1 FROM rollout_deployment d
            JOIN rollout_programme p ON p.id = d.programme_id AND p.retired_at IS NULL
            JOIN rollout_site s ON s.id = d.site_id AND s.retired_at IS NULL
            WHERE d.id = k.deployment_id AND d.retired_at IS NULL AND d.stage <> 'embedded'
        )
    )
"""


def take_late(*, programme_id: int, last_day: date) -> list[tuple[date, bool, list[int]]]:
    """Use up a programme's marks: past days up to `last_day`, whether corrected, and the deployments to score again.

    At most DAYS_BACK days. The caller queues them in the same transaction.
    """
    with connection.cursor() as cursor:
        # In-day re-scoring holds the marks it works on for a second or two.
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute(_TAKE_LATE, {"programme": programme_id, "last": last_day, "back": DAYS_BACK})
        return cursor.fetchall()


def take_covered(*, ids: Sequence[int], first_day: date, last_day: date) -> None:
    """Use up the marks of these deployments of which a run over these days, queued just now, takes care."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_COVERED, {"ids": list(ids), "first": first_day, "last": last_day})


def forget_done() -> None:
    """Delete the marks that ask for nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
