"""A site's checklist as its page shows it: items by domain, the next due first, each with how it stands on the day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from readiness.choices import Assurance, ItemState
from readiness.dashboards.judged import model_in_use
from readiness.dashboards.work.due import AHEAD
from readiness.indicators.items import ItemStanding, items_on
from readiness.models import ChecklistItem
from readiness.scoring import Model
from readiness.scoring.document import number_text
from rollout.choices import ReadinessDomain
from rollout.downloads import Column, Table
from rollout.models import Deployment

# Colours of NHS.UK's task list; what is completed stands as plain text, and red is not used.
COLOURS: Mapping[str, str] = {
    ItemState.NOT_STARTED: "blue",
    ItemState.IN_PROGRESS: "white",
    ItemState.BLOCKED: "orange",
}


@dataclass(frozen=True)
class ItemRow:
    """One item of a checklist on a day."""

    item: ChecklistItem
    standing: ItemStanding
    day: date

    @property
    def open(self) -> bool:
        """Whether it still has to be done: neither done nor left out."""
        return not self.standing.done and self.standing.state != ItemState.NOT_APPLICABLE

    @property
    def late(self) -> bool:
        """Whether its due date has passed undone."""
        return self.open and self.standing.due_on is not None and self.standing.due_on < self.day

    @property
    def soon(self) -> bool:
        """Whether it has to be done within a week."""
        due_on = self.standing.due_on
        return self.open and due_on is not None and self.day <= due_on <= self.day + AHEAD

    @property
    def state_words(self) -> str:
        """The state in the words of a task list; a done item past its shelf life says so."""
        if self.standing.stale:
            return gettext("Out of date")
        if self.standing.state == ItemState.DONE:
            return gettext("Completed")
        return str(ItemState(self.standing.state).label)

    @property
    def colour(self) -> str:
        """The colour of the state's tag; "" where the state is plain text."""
        return "blue" if self.standing.stale else COLOURS.get(self.standing.state, "")


@dataclass(frozen=True)
class Group:
    """The items of a domain that the filters leave, and of all that apply how many are done, late and due in a week.

    `next`: the item to go on with is one of them.
    """

    domain: str
    name: Any
    rows: tuple[ItemRow, ...]
    done: int
    applying: int
    late: int
    soon: int
    next: bool

    @property
    def opens(self) -> bool:
        """Whether the group asks for something now: else only its name and its counts need to stand on the page."""
        return bool(self.late or self.soon or self.next)


@dataclass(frozen=True)
class ChecklistShown:
    """A whole checklist: groups in the order of the domains, counts over all items, the one to go on with."""

    groups: tuple[Group, ...]
    rows: tuple[ItemRow, ...]
    done: int
    applying: int
    open: int
    late: int
    next: ItemRow | None


def model_of(deployment: Deployment) -> Model | None:
    """The scoring model of the deployment's programme; without one, the newest that is published."""
    return model_in_use(deployment.programme_id)


def limits_of(deployment: Deployment) -> dict[str, str]:
    """The scores at which a late and a blocked blocking item hold the deployment, as written in its model.

    `declared`: what an item counts whose evidence nobody but its owner has seen, in per cent.
    """
    model = model_of(deployment)
    if model is None:
        return {}
    caps = {"late": "blocker_overdue", "blocked": "blocker_blocked"}
    limits = {name: str(number_text(model.caps[code])) for name, code in caps.items()}
    return limits | {"declared": f"{number_text(model.declared_credit * 100)}%"}


def rows_of(deployment: Deployment, day: date) -> tuple[ItemRow, ...]:
    """A checklist's items as they stand on a day. A deployment that is not scored shows them as recorded last.

    Three queries, whatever the number of items.
    """
    items = ChecklistItem.objects.current().filter(deployment=deployment)
    items = items.select_related("template_item__seat_role", "owner__user")
    model = model_of(deployment)
    found = items_on(model, deployment.pk, day=day) if model else {}
    return tuple(ItemRow(item, found.get(item.pk) or recorded(item), day) for item in items)


def recorded(item: ChecklistItem) -> ItemStanding:
    """An item as its record stands."""
    done = item.state == ItemState.DONE
    return ItemStanding(item.state, done, item.due_on, False, item.assurance, item.done_on)


