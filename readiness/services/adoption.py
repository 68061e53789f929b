"""Sites taking over a newer version of the template, item by item: nothing done is lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from readiness.models import Checklist, ChecklistTemplate
from readiness.services.templates import MARKED, published_template
from rollout.audit import acting
from rollout.models import User
from rollout.services.refusals import Refused

# Sites in one transaction: some seconds at most.
MOST_SITES = 500

_SAME = "ROW({}) IS NOT DISTINCT FROM ROW({})".format(
    *(", ".join(f"{row}.{name}" for name in MARKED) for row in ("t", "n"))
)
_TICKED = "(%(codes)s::text[] IS NULL OR {code} = ANY(%(codes)s))"

# An item that the version does not ask for any more: retired, with all that was done.
_RETIRE = f"""
    UPDATE readiness_checklistitem i
    SET retired_at = now(), retired_by_id = %(by)s, retired_reason = %(reason)s, version = i.version + 1
    FROM readiness_checklist c
    WHERE c.id = ANY(%(checklists)s) AND i.checklist_id = c.id AND i.retired_at IS NULL
      AND {_TICKED.format(code="i.code")}
      AND NOT EXISTS (SELECT FROM readiness_templateitem n WHERE n.template_id = %(template)s AND n.code = i.code)
"""
# An item that says something else keeps its state; one that says the same only counts as of this version from now on.
# Which item becomes which is worked out first, over some hundred rows.
_CHANGE = f"""
    WITH pairs AS MATERIALIZED (
        SELECT t.id AS old_id, n.id AS new_id, n.code, NOT ({_SAME}) AS changed
        FROM readiness_checklisttemplate v
        JOIN readiness_templateitem t ON t.template_id = v.id
        JOIN readiness_templateitem n ON n.template_id = %(template)s AND n.code = t.code AND n.id <> t.id
        WHERE v.programme_id = %(programme)s
    ), moved AS (
        UPDATE readiness_checklistitem i
        SET template_item_id = p.new_id, version = i.version + p.changed::int
        FROM pairs p
        WHERE i.checklist_id = ANY(%(checklists)s) AND i.retired_at IS NULL AND i.template_item_id = p.old_id
          AND ({_TICKED.format(code="p.code")} OR NOT p.changed)
        RETURNING i.id, p.changed
    )
    SELECT id FROM moved WHERE changed
"""
# An item that an older version had taken away comes back with what was done then.
_REVIVE = f"""
    UPDATE readiness_checklistitem i
    SET template_item_id = n.id, retired_at = NULL, retired_by_id = NULL, retired_reason = '', version = i.version + 1
    FROM readiness_templateitem n
    WHERE i.checklist_id = ANY(%(checklists)s) AND i.retired_at IS NOT NULL
      AND n.template_id = %(template)s AND n.code = i.code AND {_TICKED.format(code="i.code")}
"""
_ADD = f"""
    INSERT INTO readiness_checklistitem (
        checklist_id, deployment_id, template_item_id, code, state, assurance, evidence, reason, version, retired_reason
    )
    SELECT c.id, c.deployment_id, n.id, n.code, 'not_started', '', '', '', 1, ''
    FROM readiness_checklist c
    JOIN readiness_templateitem n ON n.template_id = %(template)s
    WHERE c.id = ANY(%(checklists)s) AND {_TICKED.format(code="n.code")}
      AND NOT EXISTS (SELECT FROM readiness_checklistitem x WHERE x.deployment_id = c.deployment_id AND x.code = n.code)
    ORDER BY c.id, n.id
"""
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

    What was recorded of an item stays whatever becomes of it. Items left unticked stay as they are, and the site uses
    the version from then on. Raises Refused where a newer version was published meanwhile, or for too many sites.
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
        checklists = list(held.order_by("pk").values_list("pk", flat=True))
        params = {
            "checklists": checklists,
            "template": template.pk,
            "programme": template.programme_id,
            "codes": None if codes is None else sorted(codes),
            "by": by.pk,
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
