"""Sites taking over a newer version of the template, item by item: nothing done is lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from readiness.choices import Adoption
from readiness.models import Checklist, ChecklistTemplate
from readiness.services.templates import MARKED, published_template
from rollout.audit import acting
from rollout.models import User
from rollout.services.moments import CLOCK_STEP
from rollout.services.people import person_of
from rollout.services.refusals import Refused

# Sites in one transaction: some seconds at most.
MOST_SITES = 250

_SAME = "ROW({}) IS NOT DISTINCT FROM ROW({})".format(
    *(", ".join(f"{row}.{name}" for name in MARKED) for row in ("t", "n"))
)
_TICKED = "(%(codes)s::text[] IS NULL OR {code} = ANY(%(codes)s))"

# What became other of an item, as its history tells it: the columns, by name.
_CHANGES = "array_remove(ARRAY[{}], NULL)".format(
    ", ".join(f"CASE WHEN t.{name} IS DISTINCT FROM n.{name} THEN '{name}' END" for name in MARKED if name != "code")
)


def _told(moved: str, changes: str) -> str:
    """A statement that moves items, and tells it in the history of each: one event, by whom, of which version.

    `moved` returns their ids and deployments; the statement counts the events. No two events of an item share a
    moment, also where the clock was set back a little.
    """
    return f"""
    WITH {moved}
    INSERT INTO readiness_checklistevent (
        item_id, deployment_id, at, by_id, adopted_version, adopted_changes,
        state, assurance, due_default, evidence, reason, retired_reason
    )
    SELECT m.id, m.deployment_id, COALESCE(l.at + interval '1 microsecond', %(now)s), %(person)s, %(version)s,
        {changes}, '', '', false, '', '', ''
    FROM moved m
    CROSS JOIN LATERAL (
        SELECT max(e.at) AS at FROM readiness_checklistevent e
        WHERE e.deployment_id = m.deployment_id AND e.item_id = m.id AND e.at >= %(now)s AND e.at < %(soon)s
    ) l
"""


# An item that the version does not ask for any more: retired, with all that was done.
_RETIRE = _told(
    f"""moved AS (
        UPDATE readiness_checklistitem i
        SET retired_at = now(), retired_by_id = %(by)s, retired_reason = %(reason)s, version = i.version + 1
        FROM readiness_checklist c
        WHERE c.id = ANY(%(checklists)s) AND i.checklist_id = c.id AND i.retired_at IS NULL
          AND {_TICKED.format(code="i.code")}
          AND NOT EXISTS (SELECT FROM readiness_templateitem n WHERE n.template_id = %(template)s AND n.code = i.code)
        RETURNING i.id, i.deployment_id
    )""",
    f"ARRAY['{Adoption.GONE}']",
)
# An item that says something else keeps its state; one that says the same only counts as of this version from now on.
# Which item becomes which is worked out first, over some hundred rows.
_CHANGE = _told(
    f"""pairs AS MATERIALIZED (
        SELECT t.id AS old_id, n.id AS new_id, n.code, NOT ({_SAME}) AS changed, {_CHANGES} AS changes
        FROM readiness_checklisttemplate v
        JOIN readiness_templateitem t ON t.template_id = v.id
        JOIN readiness_templateitem n ON n.template_id = %(template)s AND n.code = t.code AND n.id <> t.id
        WHERE v.programme_id = %(programme)s
    ), every AS (
        UPDATE readiness_checklistitem i
        SET template_item_id = p.new_id, version = i.version + p.changed::int
        FROM pairs p
        WHERE i.checklist_id = ANY(%(checklists)s) AND i.retired_at IS NULL AND i.template_item_id = p.old_id
          AND ({_TICKED.format(code="p.code")} OR NOT p.changed)
        RETURNING i.id, i.deployment_id, p.changed, p.changes
    ), moved AS (
        SELECT id, deployment_id, changes FROM every WHERE changed
    )""",
    "m.changes",
)
# An item that an older version had taken away comes back with what was done then.
_REVIVE = _told(
    f"""moved AS (
        UPDATE readiness_checklistitem i
        SET template_item_id = n.id, retired_at = NULL, retired_by_id = NULL, retired_reason = '',
            version = i.version + 1
        FROM readiness_templateitem n
        WHERE i.checklist_id = ANY(%(checklists)s) AND i.retired_at IS NOT NULL
          AND n.template_id = %(template)s AND n.code = i.code AND {_TICKED.format(code="n.code")}
        RETURNING i.id, i.deployment_id
    )""",
    f"ARRAY['{Adoption.RETURNED}']",
)
_ADD = _told(
    f"""moved AS (
        INSERT INTO readiness_checklistitem (
            checklist_id, deployment_id, template_item_id, code, state, assurance, evidence, reason, version,
            retired_reason
        )
        SELECT c.id, c.deployment_id, n.id, n.code, 'not_started', '', '', '', 1, ''
        FROM readiness_checklist c
        JOIN readiness_templateitem n ON n.template_id = %(template)s
        WHERE c.id = ANY(%(checklists)s) AND {_TICKED.format(code="n.code")}
          AND NOT EXISTS (
              SELECT FROM readiness_checklistitem x WHERE x.deployment_id = c.deployment_id AND x.code = n.code
          )
        ORDER BY c.id, n.id
        RETURNING id, deployment_id
    )""",
    f"ARRAY['{Adoption.ADDED}']",
)
# How many items each checklist has otherwise than the version.
_DIFFERING = f"""
    WITH has AS (
        SELECT c.id, i.code, {", ".join(f"t.{name} AS t_{name}" for name in MARKED)}
        FROM readiness_checklist c
        JOIN readiness_checklistitem i ON i.checklist_id = c.id AND i.retired_at IS NULL
        JOIN readiness_templateitem t ON t.id = i.template_item_id
        WHERE c.id = ANY(%(checklists)s)
    ), wants AS (
        SELECT c.id, n.* FROM unnest(%(checklists)s::bigint[]) c (id)
        CROSS JOIN (
            SELECT {", ".join(MARKED)} FROM readiness_templateitem WHERE template_id = %(template)s
        ) n
    )
    SELECT id, count(*) FILTER (WHERE has.t_code IS NULL), count(*) FILTER (WHERE wants.code IS NULL),
        count(*) FILTER (WHERE has.t_code IS NOT NULL AND wants.code IS NOT NULL AND ROW(
            {", ".join(f"has.t_{name}" for name in MARKED)}
        ) IS DISTINCT FROM ROW({", ".join(f"wants.{name}" for name in MARKED)}))
    FROM has FULL JOIN wants USING (id, code)
    GROUP BY id
