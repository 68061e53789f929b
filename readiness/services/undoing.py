"""Undo: what one request changed is changed back by new events. Nothing is taken out of the history.

What a request did is read from the audit trail, whose entries name it. A record is changed back only while it stands
as the request left it: something newer that rests on it stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext

from readiness.choices import ItemState
from readiness.models import ChecklistEvent, ChecklistItem
from readiness.services.item_events import Said, add_events
from rollout.audit import acting
from rollout.models import AuditEntry, Deployment, DeploymentChange, Person, User, Wave
from rollout.querysets.rights import deployments_kept, rights_of
from rollout.services.many_plans import Values, save_plans
from rollout.services.refusals import Refused

ITEMS, PLANS = ChecklistItem._meta.db_table, Deployment._meta.db_table
# All that a request may have written for it to be undone here: decisions, gates and files are not undone.
KNOWN = frozenset(
    {
        (ITEMS, "update"),
        (ChecklistEvent._meta.db_table, "insert"),
        (PLANS, "update"),
        (DeploymentChange._meta.db_table, "insert"),
        (Person._meta.db_table, "insert"),
    }
)
ITEM_COLUMNS = frozenset({"state", "assurance", "owner_id", "due_on", "done_on", "evidence", "reason", "version"})
PLAN_COLUMNS = frozenset(
    {
        "wave_id",
        "go_live_on",
        "technical_go_live_on",
        "dual_running_until_on",
        "declared_status",
        "declared_on",
        "declared_by_id",
        "declared_words",
    }
)


@dataclass
class Net:
    """What a request changed of one record, before its first entry and after its last; `last` is that entry's id."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    last: int = 0


@dataclass(frozen=True)
class Left:
    """A record that cannot be changed back, and why, in a sentence."""

    record: ChecklistItem | Deployment
    why: str


