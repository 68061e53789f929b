"""`checklist.<domain>`: the weight of the items done, of all items that apply.

An item's state on the day is that of its latest event with a state; its assurance is what the done event set, raised
by later events that carry an assurance alone; its due date is the one set last, else counted back from its go-live.
"""

from readiness.indicators.family import Family

# Every event knows when its item's state was last set, so that one pass gives state and assurance.
EVENTS = """
    SELECT
        e.item_id, e.at, e.state, e.assurance, e.due_on, e.due_default,
        max(e.at) FILTER (WHERE e.state <> '') OVER (PARTITION BY e.item_id) AS state_at
    FROM scored sc
    JOIN readiness_checklistevent e
        ON e.deployment_id = sc.deployment_id AND e.retired_at IS NULL AND e.at < sc.day_ends_at
"""

ITEM_STATES = """
    SELECT
        item_id,
        max(state_at) AS state_at,
        max(state) FILTER (WHERE at = state_at) AS state,
        max(CASE assurance WHEN 'proved' THEN 3 WHEN 'seen' THEN 2 ELSE 1 END) FILTER (WHERE at >= state_at) AS level,
        (array_agg(due_on ORDER BY at DESC) FILTER (WHERE due_on IS NOT NULL OR due_default))[1] AS due_on
    FROM item_events
    GROUP BY item_id
"""

WAIVED = """
    SELECT DISTINCT w.deployment_id, w.subject
    FROM scored sc
    JOIN readiness_waiver w ON w.deployment_id = sc.deployment_id AND w.retired_at IS NULL
    WHERE w.decided_on <= sc.day
      AND (w.state = 'approved' AND w.revoked_on IS NULL
           OR w.state IN ('approved', 'revoked') AND w.revoked_on > sc.day)
      AND (w.from_on IS NULL OR w.from_on <= sc.day)
      AND w.until_on >= sc.day
"""

UNITS = """
    SELECT
        'checklist.' || t.domain AS code,
        i.deployment_id,
        t.weight::bigint AS weight,
        CASE
            WHEN NOT x.done THEN 0
            WHEN t.evidence_needed AND s.level = 1 THEN %(declared_num)s
            ELSE %(declared_den)s
        END AS credit_num,
        %(declared_den)s AS credit_den,
        i.id AS item_id,
        i.code AS item,
        t.text,
        t.blocking,
        COALESCE(s.state, 'not_started') AS state,
        CASE WHEN x.done THEN (ARRAY['declared', 'seen', 'proved'])[s.level] ELSE '' END AS assurance,
        t.evidence_needed,
        COALESCE(
            s.due_on,
            CASE t.golive WHEN 'technical' THEN sc.technical_go_live_on ELSE sc.go_live_on END - t.due_days
        ) AS due_on,
        w.subject IS NOT NULL AS waived,
        x.done,
        sc.day
    FROM scored sc
    JOIN readiness_checklistitem i ON i.deployment_id = sc.deployment_id AND i.retired_at IS NULL
    JOIN readiness_templateitem t ON t.id = i.template_item_id
    LEFT JOIN item_states s ON s.item_id = i.id
    LEFT JOIN waived w ON w.deployment_id = i.deployment_id AND w.subject = i.code
    CROSS JOIN LATERAL (
        SELECT COALESCE(
            s.state = 'done'
            AND (t.valid_days IS NULL OR (s.state_at AT TIME ZONE sc.zone)::date + t.valid_days::int >= sc.day),
            false
        ) AS done
    ) x
    WHERE s.state IS DISTINCT FROM 'not_applicable'
"""

FAMILY = Family(
    name="checklist",
    units=UNITS,
    key=("item_id",),
    facts=("item", "text", "blocking", "state", "assurance", "evidence_needed", "due_on", "waived"),
    ctes={"item_events": EVENTS, "item_states": ITEM_STATES, "waived": WAIVED},
)
