"""The checklist template, what happened to its items, and what was waived."""

import re
from datetime import date

from readiness.models import ChecklistEvent, TemplateItem, Waiver
from readiness.models.safety import COLLISION_PREFIX, WAIVED_CAP
from readiness.packs.cells import Code, DueDay, Kind, Wrong
from readiness.packs.lookups import DEPLOYMENT, ITEM
from readiness.packs.spec import Check, Column, Reference, Table, before, fields, names, same

_WEEK = re.compile(re.escape(COLLISION_PREFIX) + r"(\d{4})-W(\d{2})", re.ASCII)

TEMPLATE = Table(
    "template.csv",
    TemplateItem,
    key=("code",),
    identity=("template", "code"),
    columns=(
        *same("code", "domain", "text", "help"),
        Column("weight", "weight", low=1, high=5),
        *same("blocking", "due_days", "valid_days"),
        *fields(evidence="evidence_needed", seat="seat_role", golive="golive", check="check_code"),
    ),
    derived={"template": "%(template)s"},
    scope="t.template_id = (SELECT x.id FROM readiness_checklisttemplate x WHERE x.programme_id = %(programme)s"
    " AND x.published_at IS NOT NULL AND x.retired_at IS NULL ORDER BY x.version DESC LIMIT 1)",
)

CHECKLIST_EVENTS = Table(
    "checklist_events.csv",
    ChecklistEvent,
    key=("site", "item", "at"),
    identity=("item", "at"),
    columns=(
        *names("site", "item"),
        *same("at", "state", "assurance"),
        Column("due", "due_on", DueDay()),
        *same("owner", "evidence", "reason"),
    ),
    references=(Reference("deployment", DEPLOYMENT, ("site",)), Reference("item", ITEM, ("site", "item"))),
    derived={"due_default": 's."due_default"'},
    warnings=(Check(("reason",), "n.state = 'blocked' AND n.reason = ''", "blocked without a reason"),),
    # Which version of the template a site took over is no column of a pack: its items say it.
    scope="t.deployment_id IN (SELECT id FROM rollout_deployment WHERE programme_id = %(programme)s)"
    " AND t.adopted_version IS NULL",
    zone="r_deployment.time_zone",
)


class WaivedThing(Kind):
    """The code of a checklist item, the cap that can be waived, or a site's collision in an ISO week."""

    def read(self, value: str) -> tuple[str, str]:
        if value == WAIVED_CAP:
            return value, ""
        if not value.startswith(COLLISION_PREFIX):
            return Code().read(value)
        found = _WEEK.fullmatch(value)
        try:
            if found and date.fromisocalendar(int(found[1]), int(found[2]), 1):
                return value, ""
        except ValueError:
            pass
        raise Wrong(f"not an ISO week such as {COLLISION_PREFIX}2026-W14")


WAIVERS = Table(
    "waivers.csv",
    Waiver,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        *names("site"),
        Column("item", "subject", WaivedThing()),
        *same("reason", "asked_by", "asked_on", "state", "decided_by", "decided_on", "revoked_on"),
        *fields(from_="from_on", until="until_on"),
    ),
    references=(Reference("deployment", DEPLOYMENT, ("site",)),),
    checks=(
        before("until", "from", "until_on", "from_on"),
        Check(
            ("item",),
            f"n.subject <> '{WAIVED_CAP}' AND n.subject NOT LIKE '{COLLISION_PREFIX}%%' AND NOT EXISTS (SELECT"
            " FROM readiness_templateitem x JOIN readiness_checklisttemplate y ON y.id = x.template_id"
            " WHERE y.programme_id = %(programme)s AND x.code = n.subject)",
            "no such item in the checklist of this programme",
        ),
    ),
)