@dataclass
class Undoing:
    """What would be changed back and what not. `forbidden` counts records that the person may not change."""

    items: list[tuple[ChecklistItem, Said]] = field(default_factory=list)
    plans: list[tuple[Deployment, Values]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    forbidden: int = 0

    @property
    def count(self) -> int:
        """How many records are changed back."""
        return len(self.items) + len(self.plans)


def look_ahead(*, act: str, by: User) -> Undoing:
    """What undoing a request would do. At most eight queries; nothing is written."""
    found = Undoing()
    if not can_be_undone([act]):
        return found
    changes = _changes_of(act)
    _sort_items(changes.get(ITEMS, {}), by, found)
    _sort_plans(changes.get(PLANS, {}), by, found)
    return found


def undo(*, act: str, by: User) -> Undoing:
    """Change back what a request changed, as far as nothing newer rests on it. Raises Refused where nothing can be."""
    with acting(by, f"undone: {act}"):
        changes = _changes_of(act)
        for model in (ChecklistItem, Deployment):
            rows = model._default_manager.filter(pk__in=changes.get(model._meta.db_table, {}))
            list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
        found = look_ahead(act=act, by=by)
        if not found.count:
            reasons = list(dict.fromkeys(left.why for left in found.left))
            raise Refused(" ".join(reasons) or gettext("There is nothing here that can be undone."))
        add_events(found.items, by=by)
        save_plans(found.plans, by=by, reason=gettext("Undone"))
        return found


def can_be_undone(acts: Iterable[str]) -> frozenset[str]:
    """Which of these requests changed nothing but what can be changed back. One query."""
    wrote: dict[str, set[tuple[str, str]]] = {}
    rows = AuditEntry.objects.filter(request_id__in=[act for act in acts if act]).order_by()
    for act, table, action in rows.values_list("request_id", "table", "action").distinct():
        wrote.setdefault(act, set()).add((table, action))
    return frozenset(
        act for act, what in wrote.items() if what <= KNOWN and what & {(ITEMS, "update"), (PLANS, "update")}
    )


def touched(act: str, table: str) -> "models.QuerySet[AuditEntry, int]":
    """The ids of the records of a table that a request wrote, for a query to look among."""
    return AuditEntry.objects.filter(request_id=act, table=table).order_by().values_list("row_id", flat=True)


def _changes_of(act: str) -> dict[str, dict[int, Net]]:
    """What a request changed, by table and record."""
    found: dict[str, dict[int, Net]] = {}
    entries = AuditEntry.objects.filter(request_id=act, action="update", table__in=(ITEMS, PLANS)).order_by("pk")
    for pk, table, row, before, after in entries.values_list("pk", "table", "row_id", "before", "after"):
        net = found.setdefault(table, {}).setdefault(row, Net())
        net.before = {**(before or {}), **net.before}
        net.after.update(after or {})
        net.last = pk
    return found


def _sort_items(changes: Mapping[int, Net], by: User, found: Undoing) -> None:
    if not changes:
        return
    items = ChecklistItem.objects.current().visible_to(by).filter(pk__in=changes)
    kept = set(items.kept_by(by).values_list("pk", flat=True))
    now = timezone.now()
    for item in items.select_related("template_item", "deployment__site", "deployment__programme").order_by("pk"):
        net = changes[item.pk]
        if item.pk not in kept:
            found.forbidden += 1
        elif not net.before.keys() <= ITEM_COLUMNS:
            found.left.append(Left(item, gettext("This change cannot be undone.")))
        elif item.version != net.after.get("version"):
            found.left.append(Left(item, gettext("It was changed again since.")))
        else:
            today = timezone.localdate(now, ZoneInfo(item.deployment.site.time_zone))
            said = _said(item, net.before, today)
            if said is None:
                why = gettext("It was completed on an earlier day, and undoing would count it as done again today.")
                found.left.append(Left(item, why))
            else:
                found.items.append((item, said))


def _said(item: ChecklistItem, before: Mapping[str, Any], today: date) -> Said | None:
    """What the event says that brings an item back; None where an event of today would make it look fresher than it is.

    A shelf life counts from the day of the event, so an item done earlier cannot be brought back to done by a new one.
    """
    said: dict[str, Any] = {}
    if before.keys() & {"state", "reason", "assurance", "done_on"}:
        state = before.get("state", item.state)
        if state == ItemState.DONE:
            done_on = before["done_on"] if "done_on" in before else str(item.done_on)
            if item.template_item.valid_days is not None and done_on != str(today):
                return None
            said |= {"state": state, "assurance": before.get("assurance", item.assurance)}
        else:
            said |= {"state": state, "reason": before.get("reason", item.reason)}
    if "owner_id" in before:
        said |= {"owner_id": before["owner_id"], "owner_removed": before["owner_id"] is None}
    if "due_on" in before:
        due_on = before["due_on"]
        said |= {"due_on": date.fromisoformat(due_on) if due_on else None, "due_default": not due_on}
    if "evidence" in before:
        said |= {"evidence": before["evidence"], "evidence_removed": not before["evidence"]}
    return said


def _sort_plans(changes: Mapping[int, Net], by: User, found: Undoing) -> None:
    if not changes:
        return
    deployments = Deployment.objects.current().visible_to(by).filter(pk__in=changes)
    kept = set(deployments.filter(deployments_kept(rights_of(by))).values_list("pk", flat=True))
    newer = _changed_since(changes)
    waves = {net.before["wave_id"] for net in changes.values() if net.before.get("wave_id")}
    standing = set(Wave.objects.filter(pk__in=waves, retired_at=None).values_list("pk", flat=True)) if waves else set()
    for each in deployments.select_related("site", "programme").order_by("pk"):
        net = changes[each.pk]
        before, after = _values(net.before), _values(net.after)
        if each.pk not in kept:
            found.forbidden += 1
        elif not net.before.keys() <= PLAN_COLUMNS:
            found.left.append(Left(each, gettext("This change cannot be undone.")))
        elif newer.get(each.pk, set()) & net.before.keys() or any(
            getattr(each, name) != value for name, value in after.items()
        ):
            found.left.append(Left(each, gettext("It was changed again since.")))
        elif before.get("wave_id") and before["wave_id"] not in standing:
            found.left.append(Left(each, gettext("Its earlier wave is no longer there.")))
        else:
            found.plans.append((each, before))


def _changed_since(changes: Mapping[int, Net]) -> dict[int, set[str]]:
    """The columns of each deployment that somebody changed after the request did. One query."""
    first = min(net.last for net in changes.values())
    entries = AuditEntry.objects.filter(table=PLANS, row_id__in=changes, pk__gt=first, action="update").order_by()
    found: dict[int, set[str]] = {}
    for pk, row, before in entries.values_list("pk", "row_id", "before"):
        if pk > changes[row].last:
            found.setdefault(row, set()).update(before or {})
    return found


def _values(written: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a deployment as the audit trail writes them, as Python holds them."""
    fields = {each.attname: each for each in Deployment._meta.concrete_fields}
    return {name: _value(fields[name], value) for name, value in written.items() if name in fields}


def _value(column: "models.Field[Any, Any]", value: Any) -> Any:
    return value if column.is_relation else column.to_python(value)
