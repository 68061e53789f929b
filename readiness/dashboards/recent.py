"""Recent changes of a page: who, what in words, when, read from the audit trail; a few queries whatever its length.

One request is one change, however many records it wrote. What an import wrote is not in the trail.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.utils.translation import gettext

from readiness.dashboards.recent_words import Names, said_of
from readiness.models import ChecklistItem
from readiness.services.undoing import ITEMS, PLANS, can_be_undone
from rollout.choices import Role
from rollout.models import (
    AuditEntry,
    Decision,
    Deployment,
    Membership,
    Person,
    PriorityReview,
    Programme,
    User,
    Wave,
)
from rollout.templatetags.formats import count

SHOWN = 10
# Entries read of each record and in all: a change may have written several.
READ_EACH, READ = 12, 300
SENTENCES = 3
# Of the newest entries of the whole service, how many are looked through for those of a programme's items.
NEWEST = 2_000


@dataclass(frozen=True)
class Subject:
    """Records of one kind: those of `model` whose `column` is one of `values`."""

    model: type[Model]
    column: str
    values: Sequence[int]


@dataclass
class Recent:
    """One change. `who` is a name, a role, or "" where the program did it; `act` is "" where Undo is not offered."""

    at: datetime
    who: str = ""
    sentences: list[str] = field(default_factory=list)
    more: int = 0
    act: str = ""


@dataclass(frozen=True)
class Changes:
    """The changes to show, and in a sentence what was not looked at, "" where that is nothing."""

    rows: Sequence[Recent]
    bound: str


@dataclass(frozen=True)
class Entry:
    """One row of the trail."""

    pk: int
    table: str
    row: int
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime
    user: int | None
    request: str


def recent_changes(
    subjects: Sequence[Subject], *, names: bool, undo: bool, one_item: bool = False, across: bool = False
) -> Changes:
    """The last changes of these records, the newest first.

    `names`: the reader may read who it was, else the role; `undo`: the reader may change the records back; `one_item`:
    the page is about one item, which its sentences need not name; `across`: it tells of several sites, which they name.
    At most eight queries.
    """
    entries = _entries_of(subjects)
    rows = told(entries, names=names, undo=undo, one_item=one_item, across=across)
    return Changes(rows, _bound(entries))


def recent_changes_of_items(deployments: Sequence[int], *, names: bool, undo: bool) -> Changes:
    """The last changes of the items of these deployments, among the newest of all. At most eight queries."""
    entries = _newest_of_items(deployments)
    rows = told(entries, names=names, undo=undo, across=True)
    bound = _bound(entries)
    if not bound and AuditEntry.objects.order_by("-pk")[NEWEST : NEWEST + 1].exists():
        bound = gettext(
            "Looked for among the newest %(n)s records of changes of the whole service. "
            "Older changes are on the page of each item."
        ) % {"n": count(NEWEST)}
    return Changes(rows, bound)


def _bound(entries: Sequence[Entry]) -> str:
    """What is said where the list is cut."""
    if len({entry.request or (entry.at, entry.user) for entry in entries}) > SHOWN:
        return gettext("These are the last %(n)s changes. Older ones are on the pages of the records.") % {"n": SHOWN}
    of_each = Counter((entry.table, entry.row) for entry in entries)
    if len(entries) == READ or READ_EACH in of_each.values():
        return gettext("Only the newest records of changes were read. Older changes are on the pages of the records.")
    return ""


def programme_subjects(programme: Programme, deployments: Sequence[int]) -> list[Subject]:
    """The programme itself, its waves, reviews and own decisions, and plans and decisions of these deployments."""
    decisions = Decision.objects.filter(Q(deployment=None) | Q(deployment__in=deployments), programme=programme)
    return [
        Subject(Programme, "id", [programme.pk]),
        Subject(Wave, "programme_id", [programme.pk]),
        Subject(PriorityReview, "programme_id", [programme.pk]),
        Subject(Decision, "id", list(decisions.values_list("pk", flat=True))),
        Subject(Deployment, "id", deployments),
    ]


def told(
    entries: Sequence[Entry], *, names: bool, undo: bool, one_item: bool = False, across: bool = False
) -> list[Recent]:
    """Entries, the newest first, as changes in words."""
    by_act: dict[Any, list[Entry]] = {}
    for entry in entries:
        by_act.setdefault(entry.request or (entry.at, entry.user), []).append(entry)
    shown = list(by_act.values())[:SHOWN]
    read = [entry for group in shown for entry in group]
    known = _names_in(read, names=names, across=across)
    people = _people(read, names=names)
    acts = _newest_acts(entries) & {entry.request for entry in read} if undo else frozenset()
    undoable = can_be_undone(acts) if acts else frozenset()
    found = []
    for group in shown:
        sentences = list(dict.fromkeys(filter(None, (said_of(entry, known, one_item=one_item) for entry in group))))
        if sentences:
            first = group[0]
            found.append(
                Recent(
                    at=first.at,
                    who=people.get(first.user, gettext("Somebody")) if first.user else gettext("The service"),
                    sentences=sentences[:SENTENCES],
                    more=len(sentences[SENTENCES:]),
                    act=first.request if first.request in undoable else "",
                )
            )
    return found


def _newest_acts(entries: Sequence[Entry]) -> frozenset[str]:
    """The requests on whose records nothing newer stands, as far as the entries say."""
    newest: dict[tuple[str, int], str] = {}
    for entry in entries:
        newest.setdefault((entry.table, entry.row), entry.request)
    older = {entry.request for entry in entries if newest[entry.table, entry.row] != entry.request}
    return frozenset(newest.values()) - older - {""}


def _entries_of(subjects: Sequence[Subject]) -> list[Entry]:
    if not subjects:
        return []
    parts, params = [], []
    for subject in subjects:
        table = subject.model._meta.db_table
        parts.append(f"SELECT '{table}'::varchar AS t, id AS r FROM {table} WHERE {subject.column} = ANY(%s)")
        params.append(list(subject.values))
    query = f"""
        SELECT e.* FROM ({" UNION ALL ".join(parts)}) s
        CROSS JOIN LATERAL (
            SELECT a.id, a.table, a.row_id, a.action, a.before, a.after, a.at, a.user_id, a.request_id
            FROM rollout_auditentry a WHERE a.table = s.t AND a.row_id = s.r ORDER BY a.id DESC LIMIT %s
        ) e
        ORDER BY e.id DESC LIMIT %s
    """
    return _fetched(query, [*params, READ_EACH, READ])


def _newest_of_items(deployments: Sequence[int]) -> list[Entry]:
    query = """
        SELECT e.id, e.table, e.row_id, e.action, e.before, e.after, e.at, e.user_id, e.request_id
        FROM (SELECT * FROM rollout_auditentry ORDER BY id DESC LIMIT %s) e
        JOIN readiness_checklistitem i ON i.id = e.row_id
        WHERE e.table = %s AND i.deployment_id = ANY(%s)
        ORDER BY e.id DESC
    """
    return _fetched(query, [NEWEST, ITEMS, list(deployments)])


def _fetched(query: str, params: Sequence[Any]) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows = cursor.fetchall()
    return [
        Entry(pk, table, row, action, _json(before), _json(after), at, user, request)
        for pk, table, row, action, before, after, at, user, request in rows
    ]


def _json(value: Any) -> Mapping[str, Any]:
    return json.loads(value) if isinstance(value, str) else value or {}


def _names_in(entries: Iterable[Entry], *, names: bool, across: bool) -> Names:
    """What the sentences call items, owners, waves and sites. At most four queries."""
    items = {entry.row for entry in entries if entry.table == ITEMS}
    owners = _ids(entries, "owner_id") if names else set()
    waves = _ids(entries, "wave_id")
    rows = ChecklistItem.objects.filter(pk__in=items).values_list("pk", "template_item__text", "deployment__site__name")
    found = {pk: (text, site) for pk, text, site in rows} if items else {}
    people = Person.objects.select_related("user").filter(pk__in=owners) if owners else []
    numbered = dict(Wave.objects.filter(pk__in=waves).values_list("pk", "number")) if waves else {}
    plans = {entry.row for entry in entries if entry.table == PLANS} if across else set()
    sites = dict(Deployment.objects.filter(pk__in=plans).values_list("pk", "site__name")) if plans else {}
    called = {each.pk: str(each) for each in people}
    return Names(items=found, people=called, waves=numbered, sites=sites, across=across)


def _ids(entries: Iterable[Entry], column: str) -> set[int]:
    return {side[column] for entry in entries for side in (entry.before, entry.after) if side.get(column)}


def _people(entries: Iterable[Entry], *, names: bool) -> dict[int, str]:
    """Who the users are: names where the reader may read them, else what they may do here. One query."""
    users = {entry.user for entry in entries if entry.user}
    if not users:
        return {}
    if names:
        return {user.pk: str(user) for user in User.objects.filter(pk__in=users)}
    found: dict[int, str] = {}
    order = {role.value: place for place, role in enumerate(Role)}
    rows = Membership.objects.current().filter(user__in=users).values_list("user", "role")
    for user, role in sorted(rows, key=lambda row: order[row[1]]):
        found.setdefault(user, str(Role(role).label))
    return found
