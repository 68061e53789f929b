"""The slots of the rota: who stands in each, by the rule of `champions.cover`, and which are still to come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import connection

from readiness.indicators.champions import OVERLAPS, SLOTS_OF, STANDS, STOOD
from readiness.indicators.gather import parameters, with_ctes
from readiness.indicators.population import MANNED
from readiness.scoring import Model

STANDING = f"""
    SELECT sl.ward_id, sl.date, sl.pattern_id, array_agg(DISTINCT sh.staff_id)
    FROM slots sl
    JOIN training_championshift sh ON {STANDS}
    GROUP BY sl.ward_id, sl.date, sl.pattern_id
"""

# The day's end at the site bounds the moment where the page is of a day that has ended. Wards that go live together
# have the same slots, which are worked out for the first of them (`like_ward_id`), and many shifts have the same hours:
# which of the slots these overlap is worked out once for all of them. A ward's shifts are one look into an index.
AHEAD = f""",
    manned AS MATERIALIZED (
        SELECT m.*, min(m.ward_id) OVER (PARTITION BY m.programme_id, m.zone, m.go_live_on) AS like_ward_id
        FROM ({MANNED}) m
        WHERE m.go_live_on IS NOT NULL
    ),
    ahead AS MATERIALIZED (
        SELECT sl.*
        FROM ({SLOTS_OF.format(wards="(SELECT * FROM manned WHERE ward_id = like_ward_id)")}) sl
        WHERE sl.ends_at > LEAST(%(now)s, CASE WHEN %(whole_day)s THEN sl.day_ends_at END)
    ),
    shifts AS MATERIALIZED (
        SELECT sl.deployment_id, sl.programme_id, sl.ward_id, sl.like_ward_id, sh.staff_id, sh.starts_at, sh.ends_at
        FROM manned sl
        JOIN training_championshift sh ON sh.ward_id = sl.ward_id AND sh.programme_id = sl.programme_id AND {STOOD}
            AND sh.starts_at > (sl.go_live_on - 2)::timestamp AT TIME ZONE sl.zone
            AND sh.starts_at < (sl.go_live_on + %(cover_days)s + 2)::timestamp AT TIME ZONE sl.zone
    ),
    hours AS MATERIALIZED (
        SELECT sh.*, sl.date, sl.pattern_id, sl.minimum
        FROM (SELECT DISTINCT programme_id, like_ward_id, starts_at, ends_at FROM shifts) sh
        JOIN ahead sl ON sl.ward_id = sh.like_ward_id AND sl.programme_id = sh.programme_id AND {OVERLAPS}
    ),
    filled AS (
        SELECT shifts.deployment_id
        FROM shifts
        JOIN hours USING (programme_id, like_ward_id, starts_at, ends_at)
        GROUP BY shifts.deployment_id, shifts.ward_id, hours.date, hours.pattern_id, hours.minimum
        HAVING count(DISTINCT shifts.staff_id) >= hours.minimum
    )
    SELECT a.deployment_id, a.slots - COALESCE(f.slots, 0), a.slots
    FROM (
        SELECT m.deployment_id, sum(each.slots)::bigint AS slots
        FROM manned m
        JOIN (SELECT programme_id, ward_id, count(*) AS slots FROM ahead GROUP BY programme_id, ward_id) each
            ON each.programme_id = m.programme_id AND each.ward_id = m.like_ward_id
        GROUP BY m.deployment_id
    ) a
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
