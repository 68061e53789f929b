"""Who stands in each slot of the rota: the champions that `champions.cover` counts there, by the same rule."""

from collections.abc import Mapping
from datetime import date

from django.db import connection

from readiness.indicators.champions import STANDS
from readiness.indicators.gather import parameters, with_ctes
from readiness.scoring import Model

STANDING = f"""
    SELECT sl.ward_id, sl.date, sl.pattern_id, array_agg(DISTINCT sh.staff_id)
    FROM slots sl
    JOIN training_championshift sh ON {STANDS}
    GROUP BY sl.ward_id, sl.date, sl.pattern_id
"""

# A ward, a day, a pattern.
SlotKey = tuple[int, date, int]


def staff_of_slots(model: Model, deployment_id: int, *, day: date) -> Mapping[SlotKey, list[int]]:
    """The members of staff who stand in each slot that has any, by ward, day and pattern, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(STANDING), parameters(model, ids=[deployment_id], day=day))
        return {(ward, on, pattern): staff for ward, on, pattern, staff in cursor.fetchall()}
