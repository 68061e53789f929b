"""What stands in the way at a site, oldest first: blocking items, hazards, missing signatures, waivers that run out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.site.known import Known
from readiness.dashboards.site.links import records_address
from readiness.dashboards.site.reader import Reader
from readiness.dashboards.site.records import Named, Place, places_of
from readiness.dashboards.site.seats import Seats
from readiness.dashboards.site.who import Who, owner_of, seat_of
from readiness.dashboards.waivers import week_words
from readiness.explain import AGREEMENT
from readiness.explain.evidence import CHECKLIST, is_blocked_blocker, is_overdue_blocker, is_unacceptable
from readiness.indicators.checklists import WAIVED
from readiness.models.safety import COLLISION_PREFIX, WAIVED_CAP
from readiness.scoring import CODES, Unit
from rollout.downloads import Column, Table
from rollout.models import Deployment
from rollout.models.vocabulary import seat_words
from rollout.templatetags.formats import ago, lateness

SOON = timedelta(days=14)  # a waiver that runs out within it is told of
SAFETY_OFFICER = "clinical_safety_officer"
COLUMNS = (
    Column("kind", _("What")),
    Column("record", _("Record")),
    Column("who", _("Who")),
    Column("since", _("Since, or until"), "day"),
    Column("days", _("Days"), "whole"),
    Column("why", _("Why")),
)


class BlockerKind(StrEnum):
    """What stands in the way."""

    OVERDUE = "overdue"
    BLOCKED = "blocked"
    HAZARD = "hazard"
    SIGNATURE = "signature"
    WAIVER = "waiver"


KINDS: Mapping[BlockerKind, Any] = {
    BlockerKind.OVERDUE: _("Blocking item overdue"),
    BlockerKind.BLOCKED: _("Blocking item blocked"),
    BlockerKind.HAZARD: _("Hazard rated too high"),
    BlockerKind.SIGNATURE: _("Signature missing"),
    BlockerKind.WAIVER: _("Waiver runs out soon"),
}


@dataclass(frozen=True)
class BlockerLine:
    """One thing in the way: since when (a waiver: until when), how that reads on the day, and who is to act.

    `href` is where its record is to be seen, "" of waivers.
    """

    kind: BlockerKind
    record: str
    who: Who
    since: date | None
    age: str
    note: str
    href: str

    @property
    def what(self) -> str:
        """The kind in words."""
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class Blocker:
    """A unit that stands in the way, and the indicator it belongs to."""

    kind: BlockerKind
    code: str
    unit: Unit


def blockers_in(known: Known) -> list[Blocker]:
    """The units that stand in the way, as the caps count them; every agreement that misses a signature."""
    found = []
    for code in CODES:
        if code.startswith(CHECKLIST):
            for unit in known.evidence.of(code):
                if is_overdue_blocker(unit, known.day):
                    found.append(Blocker(BlockerKind.OVERDUE, code, unit))
                if is_blocked_blocker(unit):
                    found.append(Blocker(BlockerKind.BLOCKED, code, unit))
    hazards = known.evidence.of("governance.hazards")
    found += [Blocker(BlockerKind.HAZARD, "governance.hazards", unit) for unit in hazards
              if is_unacceptable(unit, known.model)]  # fmt: skip
    return found + [Blocker(BlockerKind.SIGNATURE, AGREEMENT, unit) for unit in known.evidence.agreements]


def places_behind(blockers: Iterable[Blocker]) -> list[Place]:
    """The records that the lines of these name."""
    return [place for blocker in blockers for place in places_of(blocker.code, blocker.unit)]


def blocker_lines(
    deployment: Deployment,
    blockers: Iterable[Blocker],
    waivers: Iterable[BlockerLine],
    records: Mapping[Place, Named],
    *,
    day: date,
    seats: Seats,
    reader: Reader,
) -> list[BlockerLine]:
    """Lines, the oldest first, what has no date after that, waivers by the day they run out last."""
    found = [line for blocker in blockers for line in _lines(deployment, blocker, records, day, seats, reader)]
    found.sort(key=lambda line: (line.since is None, line.since or day, line.kind, line.record))
    return found + sorted(waivers, key=lambda line: (line.since or day, line.record))


def _lines(
    deployment: Deployment, blocker: Blocker, records: Mapping[Place, Named], day: date, seats: Seats, reader: Reader
) -> list[BlockerLine]:
    first, *signers = [records.get(place, Named()) for place in places_of(blocker.code, blocker.unit)]
    kind, facts = blocker.kind, blocker.unit.facts
    href = records_address(deployment, blocker.code, blocker.unit, [first])
    if kind is BlockerKind.SIGNATURE:
        waiting = gettext("not signed yet")
        return [BlockerLine(kind, first.text, Who(each.text), None, waiting, first.note, href) for each in signers]
    if kind is BlockerKind.HAZARD:
        who = seat_of(SAFETY_OFFICER, seat_words(SAFETY_OFFICER), seats, reader)
        raised = gettext("raised %(when)s") % {"when": ago(first.since, day)}
        note = gettext("Rated %(rating)s of 25") % {"rating": facts["rating"]}
        return [BlockerLine(kind, first.text, who, first.since, raised, note, href)]
    who = owner_of(first, seats, reader)
    if kind is BlockerKind.OVERDUE:
        return [BlockerLine(kind, facts["text"], who, facts["due_on"], lateness(facts["due_on"], day), "", href)]
    blocked = pgettext("a blocking item", "blocked %(when)s") % {"when": ago(first.since, day)}
    return [BlockerLine(kind, facts["text"], who, first.since, blocked, first.note, href)]


_RUNNING_OUT = f"""
    SELECT w.subject, COALESCE(t.text, ''), w.until_on, w.reason
    FROM (SELECT %(day)s::date AS day) d
    JOIN readiness_waiver w ON w.deployment_id = %(id)s AND w.until_on <= %(soon)s
    LEFT JOIN readiness_checklistitem i ON i.deployment_id = w.deployment_id AND i.code = w.subject
        AND i.retired_at IS NULL
    LEFT JOIN readiness_templateitem t ON t.id = i.template_item_id
    WHERE {WAIVED.format(row="d")}
    ORDER BY w.until_on, w.id
"""


def waivers_running_out(deployment: Deployment, day: date) -> list[BlockerLine]:
    """Waivers in force on a day that lapse within a fortnight. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING_OUT, {"id": deployment.pk, "day": day, "soon": day + SOON})
        rows = cursor.fetchall()
    return [
        BlockerLine(
            BlockerKind.WAIVER,
            text or _subject(subject),
            Who(),
            until_on,
            gettext("runs out %(when)s") % {"when": ago(until_on, day)},
            reason,
            "",
        )
        for subject, text, until_on, reason in rows
    ]


def _subject(subject: str) -> str:
    """What is waived, where it is no item of the checklist."""
    if subject == WAIVED_CAP:
        return gettext("An agreement that is not signed")
    if subject.startswith(COLLISION_PREFIX):
        return gettext("Collision in the %(week)s") % {"week": week_words(subject)}
    return subject


def blockers_table(lines: Iterable[BlockerLine], day: date) -> Table:
    """The lines as a table for a file; the days are those since, or until the waiver runs out."""
    rows = [
        (line.what, line.record, str(line.who), line.since, abs((day - line.since).days) if line.since else None,
         line.note)
        for line in lines
    ]  # fmt: skip
    return Table("blockers", gettext("Open blockers"), COLUMNS, rows)
