"""Many checklist items changed at once: first what would come of it, then all of it in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from django.db.models import Exists, OuterRef

from readiness.choices import ItemState
from readiness.models import ChecklistItem, EvidenceFile
from readiness.querysets.checklists import ChecklistItemQuerySet
from readiness.services.item_events import add_events
from readiness.services.items import WITH_REASON
from rollout.audit import acting
from rollout.models import Person, User
from rollout.services.people import person_named

OWNER, DUE, STATE = "owner", "due", "state"


class SelectionChanged(Exception):
    """What was chosen is no longer as it was on the check page; nothing was changed."""


@dataclass(frozen=True)
class Wish:
    """What is to become of the chosen items: `what` is OWNER, DUE or STATE, and says which of the rest counts.

    `owner` is an e-mail address or a name; `due_on` None counts the date from the go-live; a reason belongs to the
    states of readiness.services.items.WITH_REASON.
    """

    what: str
    owner: str = ""
    due_on: date | None = None
    state: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Outlook:
    """What a wish would do to the items chosen, and a mark of how they stand: 16 hexadecimal digits."""

    changing: tuple[ChecklistItem, ...]
    already: tuple[ChecklistItem, ...]
    forbidden: tuple[ChecklistItem, ...]
    lacking: tuple[ChecklistItem, ...]
    mark: str


def look_ahead(items: ChecklistItemQuerySet, wish: Wish, *, by: User) -> Outlook:
    """What would change of the items, which are those that `by` may know of. Two queries; nothing is written."""
    kept = set(items.kept_by(by).values_list("pk", flat=True))
    return _sorted_out(list(_with_all(items)), wish, kept)


def change_items(items: ChecklistItemQuerySet, wish: Wish, *, mark: str, by: User) -> Outlook:
    """Do what `look_ahead` showed under this mark, in a few statements whatever the number.

    Raises SelectionChanged where anything chosen stands otherwise by now, unless all of it stands as wished.
    """
    with acting(by, f"checklist items changed: {wish.what}"):
        # Held in the order of their ids, so that two at once wait for each other instead of locking each other out.
        list(items.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
        outlook = look_ahead(items, wish, by=by)
        if outlook.changing and outlook.mark != mark:
            raise SelectionChanged
        owner = person_named(wish.owner) if wish.what == OWNER and outlook.changing else None
        said = _said(wish, owner)
        add_events([(item, said) for item in outlook.changing], by=by)
        return outlook


def _with_all(items: ChecklistItemQuerySet) -> ChecklistItemQuerySet:
    has_file = Exists(EvidenceFile.objects.filter(item=OuterRef("pk"), retired_at=None))
    shown = items.select_related("template_item", "owner__user", "deployment__site")
    return shown.annotate(has_file=has_file).order_by("pk")


def _sorted_out(items: list[ChecklistItem], wish: Wish, kept: set[int]) -> Outlook:
    found: dict[str, list[ChecklistItem]] = {"changing": [], "already": [], "forbidden": [], "lacking": []}
    for item in items:
        found[_fate(item, wish, kept)].append(item)
    return Outlook(**{name: tuple(rows) for name, rows in found.items()}, mark=_mark(found))


def _fate(item: Any, wish: Wish, kept: set[int]) -> str:
    if item.pk not in kept:
        return "forbidden"
    if _stands(item, wish):
        return "already"
    wanting = wish.what == STATE and wish.state == ItemState.DONE and item.template_item.evidence_needed
    return "lacking" if wanting and not (item.evidence or item.has_file) else "changing"


def _stands(item: ChecklistItem, wish: Wish) -> bool:
    if wish.what == OWNER:
        return item.owner is not None and is_called(item.owner, wish.owner)
    if wish.what == DUE:
        return item.due_on == wish.due_on
    return item.state == wish.state and (wish.state not in WITH_REASON or item.reason == wish.reason)


def is_called(person: Person, written: str) -> bool:
    """Whether somebody who writes this e-mail address or name means the person."""
    label = " ".join(written.split()).casefold()
    return label == (person.user.email if person.user else person.label).casefold() or label == person.label.casefold()


def _said(wish: Wish, owner: Person | None) -> dict[str, Any]:
    """What the event of each item says."""
    if wish.what == OWNER:
        return {"owner": owner}
    if wish.what == DUE:
        return {"due_on": wish.due_on, "due_default": wish.due_on is None}
    return {"state": wish.state, "reason": wish.reason if wish.state in WITH_REASON else ""}


def _mark(found: dict[str, list[ChecklistItem]]) -> str:
    """A mark of which items have which fate, and of the version in which each would be changed."""
    written = "|".join(f"{name}:{_versions(rows)}" for name, rows in found.items())
    return blake2b(written.encode(), digest_size=8).hexdigest()


def _versions(items: Iterable[ChecklistItem]) -> str:
    return ",".join(f"{item.pk}.{item.version}" for item in items)
