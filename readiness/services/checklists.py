"""Checklists: a deployment's copy of the template in force, and its items brought up to their events. Set-based."""

from typing import Any

from django.db import connection, transaction

_TEMPLATE_IN_FORCE = """
    SELECT id FROM readiness_checklisttemplate
    WHERE programme_id = %(programme)s AND published_at IS NOT NULL AND retired_at IS NULL
    ORDER BY version DESC LIMIT 1
"""

# A checklist that stands adopts a newer version item by item, by hand: only new ones are filled here.
_ADD_CHECKLISTS = f"""
WITH added AS (
    INSERT INTO readiness_checklist (deployment_id, template_id, edited_at, retired_reason)
    SELECT d.id, t.id, NULL, ''
    FROM rollout_deployment d
    CROSS JOIN ({_TEMPLATE_IN_FORCE}) t
    WHERE d.programme_id = %(programme)s
      AND NOT EXISTS (SELECT FROM readiness_checklist c WHERE c.deployment_id = d.id)
    ORDER BY d.id
    RETURNING id, deployment_id, template_id
)
INSERT INTO readiness_checklistitem (
    checklist_id, deployment_id, template_item_id, code, state, assurance, evidence, reason, version, edited_at,
    retired_reason
)
SELECT a.id, a.deployment_id, i.id, i.code, 'not_started', '', '', '', 1, NULL, ''
FROM added a
JOIN readiness_templateitem i ON i.template_id = a.template_id
ORDER BY a.id, i.id
"""

# SCORING.md, "Population": the latest event with a state gives the state; renewing asks for a second look again, and
# only later events without a state raise the assurance; the latest event that sets a due date sets it.
_REFRESH_ITEMS = """
WITH event AS (
    SELECT e.*, (e.at AT TIME ZONE s.time_zone)::date AS day
    FROM readiness_checklistevent e
    JOIN rollout_deployment d ON d.id = e.deployment_id
    JOIN rollout_site s ON s.id = d.site_id
    WHERE d.programme_id = %(programme)s AND e.retired_at IS NULL
), stated AS (
    SELECT DISTINCT ON (item_id) item_id, id, at, state, assurance, reason, day
    FROM event WHERE state <> '' ORDER BY item_id, at DESC, id DESC
), assured AS (
    SELECT s.item_id, max(CASE e.assurance WHEN 'proved' THEN 3 WHEN 'seen' THEN 2 ELSE 1 END) AS level
    FROM stated s
    JOIN event e ON e.item_id = s.item_id AND (e.id = s.id OR (e.state = '' AND (e.at, e.id) > (s.at, s.id)))
    WHERE s.state = 'done'
    GROUP BY s.item_id
), due AS (
    SELECT DISTINCT ON (item_id) item_id, due_on
    FROM event WHERE due_on IS NOT NULL OR due_default ORDER BY item_id, at DESC, id DESC
), owned AS (
    SELECT DISTINCT ON (item_id) item_id, owner_id
    FROM event WHERE owner_id IS NOT NULL ORDER BY item_id, at DESC, id DESC
), evident AS (
    SELECT DISTINCT ON (item_id) item_id, evidence
    FROM event WHERE evidence <> '' ORDER BY item_id, at DESC, id DESC
), now_is AS (
    SELECT i.id,
        COALESCE(s.state, 'not_started') AS state,
        COALESCE((ARRAY['declared', 'seen', 'proved'])[a.level], '') AS assurance,
        o.owner_id,
        u.due_on,
        CASE WHEN s.state = 'done' THEN s.day END AS done_on,
        COALESCE(v.evidence, '') AS evidence,
        COALESCE(s.reason, '') AS reason
    FROM readiness_checklistitem i
    JOIN rollout_deployment d ON d.id = i.deployment_id
    LEFT JOIN stated s ON s.item_id = i.id
    LEFT JOIN assured a ON a.item_id = i.id
    LEFT JOIN due u ON u.item_id = i.id
    LEFT JOIN owned o ON o.item_id = i.id
    LEFT JOIN evident v ON v.item_id = i.id
    WHERE d.programme_id = %(programme)s
)
UPDATE readiness_checklistitem i
SET state = n.state, assurance = n.assurance, owner_id = n.owner_id, due_on = n.due_on, done_on = n.done_on,
    evidence = n.evidence, reason = n.reason, version = i.version + 1
FROM now_is n
WHERE n.id = i.id
  AND (i.state, i.assurance, i.owner_id, i.due_on, i.done_on, i.evidence, i.reason)
      IS DISTINCT FROM (n.state, n.assurance, n.owner_id, n.due_on, n.done_on, n.evidence, n.reason)
"""


@transaction.atomic
def add_checklists(*, programme_id: int) -> int:
    """Give every deployment of the programme without a checklist one of the template in force; how many items."""
    return _run(_ADD_CHECKLISTS, programme_id)


@transaction.atomic
def refresh_items(*, programme_id: int) -> int:
    """Bring the items of the programme's checklists up to their events, whatever day those are of; how many changed.

    An item that changes gets a new version, so that a form opened before it is told. Repeating it changes nothing.
    """
    return _run(_REFRESH_ITEMS, programme_id)


def _run(sql: str, programme_id: int) -> int:
    params: dict[str, Any] = {"programme": programme_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount
