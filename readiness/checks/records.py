"""The checks that ask records directly, each as a SELECT of item_id, found, total and whether that is enough.

They read `to_check`: the items of the sites in question with their check, the site's plan and `day`, its today. What an
indicator counts already is not asked again: those checks read the newest stored score.
"""

from collections.abc import Mapping

from readiness.checks.catalogue import CHECKS
from rollout.choices import Infrastructure

# Items that some check may prove, with the plan of their site.
TO_CHECK = """
    SELECT i.id AS item_id, i.deployment_id, sc.programme_id, sc.site_id, sc.day, sc.go_live_on,
        COALESCE(d.actual_technical_go_live_on, d.technical_go_live_on) AS technical_on,
        t.check_code, t.seat_role_id, sc.zone, t.valid_days, i.state, i.assurance, i.done_on,
        i.assurance = 'proved' AND EXISTS (
            SELECT FROM readiness_checklistevent e
            WHERE e.deployment_id = i.deployment_id AND e.item_id = i.id AND e.retired_at IS NULL
              AND e.assurance = 'proved' AND e.check_code <> ''
              AND (e.at AT TIME ZONE sc.zone)::date >= i.done_on
        ) AS proved_here
    FROM scored sc
    JOIN rollout_deployment d ON d.id = sc.deployment_id
    JOIN readiness_checklistitem i ON i.deployment_id = sc.deployment_id AND i.retired_at IS NULL
    JOIN readiness_templateitem t ON t.id = i.template_item_id
    WHERE t.check_code <> ''
"""
# A seat held on the day, of the site or of the whole programme.
HELD = """
    se.programme_id = a.programme_id AND (se.site_id = a.site_id OR se.site_id IS NULL) AND se.retired_at IS NULL
    AND se.person_id IS NOT NULL
    AND (se.from_on IS NULL OR se.from_on <= a.day) AND (se.to_on IS NULL OR se.to_on >= a.day)
"""
# Every discipline that the programme or one of its sites ever named: once a programme, not once a site.
DISCIPLINES = """
    SELECT programme_id, array_agg(DISTINCT discipline_id) AS named
    FROM rollout_seat
    WHERE discipline_id IS NOT NULL AND retired_at IS NULL
      AND programme_id IN (SELECT programme_id FROM to_check WHERE check_code = 'disciplines_covered')
    GROUP BY programme_id
"""
CTES = {"to_check": TO_CHECK, "disciplines": DISCIPLINES}


def of_score(code: str, indicator: str) -> str:
    """The stored reading of an indicator; a log of hazards is kept as soon as there is one in it."""
    enough = "(r.reading ->> 2)::bigint > 0" if code == "hazard_log_kept" else "(r.reading ->> 4)::numeric >= 1"
    return f"""
        SELECT a.item_id,
            CASE WHEN r.reading ->> 1 ~ '^[0-9]+$' THEN (r.reading ->> 1)::bigint ELSE 0 END,
            COALESCE((r.reading ->> 2)::bigint, 0),
            COALESCE(r.reading ->> 0 = 'known' AND {enough}, false)
        FROM to_check a
        LEFT JOIN LATERAL (
            SELECT s.indicators -> '{indicator}' AS reading
            FROM readiness_readinessscore s
            WHERE s.deployment_id = a.deployment_id AND s.superseded_at IS NULL AND s.day <= a.day
            ORDER BY s.day DESC, s.model_id DESC LIMIT 1
        ) r ON true
    """


def of_counts(kind: str) -> str:
    """The wards in scope on which a kind was counted and nothing is missing."""
    return f"""
        SELECT a.item_id, c.found, c.total, c.found > 0 AND c.found = c.total
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(*) AS total, count(k.id) FILTER (WHERE k.ready >= k.needed) AS found
            FROM scope w
            LEFT JOIN rollout_wardcount k ON k.deployment_id = a.deployment_id AND k.ward_id = w.ward_id
                AND k.kind = '{kind}' AND k.counted_on <= a.day AND k.retired_at IS NULL
            WHERE w.deployment_id = a.deployment_id
        ) c"""