def checklist_of(deployment: Deployment, day: date, choice: Mapping[str, Any]) -> ChecklistShown:
    """The checklist of a deployment on a day, with the filters of readiness.forms.items.ChecklistFilters."""
    rows = sorted(rows_of(deployment, day), key=_by_due)
    kept = [row for row in rows if _fits(row, choice)]
    first = next((row for row in rows if row.open), None)
    groups = [_group(domain, rows, kept, first) for domain in ReadinessDomain]
    done, applying = _done_of(rows)
    return ChecklistShown(
        groups=tuple(group for group in groups if group.rows),
        rows=tuple(kept),
        done=done,
        applying=applying,
        open=sum(row.open for row in rows),
        late=sum(row.late for row in rows),
        next=first,
    )


def _group(domain: ReadinessDomain, rows: Sequence[ItemRow], kept: Sequence[ItemRow], first: ItemRow | None) -> Group:
    """A domain: what of it is kept, with the counts of all of it."""
    of_domain = [row for row in rows if row.item.template_item.domain == domain]
    done, applying = _done_of(of_domain)
    return Group(
        domain=domain.value,
        name=domain.label,
        rows=tuple(row for row in kept if row.item.template_item.domain == domain),
        done=done,
        applying=applying,
        late=sum(row.late for row in of_domain),
        soon=sum(row.soon for row in of_domain),
        next=first in of_domain,
    )


def after(rows: Iterable[ItemRow], item: ChecklistItem) -> ItemRow | None:
    """The next open item by due date that is not this one."""
    return next((row for row in sorted(rows, key=_by_due) if row.open and row.item.pk != item.pk), None)


def _done_of(rows: Iterable[ItemRow]) -> tuple[int, int]:
    applying = [row for row in rows if row.standing.state != ItemState.NOT_APPLICABLE]
    return sum(row.standing.done for row in applying), len(applying)


def _by_due(row: ItemRow) -> tuple[bool, date, bool, str]:
    """What is open first, by due date, blocking items before others; without a date last."""
    return not row.open, row.standing.due_on or date.max, not row.item.template_item.blocking, row.item.code


def _fits(row: ItemRow, choice: Mapping[str, Any]) -> bool:
    words = f"{row.item.code} {row.item.template_item.text}".casefold()
    return (
        all(word in words for word in choice.get("q", "").casefold().split())
        and choice.get("domain") in ("", None, row.item.template_item.domain)
        and choice.get("state") in ("", None, row.standing.state)
        and (row.open or not choice.get("open"))
        and (row.late or not choice.get("late"))
        and (row.item.template_item.blocking or not choice.get("blocking"))
    )


def checklist_table(deployment: Deployment, shown: ChecklistShown, *, names: bool) -> Table:
    """The checklist as a file; `names`: the reader may know who owns an item."""
    columns = [
        Column("code", gettext("Code")),
        Column("item", gettext("Item")),
        Column("domain", gettext("Domain")),
        Column("weight", gettext("Weight"), "whole"),
        Column("blocking", gettext("Blocking"), "yes_no"),
        Column("due", gettext("Due on"), "day"),
        Column("state", gettext("State")),
        Column("since", gettext("Since"), "day"),
        Column("late", gettext("Late"), "yes_no"),
        Column("waived", gettext("Waived"), "yes_no"),
        Column("assurance", gettext("Vouched for")),
        Column("evidence", gettext("Evidence")),
        *([Column("owner", gettext("Owner"))] if names else []),
    ]
    rows = [
        (
            row.item.code,
            row.item.template_item.text,
            row.item.template_item.get_domain_display(),
            row.item.template_item.weight,
            row.item.template_item.blocking,
            row.standing.due_on,
            row.state_words,
            row.standing.since_on,
            row.late,
            row.standing.waived,
            Assurance(row.standing.assurance).label if row.standing.assurance else None,
            row.item.evidence or None,
            *([row.item.owner] if names else []),
        )
        for row in shown.rows
    ]
    about = [(gettext("Site"), deployment.site.name), (gettext("Programme"), deployment.programme.name)]
    return Table("checklist", gettext("Checklist"), columns, rows, about)
