"""The records that stand behind units, by their names: an item and its owner, a hazard, a ward, a signature."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from readiness.explain import AGREEMENT
from readiness.scoring import Unit
from rollout.models import Deployment
from rollout.models.vocabulary import seat_words

# What a record is, and its id.
Place = tuple[str, int]

# By indicator, which records the parts of a unit's key name; "" where a part names none, or nobody who may be named.
KEYS: Mapping[str, tuple[str, ...]] = {
    "champions.ratio": ("ward",),
    "champions.cover": ("ward", "", "pattern"),
    "engagement.reach": ("group",),
    "goals.targets": ("measure",),
    "partnerships.commitments": ("commitment",),
    "pilots.outcome": ("pilot",),
    "governance.hazards": ("hazard",),
    AGREEMENT: ("agreement",),
}
_PERSON = """
    LEFT JOIN rollout_person p ON p.id = {person}
    LEFT JOIN rollout_user u ON u.id = p.user_id
"""
# For each kind: text, note, person's id and name, seat's code and name, the day it has been so since, its own code.
_NOBODY = "NULL::bigint, '', '', ''"
_SOMEBODY = "p.id, COALESCE(NULLIF(u.name, ''), u.email, p.label, '')"
_RECORDS: Mapping[str, str] = {
    "item": f"""
        t.text, COALESCE(e.reason, ''), {_SOMEBODY}, COALESCE(r.code, ''), COALESCE(r.name, ''),
        (e.at AT TIME ZONE %(zone)s)::date, ''
        FROM readiness_checklistitem x
        JOIN readiness_templateitem t ON t.id = x.template_item_id
        LEFT JOIN rollout_seatrole r ON r.id = t.seat_role_id
        LEFT JOIN LATERAL (
            SELECT e.at, e.reason FROM readiness_checklistevent e
            WHERE e.deployment_id = x.deployment_id AND e.item_id = x.id AND e.retired_at IS NULL AND e.state <> ''
              AND e.at < (%(day)s::date + 1)::timestamp AT TIME ZONE %(zone)s
            ORDER BY e.at DESC LIMIT 1
        ) e ON true {_PERSON.format(person="x.owner_id")}""",
    "hazard": f"x.text, x.mitigation, {_NOBODY}, x.raised_on, x.code FROM readiness_hazard x",
    "commitment": f"""
        x.text, q.name, {_NOBODY}, x.due_on, ''
        FROM rollout_commitment x JOIN rollout_partner q ON q.id = x.partner_id""",
    "pilot": f"""
        COALESCE(NULLIF(x.question, ''), x.code), '', {_SOMEBODY}, '', '', x.ends_on, ''
        FROM rollout_pilot x {_PERSON.format(person="x.scale_owner_id")}""",
    "measure": f"x.name, '', {_NOBODY}, NULL::date, '' FROM rollout_measure x",
    "group": f"COALESCE(NULLIF(x.name, ''), replace(x.code, '_', ' ')), '', {_NOBODY}, NULL::date, '' "
    "FROM rollout_staffgroup x",
    "ward": f"x.name, '', {_NOBODY}, NULL::date, '' FROM rollout_ward x",
    "pattern": f"x.name, '', {_NOBODY}, NULL::date, '' FROM training_shiftpattern x",
    "agreement": f"COALESCE(NULLIF(x.text, ''), x.code), replace(x.kind, '_', ' '), {_NOBODY}, NULL::date, '' "
    "FROM rollout_agreement x",
    "organisation": f"x.name, '', {_NOBODY}, NULL::date, '' FROM rollout_organisation x",
}


@dataclass(frozen=True)
class Named:
    """A record in words: its text, a note (a reason, a partner), its person and seat, and since when it is so.

    `code` is what the address of its page knows it by, "" where it has no page of its own here.
    """

    text: str = ""
    note: str = ""
    person_id: int | None = None
    person: str = ""
    seat_code: str = ""
    seat: str = ""
    since: date | None = None
    code: str = ""


def places_of(code: str, unit: Unit) -> list[Place]:
    """The records that a unit of an indicator names, in the order of its key; with an agreement, who has not signed."""
    kinds = KEYS.get(code, ("item",) if code.startswith("checklist.") else ())
    found = [(kind, part) for kind, part in zip(kinds, unit.key, strict=False) if kind]
    return found + [("organisation", each) for each in unit.facts.get("missing", ())]


def named(deployment: Deployment, places: Iterable[Place], day: date) -> dict[Place, Named]:
    """The records by their places, items as they stood on a day. One query, none where there is nothing to name."""
    ids: dict[str, list[int]] = {}
    for kind, each in places:
        ids.setdefault(kind, []).append(each)
    if not ids:
        return {}
    parts = [f"SELECT '{kind}', x.id, {_RECORDS[kind]} WHERE x.id = ANY(%({kind})s)" for kind in ids]
    values: dict[str, Any] = {**ids, "day": day, "zone": deployment.site.time_zone}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()
    return {
        (kind, pk): Named(text, note, person_id, person, code, seat_words(seat, name), since, code)
        for kind, pk, text, note, person_id, person, seat, name, since, code in rows
    }
