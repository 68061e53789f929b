"""The checklist items of all sites of a programme: filtered, in order, a page at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import ItemState
from readiness.dashboards.checklist import ItemRow
from readiness.dashboards.words import order_in_words
from readiness.indicators.items import ItemStanding
from readiness.models import ChecklistItem
from readiness.querysets.checklists import TO_DO, ChecklistItemQuerySet
from rollout.downloads import Column, Table
from rollout.models import Programme
from rollout.permissions import places_with_names
from rollout.querysets.rights import Somebody, rights_of

PER_PAGE = 50
SOON = timedelta(days=14)
NOBODY = "nobody"
# What ?due= may say.
LATE, DUE_SOON, UNDATED = "late", "soon", "none"
DEFAULT_SORT = "due"
SORTS: Mapping[str, Any] = {
    "item": Lower("template_item__text"),
    "site": Lower("deployment__site__name"),
    "due": F("due"),
    "state": F("state"),
}
_LETTERS = (_("A to Z"), _("Z to A"))
_ORDERS: Mapping[str, tuple[Any, tuple[Any, Any]]] = {
    "item": (_("Item"), _LETTERS),
    "site": (_("Site"), _LETTERS),
    "due": (_("Due"), (_("soonest first"), _("latest first"))),
    "state": (_("State"), _LETTERS),
}


@dataclass(frozen=True)
class ListedItem(ItemRow):
    """One item in the list; `owner` is "" where there is none or the reader may not know; `keeps`: may change it."""

    owner: str
    keeps: bool

    @property
    def href(self) -> str:
        """The page of the item."""
        deployment = self.item.deployment
        address = {"programme": deployment.programme.code, "site": deployment.site.code, "item": self.item.code}
        return reverse("readiness:checklist-item", kwargs=address)

    @property
    def edit_href(self) -> str:
        """The page of the form of its row."""
        return f"{self.href}row/"


def order_words(sort: str) -> str:
    """An order of ?sort= in words: "Due, soonest first". Raises KeyError for one that there is not."""
    label, (start, end) = _ORDERS[sort.removeprefix("-")]
    return order_in_words(label, end if sort.startswith("-") else start)


def items_of(programme: Programme, user: Somebody) -> ChecklistItemQuerySet:
    """Every item of the programme's sites that the user may know of, with its due date."""
    items = ChecklistItem.objects.current().visible_to(user)
    return items.filter(
        deployment__programme=programme, deployment__retired_at=None, deployment__site__retired_at=None
    ).with_due()


def chosen(items: ChecklistItemQuerySet, choice: Mapping[str, Any], day: date, user: Somebody) -> ChecklistItemQuerySet:
    """Items that fit the filters of readiness.forms.item_list.ItemFilters."""
    for word in choice.get("q", "").split():
        items = items.filter(Q(template_item__text__icontains=word) | Q(code__icontains=word))
    plain = {"domain": "template_item__domain", "state": "state", "site": "deployment__site__code"}
    plain |= {"wave": "deployment__wave__number"}
    items = items.filter(**{field: choice[name] for name, field in plain.items() if choice.get(name)})
    if choice.get("blocking"):
        items = items.filter(template_item__blocking=True)
    if owner := choice.get("owner"):
        items = owned(items, owner, user)
    if choice.get("mine"):
        items = items.filter(owner__user=user.pk)
    due = LATE if choice.get("late") else choice.get("due")
    if due == LATE:
        items = items.owed(day).filter(due__lt=day)
    elif due == DUE_SOON:
        items = items.owed(day).filter(due__gte=day, due__lte=day + SOON)
    elif due == UNDATED:
        items = items.filter(due=None, state__in=TO_DO)
    return items


