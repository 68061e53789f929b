"""One checklist item changed by people: events, second looks, and saves that come too late."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from readiness.models import ChecklistEvent, ChecklistItem
from readiness.services.items import (
    ItemChange,
    ItemChanged,
    NotDone,
    OwnWork,
    change_item,
    confirm_item,
    renew_item,
)
from rollout.models import AuditEntry, User
from tests import factories as make
from tests.clock import FrozenClock

NOW = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> ChecklistItem:
    return make.make_blocker(make.make_deployment(), valid_days=30)


@pytest.fixture
def ana() -> User:
    return make.make_user(email="ana@example.org", name="Ana")


def now(item: ChecklistItem) -> ChecklistItem:
    return ChecklistItem.objects.select_related("owner").get(pk=item.pk)


def done(item: ChecklistItem, by: User) -> None:
    change_item(item_id=item.pk, version=now(item).version, change=ItemChange("done", evidence="Folder 7"), by=by)


def test_change_is_an_event_and_the_item_follows(item: ChecklistItem, ana: User, frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)
    change = ItemChange(
        "blocked", evidence="Folder 7", reason="No power", due_on=date(2026, 4, 1), owner="ANA@example.org"
    )

    event = change_item(item_id=item.pk, version=1, change=change, by=ana)

    found = now(item)
    assert event is not None
    assert (found.state, found.evidence, found.reason, found.due_on, str(found.owner), found.version) == (
        "blocked",
        "Folder 7",
        "No power",
        date(2026, 4, 1),
        "Ana",
        2,
    )
    assert (event.at, str(event.by)) == (NOW, "Ana")
    assert AuditEntry.objects.filter(user=ana, reason="checklist item changed").exists()


def test_same_change_twice_is_one_event(item: ChecklistItem, ana: User):
    change = ItemChange("in_progress", evidence="Folder 7", owner="Bo Ek")

    answers = [change_item(item_id=item.pk, version=1, change=change, by=ana) for _ in range(2)]

    assert [answer is None for answer in answers] == [False, True]
    assert ChecklistEvent.objects.count() == 1


def test_change_from_an_older_version_is_told_and_overwrites_nothing(item: ChecklistItem, ana: User):
    done(item, ana)

    with pytest.raises(ItemChanged) as told:
        change_item(item_id=item.pk, version=1, change=ItemChange("in_progress"), by=make.make_user())

    assert (told.value.item.state, now(item).state, ChecklistEvent.objects.count()) == ("done", "done", 1)


def test_due_date_counts_from_the_go_live_again_where_it_is_taken_away(item: ChecklistItem, ana: User):
    change_item(item_id=item.pk, version=1, change=ItemChange("in_progress", due_on=date(2026, 4, 1)), by=ana)
    change_item(item_id=item.pk, version=2, change=ItemChange("in_progress"), by=ana)

    last = ChecklistEvent.objects.first()

    assert last is not None
    assert (now(item).due_on, last.due_on, last.due_default, last.state) == (None, None, True, "")


def test_another_reason_is_recorded_and_a_reason_of_no_state_is_not(item: ChecklistItem, ana: User):
    change_item(item_id=item.pk, version=1, change=ItemChange("blocked", reason="No power"), by=ana)
    change_item(item_id=item.pk, version=2, change=ItemChange("blocked", reason="No network"), by=ana)
    change_item(item_id=item.pk, version=3, change=ItemChange("in_progress", reason="No network"), by=ana)

    assert list(ChecklistEvent.objects.values_list("state", "reason")) == [
        ("in_progress", ""),
        ("blocked", "No network"),
        ("blocked", "No power"),
    ]
    assert now(item).reason == ""


def test_second_person_may_say_that_it_is_done_and_the_first_may_not(item: ChecklistItem, ana: User):
    done(item, ana)

    with pytest.raises(OwnWork):
        confirm_item(item_id=item.pk, version=2, by=ana)
    confirm_item(item_id=item.pk, version=2, by=make.make_user())

    assert (now(item).state, now(item).assurance) == ("done", "seen")
    assert confirm_item(item_id=item.pk, version=2, by=make.make_user()) is None


def test_nothing_is_confirmed_or_renewed_that_is_not_done(item: ChecklistItem, ana: User):
    for act in (confirm_item, renew_item):
        with pytest.raises(NotDone):
            act(item_id=item.pk, version=1, by=ana)


def test_late_confirmation_and_late_renewal_are_told(item: ChecklistItem, ana: User, frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)
    done(item, ana)
    frozen_clock.move_to(NOW + timedelta(days=2))

    for act in (confirm_item, renew_item):
        with pytest.raises(ItemChanged):
            act(item_id=item.pk, version=1, by=make.make_user())


def test_done_again_begins_a_new_shelf_life_once_a_day(item: ChecklistItem, ana: User, frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)
    done(item, ana)
    confirm_item(item_id=item.pk, version=2, by=make.make_user())
    frozen_clock.move_to(NOW + timedelta(hours=1))

    renewed = renew_item(item_id=item.pk, version=3, by=ana)

    assert renewed is not None
    assert (now(item).done_on, now(item).assurance) == (date(2026, 3, 15), "declared")
    assert renew_item(item_id=item.pk, version=3, by=ana) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_saves_at_once_one_is_kept_and_the_others_are_told(item: ChecklistItem):
    users = [make.make_user() for _ in range(6)]
    kept: list[str] = []
    told: list[str] = []

    def save(number: int) -> None:
        evidence = f"Note {number}"
        try:
            change_item(
                item_id=item.pk, version=1, change=ItemChange("in_progress", evidence=evidence), by=users[number]
            )
            kept.append(evidence)
        except ItemChanged:
            told.append(evidence)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(len(users))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(kept), len(told)) == (1, 5)
    assert now(item).evidence == kept[0]


def test_reason_said_with_any_state_is_kept_and_an_old_one_is_over(item: ChecklistItem, ana: User):
    def become(state: str, reason: str) -> tuple[str, str]:
        change_item(item_id=item.pk, version=now(item).version, change=ItemChange(state, reason=reason), by=ana)
        return now(item).state, now(item).reason

    assert become("in_progress", "Waiting for the printer") == ("in_progress", "Waiting for the printer")
    assert become("blocked", "No power") == ("blocked", "No power")
    assert become("in_progress", "No power") == ("in_progress", "")
    assert become("in_progress", "Back on Monday") == ("in_progress", "Back on Monday")
    assert become("in_progress", "Back on Monday") == ("in_progress", "Back on Monday")
    assert ChecklistEvent.objects.filter(item=item).count() == 4
