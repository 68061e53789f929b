"""What a new version of the template would do to the sites: how many scores, and how many blocking items."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import connection
from django.utils import timezone

from readiness.indicators.checklists import WAIVED

# Every site that is scored, with its today and the day each of its items counts back from.
_HERE = """
    SELECT d.id, (%(now)s AT TIME ZONE s.time_zone)::date AS day,
        COALESCE(d.actual_go_live_on, d.go_live_on) AS go_live_on,
        COALESCE(d.actual_technical_go_live_on, d.technical_go_live_on, d.actual_go_live_on, d.go_live_on)
            AS technical_on
    FROM rollout_deployment d
    JOIN rollout_site s ON s.id = d.site_id AND s.retired_at IS NULL
    WHERE d.programme_id = %(programme)s AND d.retired_at IS NULL AND d.stage <> 'embedded'
"""
# What of a template item a score reads.
_SCORED = ("domain", "weight", "blocking", "due_days", "valid_days", "evidence_needed", "golive")
_OTHERWISE = "ROW({}) IS DISTINCT FROM ROW({})".format(
    *(", ".join(f"{row}.{name}" for name in _SCORED) for row in ("t", "n"))
)
# How many sites have which item: one pass over the items, and no row of it is looked at again for a domain in which
# no site has anything otherwise than the draft.
_HELD = """
    SELECT i.code, i.template_item_id, count(*) AS sites
    FROM here h JOIN readiness_checklistitem i ON i.deployment_id = h.id AND i.retired_at IS NULL
    GROUP BY i.code, i.template_item_id
"""
_TOUCHED = f"""
    SELECT DISTINCT d.domain
    FROM (
        SELECT t.domain AS before, n.domain AS after
        FROM held k
        JOIN readiness_templateitem t ON t.id = k.template_item_id
        LEFT JOIN readiness_templateitem n ON n.template_id = %(draft)s AND n.code = k.code
        WHERE n.id IS NULL OR {_OTHERWISE}
        UNION ALL
        SELECT n.domain, n.domain FROM readiness_templateitem n
        WHERE n.template_id = %(draft)s AND (SELECT count(*) FROM here)
            > COALESCE((SELECT sum(k.sites) FROM held k WHERE k.code = n.code), 0)
    ) x
    CROSS JOIN LATERAL (VALUES (x.before), (x.after)) d (domain)
    WHERE d.domain IS NOT NULL
"""


def _items(side: str, joined: str) -> str:
    """Each site's items on one side: weight, credit, whether it holds the score down as late or as blocked.

    Only of domains in which something differs anywhere; blocking items of all, since one that is late in a domain
    where nothing differs holds the score down anyway.
    """
    open_blocker = "t.blocking AND NOT x.done AND x.state <> 'not_applicable' AND NOT x.waived"
    return f"""
        SELECT '{side}' AS side, h.id, t.domain,
            CASE WHEN x.state = 'not_applicable' THEN 0 ELSE t.weight END AS weight,
            CASE WHEN x.state = 'not_applicable' OR NOT x.done THEN 0
                 WHEN t.evidence_needed AND i.assurance = 'declared' THEN %(declared)s * t.weight
                 ELSE %(whole)s * t.weight END AS credit,
            {open_blocker} AND COALESCE(
                i.due_on, CASE t.golive WHEN 'technical' THEN h.technical_on ELSE h.go_live_on END - t.due_days
            ) < h.day AS late,
            {open_blocker} AND x.state = 'blocked' AS blocked
        FROM here h {joined}
        CROSS JOIN LATERAL (
            SELECT COALESCE(i.state, 'not_started') AS state,
                COALESCE(i.state = 'done' AND (t.valid_days IS NULL OR i.done_on + t.valid_days::int >= h.day), false)
                    AS done,
                EXISTS (
                    SELECT FROM readiness_waiver w
                    WHERE w.deployment_id = h.id AND w.subject = t.code AND {WAIVED.format(row="h")}
                ) AS waived
        ) x
        WHERE t.blocking OR t.domain IN (SELECT domain FROM touched)
    """


_NOW = _items(
    "now",
    "JOIN readiness_checklistitem i ON i.deployment_id = h.id AND i.retired_at IS NULL "
    "JOIN readiness_templateitem t ON t.id = i.template_item_id",
)
_THEN = _items(
    "then",
    "JOIN readiness_templateitem t ON t.template_id = %(draft)s "
    "LEFT JOIN readiness_checklistitem i ON i.deployment_id = h.id AND i.code = t.code",
)
# A domain counts as changed where its share differs, or where it comes or goes.
_EFFECT = f"""
    WITH here AS MATERIALIZED ({_HERE}), held AS MATERIALIZED ({_HELD}), touched AS MATERIALIZED ({_TOUCHED}),
    items AS ({_NOW} UNION ALL {_THEN}),
    domains AS (
        SELECT id,
            COALESCE(sum(weight) FILTER (WHERE side = 'now'), 0) AS weight,
            COALESCE(sum(credit) FILTER (WHERE side = 'now'), 0) AS credit,
            COALESCE(sum(weight) FILTER (WHERE side = 'then'), 0) AS weight_then,
            COALESCE(sum(credit) FILTER (WHERE side = 'then'), 0) AS credit_then,
            COALESCE(bool_or(late) FILTER (WHERE side = 'now'), false) AS late,
            COALESCE(bool_or(late) FILTER (WHERE side = 'then'), false) AS late_then,
            COALESCE(bool_or(blocked) FILTER (WHERE side = 'now'), false) AS blocked,
            COALESCE(bool_or(blocked) FILTER (WHERE side = 'then'), false) AS blocked_then
        FROM items GROUP BY id, domain
    ), sites AS (
        SELECT id, bool_or(late) AS late, bool_or(late_then) AS late_then,
            bool_or((weight > 0) <> (weight_then > 0) OR credit * weight_then <> credit_then * weight)
                OR bool_or(late) <> bool_or(late_then) OR bool_or(blocked) <> bool_or(blocked_then) AS changing
        FROM domains GROUP BY id
    )
    SELECT (SELECT count(*) FROM here), count(*) FILTER (WHERE changing),
        count(*) FILTER (WHERE late_then AND NOT late), count(*) FILTER (WHERE late AND NOT late_then)
    FROM sites
"""


@dataclass(frozen=True)
class Effect:
    """Over all sites of a programme that are scored, if each adopted every change today.

    `changing`: sites where a domain's checklist share would differ, or whether a late or blocked blocking item holds
    the score down; `newly_late`, `no_longer_late`: sites where the latter begins and ends for late ones.
    """

    sites: int
    changing: int
    newly_late: int
    no_longer_late: int


def effect_of(programme_id: int, draft_id: int, declared: Fraction) -> Effect:
    """The effect of a draft, of the items as they stand now; one query over all sites. Nothing is written.

    `declared` is the credit of an item that asks for evidence and that nobody else has seen done.
    """
    params: dict[str, Any] = {
        "programme": programme_id,
        "draft": draft_id,
        "now": timezone.now(),
        "declared": declared.numerator,
        "whole": declared.denominator,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EFFECT, params)
        return Effect(*cursor.fetchone())
