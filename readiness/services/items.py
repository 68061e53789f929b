"""Changes to one checklist item by a person: each is an event, none overwrites what somebody else saved meanwhile."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from readiness.choices import Assurance, ItemState
from readiness.models import ChecklistEvent, ChecklistItem
from readiness.services.item_events import add_events
from rollout.audit import acting
from rollout.models import User
from rollout.services.people import person_named, person_of

WITH_REASON = frozenset({ItemState.BLOCKED, ItemState.NOT_APPLICABLE})


class ItemChanged(Exception):
    """Somebody else changed the item since the form was opened; `item` is how it stands now."""

    def __init__(self, item: ChecklistItem) -> None:
        """Keep the item as it stands now."""
        super().__init__(item.code)
        self.item = item


class OwnWork(Exception):
    """The person who declared an item done cannot be the one who has seen that it is."""


class NotDone(Exception):
    """An item that is not done cannot be confirmed."""


@dataclass(frozen=True)
class ItemChange:
    """How an item should stand.

    `owner` is an e-mail address or a name; `due_on` None counts the due date from the go-live date. An empty `owner` or
    `evidence` leaves what is recorded: it can be replaced, not taken away. A reason belongs to the states WITH_REASON;
    with another state one that is new is kept too, and the one that stood before is over.
    """

    state: str
    evidence: str = ""
    reason: str = ""
    due_on: date | None = None
    owner: str = ""


def change_item(*, item_id: int, version: int, change: ItemChange, by: User) -> ChecklistEvent | None:
    """Record how an item stands now; None where it stands so already, so that a form sent twice changes it once.

    `version` is that of the item when the form was opened. Raises ItemChanged if it is another one by now.
    """
    with acting(by, "checklist item changed"):
        item = _held(item_id)
        owner = person_named(change.owner)
        wanted = change.reason if change.state in WITH_REASON or change.reason != item.reason else ""
        stands = change.state == item.state and wanted == (item.reason if change.state in WITH_REASON else "")
        state = "" if stands else change.state
        evidence = change.evidence if change.evidence != item.evidence else ""
        due_changed = change.due_on != item.due_on
        owner_changed = owner is not None and owner.pk != item.owner_id
        if not (state or evidence or due_changed or owner_changed):
            return None
        if item.version != version:
            raise ItemChanged(item)
        return _add(
            item,
            by,
            state=state,
            evidence=evidence,
            reason=wanted if state else "",
            due_on=change.due_on if due_changed else None,
            due_default=due_changed and change.due_on is None,
            owner=owner if owner_changed else None,
        )


def renew_item(*, item_id: int, version: int, by: User) -> ChecklistEvent | None:
    """Record that what is done was done again today: its shelf life begins anew, and so does its assurance.

    None where that was recorded today already. Raises ItemChanged and NotDone.
    """
    with acting(by, "checklist item done again"):
        item = _held(item_id)
        if item.state != ItemState.DONE:
            raise NotDone(item.code)
        if item.done_on == timezone.localdate(timezone=ZoneInfo(item.deployment.site.time_zone)):
            return None
        if item.version != version:
            raise ItemChanged(item)
        return _add(item, by, state=ItemState.DONE)


def confirm_item(*, item_id: int, version: int, by: User) -> ChecklistEvent | None:
    """Record that a second person has seen an item done; None where somebody has already.

    Raises ItemChanged, NotDone, and OwnWork where the same person declared it done.
    """
    with acting(by, "checklist item seen"):
        item = _held(item_id)
        if item.state != ItemState.DONE:
            raise NotDone(item.code)
        if item.assurance != Assurance.DECLARED:
            return None
        if item.version != version:
            raise ItemChanged(item)
        if declared_by(item) == person_of(by).pk:
            raise OwnWork(item.code)
        return _add(item, by, assurance=Assurance.SEEN)


def declared_by(item: ChecklistItem) -> int | None:
    """The id of the person who last said that the item is done; None where nobody is named."""
    said = ChecklistEvent.objects.filter(item=item, state=ItemState.DONE, retired_at=None)
    return said.order_by("-at", "-pk").values_list("by_id", flat=True).first()


def _held(item_id: int) -> ChecklistItem:
    """The item, held until the transaction ends: two saves come one after the other."""
    return ChecklistItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item_id)


def _add(item: ChecklistItem, by: User, **said: Any) -> ChecklistEvent:
    """Write an event of now, and bring the item up to it."""
    return add_events([(item, said)], by=by)[0]