def owned(items: ChecklistItemQuerySet, written: str, user: Somebody) -> ChecklistItemQuerySet:
    """Items of an owner, by words of the name or address, where the user may read names; "nobody": without one."""
    if written.strip().casefold() == NOBODY:
        return items.filter(owner=None)
    rights = rights_of(user)
    for word in written.split():
        items = items.filter(
            Q(owner__label__icontains=word) | Q(owner__user__name__icontains=word) | Q(owner__user__email__iexact=word)
        )
    if rights.administrator:
        return items
    return items.filter(Q(deployment__programme__in=rights.managed) | Q(deployment__site__in=rights.led))


def in_order(items: ChecklistItemQuerySet, sort: str) -> ChecklistItemQuerySet:
    """Items in the order of ?sort=; an unknown one is the next due first. The same rows always come the same way."""
    name = sort.removeprefix("-")
    key = SORTS.get(name, SORTS[DEFAULT_SORT])
    ordered = items.alias(sort_key=key)
    down = sort.startswith("-") and name in SORTS
    first = F("sort_key").desc(nulls_last=True) if down else F("sort_key").asc(nulls_last=True)
    return ordered.order_by(first, Lower("deployment__site__name"), "pk")


def page_of_items(
    items: ChecklistItemQuerySet, number: str, listed: Callable[[Iterable[Any]], list[ListedItem]]
) -> Page:
    """One page of rows: a count, the page's ids and its items, whatever the length of the list."""
    # Only what decides the order is sorted: with all that its rows read, a list of thousands takes many times longer.
    page = Paginator(items.values_list("pk", flat=True), PER_PAGE).get_page(number)
    ids = list(page.object_list)
    found = with_all(ChecklistItem.objects.filter(pk__in=ids).with_due()).in_bulk()
    page.object_list = listed(found[pk] for pk in ids)
    return page


def with_all(items: ChecklistItemQuerySet) -> "QuerySet[Any]":
    """Items with all that their rows read."""
    return items.select_related("template_item", "owner__user", "deployment__site", "deployment__programme")


def rows_for(programme: Programme, user: Somebody, day: date) -> Callable[[Iterable[Any]], list[ListedItem]]:
    """A maker of rows for items of `with_all`, as the user may see them on a day."""
    may_name = places_with_names(user, programme)
    rights = rights_of(user)
    everywhere = rights.administrator or programme.pk in rights.managed

    def rows(items: Iterable[Any]) -> list[ListedItem]:
        return [
            ListedItem(
                item=item,
                standing=standing_of(item, day),
                day=day,
                owner=str(item.owner) if item.owner and may_name(item.deployment.site_id) else "",
                keeps=everywhere
                or item.deployment.site_id in rights.led
                or bool(item.owner and item.owner.user_id == user.pk),
            )
            for item in items
        ]

    return rows


def standing_of(item: Any, day: date) -> ItemStanding:
    """How an item of `with_due` stands on a day by its own row; waivers are on its page."""
    done = item.state == ItemState.DONE
    shelf_life = item.template_item.valid_days
    if done and shelf_life is not None and item.done_on:
        done = item.done_on + timedelta(days=shelf_life) >= day
    return ItemStanding(item.state, done, item.due, False, item.assurance, item.done_on)


def items_table(programme: Programme, rows: Iterable[ListedItem]) -> Table:
    """The list as a file."""
    columns = [
        Column("site", gettext("Site")),
        Column("site_code", gettext("Site code")),
        Column("code", gettext("Code")),
        Column("item", gettext("Item")),
        Column("domain", gettext("Domain")),
        Column("blocking", gettext("Blocking"), "yes_no"),
        Column("due", gettext("Due on"), "day"),
        Column("late", gettext("Late"), "yes_no"),
        Column("state", gettext("State")),
        Column("owner", gettext("Owner")),
    ]
    return Table(
        "items",
        gettext("Checklist items"),
        columns,
        (
            (
                row.item.deployment.site.name,
                row.item.deployment.site.code,
                row.item.code,
                row.item.template_item.text,
                row.item.template_item.get_domain_display(),
                row.item.template_item.blocking,
                row.standing.due_on,
                row.late,
                row.state_words,
                row.owner or None,
            )
            for row in rows
        ),
        [(gettext("Programme"), programme.name)],
    )
