"""`champions.ratio`: wards with enough trained champions. `champions.cover`: slots of the go-live fortnight."""

from readiness.indicators.family import Family
from readiness.indicators.training import VALID

# Staff, and of those who are champions active on the day whether they still lack a champion course (nobody else: NULL).
WARD_STAFF = f"""
    SELECT
        st.deployment_id, st.programme_id, st.ward_id, st.staff_id,
        CASE WHEN EXISTS (
            SELECT 1 FROM training_champion ch
            WHERE ch.programme_id = st.programme_id AND ch.staff_id = st.staff_id AND ch.retired_at IS NULL
              AND ch.from_on <= st.day AND (ch.to_on IS NULL OR ch.to_on >= st.day)
        ) THEN EXISTS (
            SELECT 1 FROM training_course c
            WHERE c.programme_id = st.programme_id AND c.active AND c.for_champions AND c.retired_at IS NULL
              AND NOT EXISTS (
                  SELECT 1 FROM training_attendance t
                  WHERE t.staff_id = st.staff_id AND t.course_id = c.id AND {VALID.format(course="c")}
              )
        ) END AS untrained
    FROM staff st
"""

# The weight of a ward is its staff; its credit is what it has of the champions it needs.
RATIO = """
    SELECT
        'champions.ratio' AS code, w.deployment_id, w.staff AS weight,
        LEAST(w.have, n.need) AS credit_num, n.need AS credit_den,
        w.ward_id, w.staff, n.need, w.have, w.untrained,
        (SELECT min(c.valid_days)::int FROM training_course c
         WHERE c.programme_id = w.programme_id AND c.active AND c.for_champions AND c.retired_at IS NULL) AS valid_days
    FROM (
        SELECT
            deployment_id, programme_id, ward_id, count(*) AS staff,
            count(*) FILTER (WHERE NOT untrained) AS have,
            COALESCE(array_agg(staff_id ORDER BY staff_id) FILTER (WHERE untrained), ARRAY[]::bigint[]) AS untrained
        FROM ward_staff
        GROUP BY deployment_id, programme_id, ward_id
    ) w
    CROSS JOIN LATERAL (
        SELECT GREATEST(1, (w.staff + %(staff_per_champion)s - 1) / %(staff_per_champion)s) AS need
    ) n
"""

# A champion counts since the last of the champions' courses; where there is none, since becoming one.
RATIO_DATED = f"""
    SELECT 'champions.ratio' AS code, COALESCE((
        SELECT max(t.on) FROM training_attendance t
        JOIN training_course c ON c.id = t.course_id AND c.programme_id = ws.programme_id
            AND c.active AND c.for_champions AND c.retired_at IS NULL
        WHERE t.staff_id = ws.staff_id AND {VALID.format(course="c")}
    ), (
        SELECT max(ch.from_on) FROM training_champion ch
        WHERE ch.programme_id = ws.programme_id AND ch.staff_id = ws.staff_id AND ch.retired_at IS NULL
          AND ch.from_on <= st.day
    )) AS dated_on
    FROM ward_staff ws
    JOIN scored st ON st.deployment_id = ws.deployment_id
    WHERE NOT ws.untrained
"""

RATIO_FAMILY = Family(
    name="ratio",
    units=RATIO,
    key=("ward_id",),
    facts=("staff", "need", "have", "untrained", "valid_days"),
    ctes={"ward_staff": WARD_STAFF},
    dated=RATIO_DATED,
)

# The slots of the wards that {wards} names, each once.
# A pattern that ends at or before its start ends the next day; by the site's clock a night may last 7 or 9 hours.
SLOTS_OF = """
    SELECT
        w.deployment_id, w.programme_id, w.ward_id, w.day, w.day_ends_at, d.date, pa.id AS pattern_id, pa.minimum,
        (d.date + pa.starts) AT TIME ZONE w.zone AS starts_at,
        (d.date + (pa.ends <= pa.starts)::int + pa.ends) AT TIME ZONE w.zone AS ends_at
    FROM {wards} w
    JOIN training_shiftpattern pa ON pa.programme_id = w.programme_id AND pa.retired_at IS NULL
    CROSS JOIN LATERAL (
        SELECT w.go_live_on + n AS date FROM generate_series(0, %(cover_days)s - 1) n
    ) d
    WHERE w.go_live_on IS NOT NULL
"""
SLOTS = SLOTS_OF.format(
    wards="(SELECT DISTINCT deployment_id, programme_id, ward_id, zone, day, day_ends_at, go_live_on FROM staff)"
)

# A shift sh counts in the slots sl of a day: it stood on that day, planned by then, not missed or cancelled by then.
STOOD = """sh.retired_at IS NULL
    AND sh.planned_on <= sl.day
    AND COALESCE(sh.ended_on > sl.day, sh.state NOT IN ('missed', 'cancelled'))
"""

# It alone overlaps the slot by at least the model's part of it, in real elapsed time. No shift is longer than a day:
# that bounds the scan.
OVERLAPS = """sh.starts_at > sl.starts_at - interval '24 hours'
    AND sh.starts_at < sl.ends_at
    AND sh.ends_at > sl.starts_at
    AND (LEAST(sh.ends_at, sl.ends_at) - GREATEST(sh.starts_at, sl.starts_at)) * %(overlap_den)s
        >= (sl.ends_at - sl.starts_at) * %(overlap_num)s
"""

# What a shift sh must be to stand in a slot sl. A slot is filled by different champions.
STANDS = f"""
    sh.ward_id = sl.ward_id
    AND sh.programme_id = sl.programme_id
    AND {STOOD}
    AND {OVERLAPS}
"""

COVER = f"""
    SELECT
        'champions.cover' AS code, sl.deployment_id, 1::bigint AS weight,
        (h.have >= sl.minimum)::int AS credit_num, 1 AS credit_den,
        sl.ward_id, sl.date, sl.pattern_id, sl.minimum, h.have, sl.starts_at, sl.ends_at
    FROM slots sl
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT sh.staff_id) AS have
        FROM training_championshift sh
        WHERE {STANDS}
    ) h
"""

# A shift may fill several slots; each slot it fills rests on the day it was planned.
COVER_DATED = f"""
    SELECT 'champions.cover' AS code, max(sh.planned_on) AS dated_on
    FROM cover_units u
    JOIN slots sl ON sl.ward_id = u.ward_id AND sl.date = u.date AND sl.pattern_id = u.pattern_id
    JOIN training_championshift sh ON {STANDS}
    WHERE u.credit_num > 0
    GROUP BY u.ward_id, u.date, u.pattern_id
"""

COVER_FAMILY = Family(
    name="cover",
    units=COVER,
    key=("ward_id", "date", "pattern_id"),
    facts=("minimum", "have", "starts_at", "ends_at"),
    ctes={"slots": SLOTS},
    dated=COVER_DATED,
)