"""


@dataclass(frozen=True)
class Adopted:
    """What adopting came to, over all sites: items that came, that came back, that changed, that went."""

    sites: int
    added: int
    removed: int
    changed: int


def adopt_template(
    *, deployment_ids: Sequence[int], template_id: int, codes: Collection[str] | None, by: User
) -> Adopted:
    """Take the ticked items of a version over at these sites; None takes them all. Repeating it changes nothing.

    What was recorded of an item stays whatever becomes of it, and its history tells what became other. Items left
    unticked stay as they are, and the site uses the version from then on. Raises Refused where a newer version was
    published meanwhile, or for too many sites.
    """
    if len(deployment_ids) > MOST_SITES:
        raise Refused(gettext("Take it over for at most %(n)s sites at a time.") % {"n": MOST_SITES})
    with acting(by, "checklist version adopted"):
        template = ChecklistTemplate.objects.select_related("programme").get(pk=template_id)
        if published_template(template.programme) != template:
            raise Refused(gettext("Another version was published meanwhile. Look at that one."))
        held = Checklist.objects.select_for_update(no_key=True).filter(
            deployment__in=deployment_ids, deployment__programme=template.programme_id, retired_at=None
        )
        checklists, now = list(held.order_by("pk").values_list("pk", flat=True)), timezone.now()
        params = {
            "checklists": checklists,
            "template": template.pk,
            "programme": template.programme_id,
            "codes": None if codes is None else sorted(codes),
            "by": by.pk,
            "person": person_of(by).pk,
            "version": template.version,
            "now": now,
            "soon": now + CLOCK_STEP,
            "reason": gettext("Not in version %(version)s of the template") % {"version": template.version},
        }
        gone, other, back, new = (_run(sql, params) for sql in (_RETIRE, _CHANGE, _REVIVE, _ADD))
        Checklist.objects.filter(pk__in=checklists).exclude(template=template).update(template=template)
        return Adopted(sites=len(checklists), added=back + new, removed=gone, changed=other)


def _run(sql: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def differing(checklist_ids: Collection[int], template_id: int) -> dict[int, tuple[int, int, int]]:
    """By checklist how many items it lacks, has beyond the version, and has otherwise. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING, {"checklists": list(checklist_ids), "template": template_id})
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}
