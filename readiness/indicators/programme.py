"""Indicators over a handful of records each: targets agreed, commitments delivered, pilots decided, hazards closed."""

from readiness.indicators.family import Family, counting

TARGETS = """
    SELECT
        'goals.targets' AS code, sc.deployment_id, 1::bigint AS weight,
        COALESCE(t.agreed_on <= sc.day, false)::int AS credit_num, 1 AS credit_den,
        m.id AS measure_id, t.agreed_on AS dated_on
    FROM scored sc
    JOIN rollout_measure m ON m.programme_id = sc.programme_id AND m.retired_at IS NULL
    LEFT JOIN rollout_sitetarget t
        ON t.measure_id = m.id AND t.deployment_id = sc.deployment_id AND t.retired_at IS NULL
"""

# A commitment counts once it is due by the go-live, or by the day scored where that is later.
COMMITMENTS = """
    SELECT
        'partnerships.commitments' AS code, sc.deployment_id, 1::bigint AS weight,
        COALESCE(c.delivered_on <= sc.day, false)::int AS credit_num, 1 AS credit_den,
        c.id AS commitment_id, c.due_on, c.delivered_on AS dated_on
    FROM scored sc
    JOIN rollout_commitment c ON c.programme_id = sc.programme_id
        AND (c.deployment_id IS NULL OR c.deployment_id = sc.deployment_id)
        AND c.retired_at IS NULL
        AND c.due_on <= sc.valid_until
"""

# Credits are whole numbers over the model's common denominator: outcome times resources.
PILOTS = """
    SELECT
        'pilots.outcome' AS code, sc.deployment_id, 1::bigint AS weight,
        CASE
            WHEN pi.decided_on IS NULL OR pi.decided_on > sc.day THEN %(pilot_undecided)s
            ELSE (%(pilot_credits)s::jsonb ->> pi.outcome)::int
        END * CASE WHEN pi.secured_on <= sc.day THEN %(secured_den)s ELSE %(unsecured_num)s END AS credit_num,
        %(pilot_den)s AS credit_den,
        pi.id AS pilot_id, pi.outcome, pi.decided_on, pi.secured_on, pi.decided_on AS dated_on
    FROM scored sc
    JOIN rollout_pilot pi ON pi.programme_id = sc.programme_id
        AND pi.retired_at IS NULL
        AND pi.ends_on <= sc.day
"""

HAZARDS = """
    SELECT
        'governance.hazards' AS code, sc.deployment_id, 1::bigint AS weight,
        (NOT x.open)::int AS credit_num, 1 AS credit_den,
        h.id AS hazard_id, h.rating, x.open,
        LEAST(
            CASE WHEN h.closed_on <= sc.day THEN h.closed_on END,
            CASE WHEN h.accepted_on <= sc.day THEN h.accepted_on END
        ) AS dated_on
    FROM scored sc
    JOIN readiness_hazard h ON h.programme_id = sc.programme_id
        AND (h.deployment_id IS NULL OR h.deployment_id = sc.deployment_id)
        AND h.retired_at IS NULL
        AND h.raised_on <= sc.day
    CROSS JOIN LATERAL (
        SELECT NOT COALESCE(h.closed_on <= sc.day, false) AND NOT COALESCE(h.accepted_on <= sc.day, false) AS open
    ) x
"""

TARGETS_FAMILY = Family(name="targets", units=TARGETS, key=("measure_id",), dated=counting("targets_units"))
COMMITMENTS_FAMILY = Family(
    name="commitments",
    units=COMMITMENTS,
    key=("commitment_id",),
    facts=("due_on",),
    dated=counting("commitments_units"),
)
PILOTS_FAMILY = Family(
    name="pilots",
    units=PILOTS,
    key=("pilot_id",),
    facts=("outcome", "decided_on", "secured_on"),
    dated=counting("pilots_units"),
)
HAZARDS_FAMILY = Family(
    name="hazards",
    units=HAZARDS,
    key=("hazard_id",),
    facts=("rating", "open"),
    dated=counting("hazards_units"),
)

# Not an indicator but what a cap asks: agreements of the deployment that miss a signature on the day.
AGREEMENTS = """
    SELECT
        'agreement' AS code, sc.deployment_id, 1::bigint AS weight, 0 AS credit_num, 1 AS credit_den,
        ag.id AS agreement_id, array_agg(si.organisation_id ORDER BY si.organisation_id) AS missing
    FROM scored sc
    JOIN rollout_agreement ag ON ag.deployment_id = sc.deployment_id AND ag.retired_at IS NULL
    JOIN rollout_signature si ON si.agreement_id = ag.id AND si.retired_at IS NULL
        AND (si.signed_on IS NULL OR si.signed_on > sc.day)
    GROUP BY sc.deployment_id, ag.id
"""

AGREEMENTS_FAMILY = Family(name="agreements", units=AGREEMENTS, key=("agreement_id",), facts=("missing",))
