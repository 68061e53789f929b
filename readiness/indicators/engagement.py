"""`engagement.reach`: staff groups that an event reached at the site. `engagement.confidence`: the pulse."""

from readiness.indicators.family import Family

REACHED_BY = """
    FROM rollout_engagementevent e
    JOIN rollout_engagementevent_sites es ON es.engagementevent_id = e.id AND es.site_id = g.site_id
    JOIN rollout_engagementevent_groups eg ON eg.engagementevent_id = e.id AND eg.staffgroup_id = g.group_id
    WHERE e.programme_id = g.programme_id AND e.retired_at IS NULL
      AND e.held_on > g.day - %(reach_days)s AND e.held_on <= g.day
"""

REACH = f"""
    SELECT
        'engagement.reach' AS code, g.deployment_id, 1::bigint AS weight,
        EXISTS (SELECT 1 {REACHED_BY})::int AS credit_num,
        1 AS credit_den,
        g.group_id AS staff_group_id
    FROM (
        SELECT DISTINCT deployment_id, programme_id, site_id, day, group_id
        FROM staff
        WHERE group_id IS NOT NULL
    ) g
"""

REACH_DATED = f"""
    SELECT g.code, (SELECT max(e.held_on) {REACHED_BY}) AS dated_on
    FROM (
        SELECT u.code, u.staff_group_id AS group_id, sc.programme_id, sc.site_id, sc.day
        FROM reach_units u JOIN scored sc USING (deployment_id)
        WHERE u.credit_num > 0
    ) g
"""

REACH_FAMILY = Family(name="reach", units=REACH, key=("staff_group_id",), dated=REACH_DATED)

CONFIDENCE = """
    SELECT
        'engagement.confidence' AS code, sc.deployment_id, 1::bigint AS weight,
        r.confidence::int - 1 AS credit_num, 4 AS credit_den,
        r.id AS response_id, r.answered_on AS dated_on
    FROM scored sc
    JOIN rollout_pulseresponse r ON r.deployment_id = sc.deployment_id
        AND r.retired_at IS NULL
        AND r.answered_on > sc.day - %(confidence_days)s AND r.answered_on <= sc.day
"""

CONFIDENCE_FAMILY = Family(
    name="confidence",
    units=CONFIDENCE,
    key=("response_id",),
    dated="SELECT code, dated_on FROM confidence_units",
)
