"""Checklists: a deployment's copy of the template in force, and its items brought up to their events. Set-based."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from readiness.services.import_log import log_of_added

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
    RETURNING id
)
{log_of_added("readiness_checklist")}
"""
# Both tables may be full of the dead rows of an import that was refused, which the planner takes for next to nothing.
_TELL_PLANNER = "SELECT readiness_gather_statistics('{readiness_checklist, readiness_checklistitem}'::regclass[])"
_ADD_ITEMS = f"""
WITH added AS (
    INSERT INTO readiness_checklistitem (
        checklist_id, deployment_id, template_item_id, code, state, assurance, evidence, reason, version, edited_at,
        retired_reason
    )
    SELECT c.id, c.deployment_id, i.id, i.code, 'not_started', '', '', '', 1, NULL, ''
    FROM readiness_checklist c
    JOIN rollout_deployment d ON d.id = c.deployment_id
    JOIN readiness_templateitem i ON i.template_id = c.template_id
    WHERE d.programme_id = %(programme)s
      AND NOT EXISTS (SELECT FROM readiness_checklistitem x WHERE x.checklist_id = c.id)
    ORDER BY c.id, i.id
    RETURNING id
)
{log_of_added("readiness_checklistitem")}
"""

# SCORING.md, "Population": the latest event with a state gives the state; renewing asks for a second look again, and
# only later events without a state raise the assurance; the latest event that sets a due date sets it.
# `since` is 0 for events after the one that gives the state, and 1 for that event and what went before it.
_REFRESH_ITEMS = """
WITH n AS MATERIALIZED (
    SELECT item_id,
        COALESCE(max(state) FILTER (WHERE gives_state), 'not_started') AS state,
        CASE WHEN max(state) FILTER (WHERE gives_state) = 'done' THEN
            (ARRAY['declared', 'seen', 'proved'])[
                max(CASE assurance WHEN 'proved' THEN 3 WHEN 'seen' THEN 2 ELSE 1 END)
                FILTER (WHERE counts AND (since = 0 OR gives_state))
            ]
        ELSE '' END AS assurance,
        (array_agg(owner_id ORDER BY at DESC, id DESC)
            FILTER (WHERE counts AND (owner_id IS NOT NULL OR owner_removed)))[1] AS owner_id,
        (array_agg(due_on ORDER BY at DESC, id DESC)
            FILTER (WHERE counts AND (due_on IS NOT NULL OR due_default)))[1] AS due_on,
        max(day) FILTER (WHERE gives_state AND state = 'done') AS done_on,
        COALESCE((array_agg(evidence ORDER BY at DESC, id DESC)
            FILTER (WHERE counts AND (evidence <> '' OR evidence_removed)))[1], '') AS evidence,
        COALESCE(max(reason) FILTER (WHERE gives_state), '') AS reason
    FROM (
        SELECT *, counts AND state <> '' AND since = 1 AS gives_state
        FROM (
            SELECT e.*, e.retired_at IS NULL AS counts, (e.at AT TIME ZONE s.time_zone)::date AS day,
                count(*) FILTER (WHERE e.state <> '' AND e.retired_at IS NULL)
                    OVER (PARTITION BY e.item_id ORDER BY e.at DESC, e.id DESC) AS since
            FROM readiness_checklistevent e
            JOIN rollout_deployment d ON d.id = e.deployment_id
            JOIN rollout_site s ON s.id = d.site_id
            WHERE (%(items)s::bigint[] IS NULL OR e.item_id = ANY(%(items)s))
              AND (%(programme)s::bigint IS NULL OR d.programme_id = %(programme)s)
        ) counted
    ) placed
    GROUP BY item_id
), changed AS MATERIALIZED (
    SELECT i.id, n.*, to_jsonb(i) AS before
    FROM n
    JOIN readiness_checklistitem i ON i.id = n.item_id
    WHERE (i.state, i.assurance, i.owner_id, i.due_on, i.done_on, i.evidence, i.reason)
        IS DISTINCT FROM (n.state, n.assurance, n.owner_id, n.due_on, n.done_on, n.evidence, n.reason)
), logged AS (
    INSERT INTO rollout_importchange (run_id, "table", first_id, last_id, before)
    SELECT %(run)s::bigint, 'readiness_checklistitem', id, id, before FROM changed WHERE %(run)s::bigint IS NOT NULL
)
UPDATE readiness_checklistitem i
SET state = c.state, assurance = c.assurance, owner_id = c.owner_id, due_on = c.due_on, done_on = c.done_on,
    evidence = c.evidence, reason = c.reason, version = i.version + 1
FROM changed c
WHERE c.id = i.id
"""


@transaction.atomic
def add_checklists(*, programme_id: int, run_id: int | None = None) -> None:
    """Give every deployment of the programme without a checklist one of the template in force.

    `run_id` is that of the import this is part of, which keeps what was added. Repeating it changes nothing.
    """
    params = {"programme": programme_id, "run": run_id}
    with connection.cursor() as cursor:
        cursor.execute(_ADD_CHECKLISTS, params)
        cursor.execute(_TELL_PLANNER)
        cursor.execute(_ADD_ITEMS, params)


@transaction.atomic
def refresh_items(*, programme_id: int, run_id: int | None = None) -> int:
    """Bring the items of the programme's checklists up to their events, whatever day those are of; how many changed.

    Items that never had an event stay as they are. An item that changes gets a new version, so that a form opened
    before it is told. `run_id` is that of the import this is part of, which keeps the items as they were. Repeating it
    changes nothing.
    """
    return _refresh(programme=programme_id, items=None, run=run_id)


@transaction.atomic
def refresh_some(*, item_ids: Sequence[int]) -> int:
    """The same for these items."""
    return _refresh(programme=None, items=list(item_ids), run=None)


def _refresh(**which: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_ITEMS, which)
        return cursor.rowcount
