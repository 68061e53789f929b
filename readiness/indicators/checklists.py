"""`checklist.<domain>`: the weight of the items done, of all items that apply.

An item's state on the day is that of its latest event with a state; its assurance is what the done event set, raised
by later events that carry an assurance alone; its due date is the one set last, else counted back from its go-live.
"""

from readiness.indicators.family import Family, counting

# Every event knows when its item's state was last set, so that one pass gives state and assurance; an item without
# events has one empty row.
EVENTS = """
    SELECT
        i.id AS item_id, i.deployment_id, i.code, i.template_item_id,
        sc.day, sc.zone, sc.go_live_on, sc.technical_go_live_on,
        e.at, e.state, e.assurance, e.due_on, e.due_default,
        max(e.at) FILTER (WHERE e.state <> '') OVER (PARTITION BY i.id) AS state_at
    FROM scored sc
    JOIN readiness_checklistitem i ON i.deployment_id = sc.deployment_id AND i.retired_at IS NULL
    LEFT JOIN readiness_checklistevent e ON e.deployment_id = i.deployment_id
        AND e.item_id = i.id
        AND e.retired_at IS NULL
        AND e.at < sc.day_ends_at
"""

ITEM_STATES = """
    SELECT
        item_id, deployment_id, code, template_item_id, day, zone, go_live_on, technical_go_live_on,
        max(state_at) AS state_at,
        max(state) FILTER (WHERE at = state_at) AS state,
        max(CASE assurance WHEN 'proved' THEN 3 WHEN 'seen' THEN 2 ELSE 1 END) FILTER (WHERE at >= state_at) AS level,
        (array_agg(due_on ORDER BY at DESC) FILTER (WHERE due_on IS NOT NULL OR due_default))[1] AS due_on
    FROM item_events
    GROUP BY item_id, deployment_id, code, template_item_id, day, zone, go_live_on, technical_go_live_on
"""

# What a waiver must be on the day, for w a waiver and the names of a row with day.
WAIVED = """
    w.retired_at IS NULL
    AND w.decided_on <= {row}.day
    AND (w.state = 'approved' AND w.revoked_on IS NULL
         OR w.state IN ('approved', 'revoked') AND w.revoked_on > {row}.day)
    AND (w.from_on IS NULL OR w.from_on <= {row}.day)
    AND w.until_on >= {row}.day
"""

# Every item with how it stands on the day, those that do not apply among them.
ITEMS = f"""
    SELECT
        'checklist.' || t.domain AS code,
        s.deployment_id,
        t.weight::bigint AS weight,
        CASE
            WHEN NOT x.done THEN 0
            WHEN t.evidence_needed AND s.level = 1 THEN %(declared_num)s
            ELSE %(declared_den)s
        END AS credit_num,
        %(declared_den)s AS credit_den,
        s.item_id,
        s.code AS item,
        t.text,
        t.blocking,
        COALESCE(s.state, 'not_started') AS state,
        CASE WHEN x.done THEN (ARRAY['declared', 'seen', 'proved'])[s.level] ELSE '' END AS assurance,
        t.evidence_needed,
        COALESCE(
            s.due_on,
            CASE t.golive WHEN 'technical' THEN s.technical_go_live_on ELSE s.go_live_on END - t.due_days
        ) AS due_on,
        EXISTS (
            SELECT 1 FROM readiness_waiver w
            WHERE w.deployment_id = s.deployment_id AND w.subject = s.code AND {WAIVED.format(row="s")}
        ) AS waived,
        x.done,
        s.day,
        (s.state_at AT TIME ZONE s.zone)::date AS dated_on
    FROM item_states s
    JOIN readiness_templateitem t ON t.id = s.template_item_id
    CROSS JOIN LATERAL (
        SELECT COALESCE(
            s.state = 'done'
            AND (t.valid_days IS NULL OR (s.state_at AT TIME ZONE s.zone)::date + t.valid_days::int >= s.day),
            false
        ) AS done
    ) x
"""

UNITS = "SELECT * FROM checklist_items WHERE state <> 'not_applicable'"

FAMILY = Family(
    name="checklist",
    units=UNITS,
    key=("item_id",),
    facts=("item", "text", "blocking", "state", "assurance", "evidence_needed", "due_on", "waived"),
    ctes={"item_events": EVENTS, "item_states": ITEM_STATES, "checklist_items": ITEMS},
    dated=counting("checklist_units"),
)
