"""The checklist items behind `checklist.<domain>`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Assurance, ItemState
from readiness.dashboards.records.listing import Listing, Listings, Place, Row, only
from readiness.models import ChecklistEvent, ChecklistItem, Waiver
from readiness.scoring import Unit
from rollout.downloads import Column
from rollout.templatetags.formats import day as day_words

COLUMNS = (
    Column("what", _("Item")),
    Column("item", _("Code")),
    Column("blocking", _("Blocking"), "yes_no"),
    Column("state", _("State")),
    Column("since", _("Since"), "day"),
    Column("due", _("Due"), "day"),
    Column("assurance", _("Vouched for")),
    Column("waived_until", _("Waived until"), "day"),
)

FILES_ONLY = frozenset({"item", "since"})


@dataclass(frozen=True)
class Past:
    """What is known of an item beside its unit: since when it has been in its state, and its shelf life in days."""

    since: date | None
    valid_days: int | None


def list_items(code: str, units: Sequence[Unit], place: Place) -> Listings:
    """One row an item that applies on the day."""
    past = _past(units, place)
    waived = _waived_until(units, place)
    rows = [_row(unit, past[unit.key[0]], waived.get(unit.facts["item"]), place) for unit in units]
    return only(Listing("records", _("Checklist items"), COLUMNS, rows, weighed=True, files_only=FILES_ONLY))


def _row(unit: Unit, past: Past, waived_until: date | None, place: Place) -> Row:
    facts = unit.facts
    cells = (
        facts["text"],
        facts["item"],
        facts["blocking"],
        str(ItemState(facts["state"]).label),
        past.since,
        facts["due_on"],
        str(Assurance(facts["assurance"]).label) if facts["assurance"] else None,
        waived_until if facts["waived"] else None,
    )
    return Row(cells, unit.weight, unit.credit, _why(unit, past, place), _address(facts["item"], place))


def _address(item: str, place: Place) -> str:
    """The page of an item."""
    parts = {"programme": place.deployment.programme.code, "site": place.deployment.site.code, "item": item}
    return reverse("readiness:checklist-item", kwargs=parts)


def _why(unit: Unit, past: Past, place: Place) -> str:
    state = unit.facts["state"]
    if unit.credit == 1:
        return ""
    if unit.credit:
        return gettext("it asks for evidence, and nobody but its owner has vouched for it")
    if state == ItemState.DONE:
        until = past.since + timedelta(days=past.valid_days) if past.since and past.valid_days is not None else None
        return gettext("it was done, and good until %(day)s") % {"day": day_words(until)}
    if unit.facts["due_on"] is not None and unit.facts["due_on"] < place.day:
        return gettext("it is not done, and overdue")
    return gettext("it is not done")


def _past(units: Iterable[Unit], place: Place) -> Mapping[Any, Past]:
    """Two queries: the items with their shelf life, and the event that last set the state of each by the day."""
    ids = [unit.key[0] for unit in units]
    shelf_lives = ChecklistItem.objects.filter(pk__in=ids).values_list("pk", "template_item__valid_days")
    events = ChecklistEvent.objects.filter(
        deployment=place.deployment, item__in=ids, retired_at=None, at__lt=place.day_ends_at
    ).exclude(state="")
    latest = dict(events.order_by("item_id", "-at").distinct("item_id").values_list("item", "at"))
    return {
        pk: Past(latest[pk].astimezone(place.zone).date() if pk in latest else None, valid_days)
        for pk, valid_days in shelf_lives
    }


def _waived_until(units: Iterable[Unit], place: Place) -> Mapping[str, date]:
    """Until when the longest waiver of each item lasts that is waived on the day, by the item's code."""
    codes = [unit.facts["item"] for unit in units if unit.facts["waived"]]
    waivers = Waiver.objects.filter(
        Q(from_on=None) | Q(from_on__lte=place.day),
        Q(revoked_on=None) | Q(revoked_on__gt=place.day),
        deployment=place.deployment,
        subject__in=codes,
        retired_at=None,
        decided_on__lte=place.day,
        until_on__gte=place.day,
    )
    return dict(waivers.order_by("until_on").values_list("subject", "until_on"))