DIRECT: Mapping[str, str] = {
    "seat_filled": f"""
        SELECT a.item_id, c.found, 1, c.found > 0
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(DISTINCT se.person_id) AS found FROM rollout_seat se
            WHERE se.role_id = a.seat_role_id AND {HELD}
        ) c""",
    "chairs_named": """
        SELECT a.item_id, c.found, 2, c.found = 2
        FROM to_check a CROSS JOIN LATERAL (
            SELECT COALESCE(max(num_nonnulls(g.clinical_chair_id, g.operational_chair_id)), 0) AS found
            FROM rollout_readinessgroup g WHERE g.deployment_id = a.deployment_id AND g.retired_at IS NULL
        ) c""",
    "disciplines_covered": f"""
        SELECT a.item_id, c.found, cardinality(COALESCE(n.named, '{{}}')),
            c.found > 0 AND c.found = cardinality(n.named)
        FROM to_check a LEFT JOIN disciplines n USING (programme_id) CROSS JOIN LATERAL (
            SELECT count(DISTINCT se.discipline_id) AS found FROM rollout_seat se WHERE {HELD}
        ) c""",
    "standard_decided": """
        SELECT a.item_id, c.found, 1, c.found > 0
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(*) AS found FROM rollout_decision de
            WHERE de.programme_id = a.programme_id AND de.kind = 'standard' AND de.from_on IS NOT NULL
              AND (de.deployment_id IS NULL OR de.deployment_id = a.deployment_id) AND de.retired_at IS NULL
        ) c""",
    "baseline_recorded": """
        SELECT a.item_id, c.found, %(domains)s, c.found >= %(domains)s
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(DISTINCT b.domain) AS found FROM rollout_baselineassessment b
            WHERE b.deployment_id = a.deployment_id AND b.assessed_on <= a.day AND b.retired_at IS NULL
        ) c""",
    "measures_observed": """
        SELECT a.item_id, c.found, c.total, c.found > 0 AND c.found = c.total
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(*) AS total, count(*) FILTER (WHERE EXISTS (
                SELECT FROM rollout_observation o
                WHERE o.measure_id = m.id AND o.deployment_id = a.deployment_id AND o.retired_at IS NULL
                  AND o.period_starts_on <= a.day AND (a.go_live_on IS NULL OR o.period_starts_on < a.go_live_on)
            )) AS found
            FROM rollout_measure m WHERE m.programme_id = a.programme_id AND m.retired_at IS NULL
        ) c""",
    "curve_planned": """
        SELECT a.item_id, c.found, 1, c.found > 0
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(*) AS found FROM training_trainingplan p
            JOIN training_trainingplanpoint x ON x.plan_id = p.id AND x.retired_at IS NULL
            WHERE p.deployment_id = a.deployment_id AND p.retired_at IS NULL
        ) c""",
    "champions_named": """
        SELECT a.item_id, c.found, c.total, c.found > 0 AND c.found = c.total
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(*) AS total, count(*) FILTER (WHERE EXISTS (
                SELECT FROM training_champion ch
                JOIN training_posting po ON po.staff_id = ch.staff_id AND po.ward_id = w.ward_id
                    AND po.retired_at IS NULL AND po.from_on <= a.day AND (po.to_on IS NULL OR po.to_on >= a.day)
                WHERE ch.programme_id = a.programme_id AND ch.retired_at IS NULL
                  AND ch.from_on <= a.day AND (ch.to_on IS NULL OR ch.to_on >= a.day)
            )) AS found
            FROM scope w WHERE w.deployment_id = a.deployment_id
        ) c""",
    "agreements_signed": """
        SELECT a.item_id, c.found, c.total, c.total > 0 AND c.found = c.total
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(*) AS total, count(*) FILTER (WHERE si.signed_on <= a.day) AS found
            FROM rollout_agreement ag JOIN rollout_signature si ON si.agreement_id = ag.id AND si.retired_at IS NULL
            WHERE ag.deployment_id = a.deployment_id AND ag.retired_at IS NULL
        ) c""",
    "two_dates": """
        SELECT a.item_id, c.days, %(two_weeks)s, c.days >= %(two_weeks)s
        FROM to_check a CROSS JOIN LATERAL (
            SELECT GREATEST(COALESCE(a.go_live_on - a.technical_on, 0), 0) AS days
        ) c""",
    "command_rota": """
        SELECT a.item_id, c.found, 3 * %(cover_days)s, c.found = 3 * %(cover_days)s
        FROM to_check a CROSS JOIN LATERAL (
            SELECT count(DISTINCT (r.tier, n.n)) AS found
            FROM generate_series(0, %(cover_days)s - 1) n (n)
            JOIN rollout_commandrota r ON r.deployment_id = a.deployment_id AND r.retired_at IS NULL
                AND r.starts_at < (a.go_live_on + n.n + 1)::timestamp AT TIME ZONE a.zone
                AND r.ends_at > (a.go_live_on + n.n)::timestamp AT TIME ZONE a.zone
        ) c""",
    "funding_past_go_live": """
        SELECT a.item_id, c.found, %(year)s, c.found >= %(year)s
        FROM to_check a CROSS JOIN LATERAL (
            SELECT COALESCE(sum(upper(r) - lower(r)), 0) AS found
            FROM unnest((
                SELECT range_agg(daterange(f.from_on, f.to_on, '[]')) FROM rollout_fundingline f
                WHERE f.programme_id = a.programme_id AND f.secured_on <= a.day AND f.retired_at IS NULL
            ) * datemultirange(daterange(a.go_live_on, a.go_live_on + %(year)s))) r
            WHERE a.go_live_on IS NOT NULL
        ) c""",
}

_OF_COUNTS = {f"{kind}_counted": of_counts(kind.value) for kind in Infrastructure}
_OF_SCORES = {code: of_score(code, check.indicator) for code, check in CHECKS.items() if check.indicator}
SELECTS: Mapping[str, str] = {
    code: f"{select} WHERE a.check_code = '{code}'" for code, select in {**DIRECT, **_OF_COUNTS, **_OF_SCORES}.items()
}
