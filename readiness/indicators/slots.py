"""The slots of the rota: who stands in each, by the rule of `champions.cover`, and which are still to come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import connection

from readiness.indicators.champions import SLOTS_OF, STANDS
from readiness.indicators.gather import parameters, with_ctes
from readiness.indicators.population import MANNED
from readiness.scoring import Model

STANDING = f"""
    SELECT sl.ward_id, sl.date, sl.pattern_id, array_agg(DISTINCT sh.staff_id)
    FROM slots sl
    JOIN training_championshift sh ON {STANDS}
    GROUP BY sl.ward_id, sl.date, sl.pattern_id
"""

# The day's end at the site bounds the moment where the page is of a day that has ended. A slot nobody stands in costs
# one look into an index and nothing else: only the filled ones are grouped.
AHEAD = f""",
    manned AS MATERIALIZED ({MANNED}),
    ahead AS MATERIALIZED (
        SELECT sl.* FROM ({SLOTS_OF.format(wards="manned")}) sl
        WHERE sl.ends_at > LEAST(%(now)s, CASE WHEN %(whole_day)s THEN sl.day_ends_at END)
    ),
    filled AS (
        SELECT sl.deployment_id
        FROM ahead sl
        JOIN training_championshift sh ON {STANDS}
        GROUP BY sl.deployment_id, sl.ward_id, sl.date, sl.pattern_id, sl.minimum
        HAVING count(DISTINCT sh.staff_id) >= sl.minimum
    )
    SELECT a.deployment_id, a.slots - COALESCE(f.slots, 0), a.slots
    FROM (SELECT deployment_id, count(*) AS slots FROM ahead GROUP BY deployment_id) a
    LEFT JOIN (SELECT deployment_id, count(*) AS slots FROM filled GROUP BY deployment_id) f USING (deployment_id)
"""

# Who counts as a champion of a site on a day, where they work, and whether they did the champions' courses.
HELPING = """
    SELECT staff_id, ward_id, NOT untrained FROM ward_staff WHERE untrained IS NOT NULL ORDER BY staff_id
"""

# A ward, a day, a pattern.
SlotKey = tuple[int, date, int]


def staff_of_slots(model: Model, deployment_id: int, *, day: date) -> Mapping[SlotKey, list[int]]:
    """The members of staff who stand in each slot that has any, by ward, day and pattern, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(STANDING), parameters(model, ids=[deployment_id], day=day))
        return {(ward, on, pattern): staff for ward, on, pattern, staff in cursor.fetchall()}


def champions_on(model: Model, deployment_id: int, *, day: date) -> list[tuple[int, int, bool]]:
    """The champions of a site on a day, which may be one to come: staff, ward, trained by then. One query."""
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(HELPING), parameters(model, ids=[deployment_id], day=day))
        return list(cursor.fetchall())


def slots_ahead(
    model: Model, ids: Sequence[int], *, day: date, now: datetime, whole_day: bool
) -> Mapping[int, tuple[int, int]]:
    """Of each deployment that has slots which are not over: how many of these are not filled, and how many they are.

    Over is what has ended by `now`, or with `whole_day` by the end of the day at the site, if that was earlier. The
    filling is that of `day`. One query.
    """
    values = parameters(model, ids=ids, day=day) | {"now": now, "whole_day": whole_day}
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(AHEAD), values)
        return {deployment: (gaps, slots) for deployment, gaps, slots in cursor.fetchall()}
