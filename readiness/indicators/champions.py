"""`champions.ratio`: wards with enough trained champions. `champions.cover`: slots of the go-live fortnight."""

from readiness.indicators.family import Family

WARD_STAFF = """
    SELECT deployment_id, ward_id, count(*) AS staff
    FROM staff
    GROUP BY deployment_id, ward_id
"""

CHAMPION_COURSES = """
    SELECT c.programme_id, c.id AS course_id, c.valid_days::int AS valid_days, c.assessed
    FROM training_course c
    WHERE c.active AND c.for_champions AND c.retired_at IS NULL
      AND c.programme_id IN (SELECT programme_id FROM scored)
"""

# Champions active on the day, in the ward where they count as staff, and whether they still lack a champion course.
WARD_CHAMPIONS = """
    SELECT DISTINCT
        st.deployment_id, st.ward_id, ch.staff_id,
        EXISTS (
            SELECT 1 FROM champion_courses c
            WHERE c.programme_id = sc.programme_id
              AND NOT EXISTS (
                  SELECT 1 FROM training_attendance t
                  WHERE t.staff_id = ch.staff_id AND t.course_id = c.course_id
                    AND t.state = 'attended' AND t.retired_at IS NULL
                    AND t.on <= sc.day
                    AND (c.valid_days IS NULL OR t.on + c.valid_days >= sc.valid_until)
                    AND (NOT c.assessed OR t.passed)
              )
        ) AS untrained
    FROM scored sc
    JOIN staff st ON st.deployment_id = sc.deployment_id
    JOIN training_champion ch ON ch.programme_id = sc.programme_id
        AND ch.staff_id = st.staff_id
        AND ch.retired_at IS NULL
        AND ch.from_on <= sc.day
        AND (ch.to_on IS NULL OR ch.to_on >= sc.day)
"""

# The weight of a ward is its staff; its credit is what it has of the champions it needs.
RATIO = """
    SELECT
        'champions.ratio' AS code, ws.deployment_id, ws.staff AS weight,
        LEAST(count(wc.staff_id) FILTER (WHERE NOT wc.untrained), n.need) AS credit_num, n.need AS credit_den,
        ws.ward_id, ws.staff, n.need,
        count(wc.staff_id) FILTER (WHERE NOT wc.untrained) AS have,
        COALESCE(
            array_agg(wc.staff_id ORDER BY wc.staff_id) FILTER (WHERE wc.untrained), ARRAY[]::bigint[]
        ) AS untrained,
        (SELECT min(c.valid_days) FROM champion_courses c WHERE c.programme_id = sc.programme_id) AS valid_days
    FROM scored sc
    JOIN ward_staff ws ON ws.deployment_id = sc.deployment_id
    CROSS JOIN LATERAL (
        SELECT GREATEST(1, (ws.staff + %(staff_per_champion)s - 1) / %(staff_per_champion)s) AS need
    ) n
    LEFT JOIN ward_champions wc ON wc.deployment_id = ws.deployment_id AND wc.ward_id = ws.ward_id
    GROUP BY ws.deployment_id, ws.ward_id, ws.staff, n.need, sc.programme_id
"""

RATIO_FAMILY = Family(
    name="ratio",
    units=RATIO,
    key=("ward_id",),
    facts=("staff", "need", "have", "untrained", "valid_days"),
    ctes={"ward_staff": WARD_STAFF, "champion_courses": CHAMPION_COURSES, "ward_champions": WARD_CHAMPIONS},
)

# A pattern that ends at or before its start ends the next day; by the site's clock a night may last 7 or 9 hours.
SLOTS = """
    SELECT
        sc.deployment_id, ws.ward_id, d.date, pa.id AS pattern_id, pa.minimum,
        (d.date + pa.starts) AT TIME ZONE sc.zone AS starts_at,
        (d.date + (pa.ends <= pa.starts)::int + pa.ends) AT TIME ZONE sc.zone AS ends_at
    FROM scored sc
    JOIN ward_staff ws ON ws.deployment_id = sc.deployment_id
    JOIN training_shiftpattern pa ON pa.programme_id = sc.programme_id AND pa.retired_at IS NULL
    CROSS JOIN LATERAL (
        SELECT sc.go_live_on + n AS date FROM generate_series(0, %(cover_days)s - 1) n
    ) d
    WHERE sc.go_live_on IS NOT NULL
"""

# Shifts that stood on the day: planned by then, and not missed or cancelled by then.
STANDING = """
    SELECT scope.deployment_id, sh.ward_id, sh.staff_id, sh.starts_at, sh.ends_at
    FROM scored sc
    JOIN scope ON scope.deployment_id = sc.deployment_id
    JOIN training_championshift sh ON sh.ward_id = scope.ward_id
        AND sh.programme_id = sc.programme_id
        AND sh.retired_at IS NULL
        AND sh.planned_on <= sc.day
        AND COALESCE(sh.ended_on > sc.day, sh.state NOT IN ('missed', 'cancelled'))
        AND sh.starts_at < (sc.go_live_on + %(cover_days)s + 1)::timestamp AT TIME ZONE sc.zone
        AND sh.ends_at > sc.go_live_on::timestamp AT TIME ZONE sc.zone
"""

# Different champions who alone overlap a slot by at least the model's part of it, in real elapsed time.
HELD_SLOTS = """
    SELECT sl.deployment_id, sl.ward_id, sl.date, sl.pattern_id, count(DISTINCT sh.staff_id) AS have
    FROM slots sl
    JOIN standing_shifts sh ON sh.deployment_id = sl.deployment_id
        AND sh.ward_id = sl.ward_id
        AND sh.starts_at < sl.ends_at
        AND sh.ends_at > sl.starts_at
        AND (LEAST(sh.ends_at, sl.ends_at) - GREATEST(sh.starts_at, sl.starts_at)) * %(overlap_den)s
            >= (sl.ends_at - sl.starts_at) * %(overlap_num)s
    GROUP BY sl.deployment_id, sl.ward_id, sl.date, sl.pattern_id
"""

COVER = """
    SELECT
        'champions.cover' AS code, sl.deployment_id, 1::bigint AS weight,
        (COALESCE(hs.have, 0) >= sl.minimum)::int AS credit_num, 1 AS credit_den,
        sl.ward_id, sl.date, sl.pattern_id, sl.minimum, COALESCE(hs.have, 0) AS have, sl.starts_at, sl.ends_at
    FROM slots sl
    LEFT JOIN held_slots hs ON hs.deployment_id = sl.deployment_id
        AND hs.ward_id = sl.ward_id
        AND hs.date = sl.date
        AND hs.pattern_id = sl.pattern_id
"""

COVER_FAMILY = Family(
    name="cover",
    units=COVER,
    key=("ward_id", "date", "pattern_id"),
    facts=("minimum", "have", "starts_at", "ends_at"),
    ctes={"slots": SLOTS, "standing_shifts": STANDING, "held_slots": HELD_SLOTS},
)
