"""`technical.access`: staff whose latest log-in test passed."""

from readiness.indicators.family import Family

LATEST = """
    FROM training_accesscheck c
    WHERE c.staff_id = st.staff_id AND c.programme_id = st.programme_id
      AND c.retired_at IS NULL AND c.checked_at < st.day_ends_at
    ORDER BY c.checked_at DESC
    LIMIT 1
"""

UNITS = f"""
    SELECT
        'technical.access' AS code, st.deployment_id, 1::bigint AS weight,
        COALESCE((SELECT c.passed {LATEST}), false)::int AS credit_num,
        1 AS credit_den,
        st.staff_id, st.ward_id
    FROM staff st
"""

DATED = f"""
    SELECT u.code, (SELECT (c.checked_at AT TIME ZONE st.zone)::date {LATEST}) AS dated_on
    FROM access_units u
    JOIN staff st ON st.deployment_id = u.deployment_id AND st.staff_id = u.staff_id
    WHERE u.credit_num > 0
"""

FAMILY = Family(name="access", units=UNITS, key=("staff_id",), facts=("ward_id",), dated=DATED)
