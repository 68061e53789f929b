"""Owners of many checklist items reminded after a check: who gets which message, once a day, and who gets none."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from readiness import tasks
from readiness.models import ChecklistItem, ItemReminder
from readiness.services import item_reminders
from readiness.services.item_reminders import RemindersChanged, look_ahead, remind_owners, send_item_reminders
from readiness.services.items import ItemChange, change_item
from rollout.choices import Channel
from rollout.models import Deployment, Membership, NotificationChoice, Programme, User
from tests import factories as make
from tests.readiness.views.test_item_list import fields_of

pytestmark = pytest.mark.django_db
SOON = 60.0


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR")


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member("programme_manager", programme=programme)


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def address(programme: Programme) -> str:
    return reverse("readiness:item-remind", kwargs={"programme": programme.code})


def owned(programme: Programme, owner: User | None = None, state: str = "in_progress", **at: Any) -> ChecklistItem:
    """An item of its own site, begun, with its owner a member of the programme."""
    item = make.make_blocker(make.make_deployment(programme=programme, **at), text="Ring Ana Silva")
    if owner and not owner.memberships.exists():
        Membership.objects.create(user=owner, role="programme_manager", programme=programme)
    change = ItemChange(state, owner=owner.email if owner else "")
    change_item(item_id=item.pk, version=item.version, change=change, by=make.make_user())
    return item


def send() -> int:
    return send_item_reminders(time.monotonic() + SOON)


def asked_for(programme: Programme, by: User) -> ItemReminder:
    items = ChecklistItem.objects.filter(deployment__programme=programme)
    remind_owners(items, programme, mark=look_ahead(items, by=by).mark, by=by)
    return ItemReminder.objects.latest("pk")


def test_each_person_gets_one_message_after_a_check_and_none_twice_a_day(
    desk: Client, programme: Programme, address: str
):
    ana, bo = make.make_user(name="Ana Silva"), make.make_user(name="Bo Ek")
    for owner in (ana, ana, bo, None):
        owned(programme, owner)
    owned(programme, bo, state="done")
    refusing = make.make_user()
    owned(programme, refusing)
    NotificationChoice.objects.create(user=refusing, kind=item_reminders.KIND, channel=Channel.EMAIL, wanted=False)

    checked = desk.get(address + "?all=on")
    nothing_yet = ItemReminder.objects.exists()
    done = desk.post(address, fields_of(checked.text), follow=True)
    sent = send()
    again = desk.post(address, fields_of(checked.text), follow=True)

    said = re.findall(r"<li>([^<]*)</li>", checked.text[checked.text.index("nhsuk-list--bullet") :])[:4]
    assert said == [
        "2 people will be reminded of 3 items.",
        "1 item has nobody: no owner, or one who cannot log in.",
        "The owner of 1 item wants no reminders.",
        "1 item needs nothing now: it is done or does not apply, or its site is set aside.",
    ]
    assert "It cannot be called back." in checked.text
    assert (nothing_yet, sent, send()) == (False, 2, 0)
    assert done.redirect_chain == [(reverse("readiness:item-list", kwargs={"programme": "EPR"}) + "?saved=all", 302)]
    assert "2 people will be reminded of 3 items." in done.text
    assert "undo" not in done.text[done.text.index("will be reminded of") :][:200].lower()
    assert "Nobody will be reminded." in again.text
    assert sorted((message.to[0], message.subject) for message in mail.outbox) == sorted(
        [(ana.email, "2 checklist items wait for you"), (bo.email, "1 checklist item waits for you")]
    )
    assert all(message.body.count("http") == 1 for message in mail.outbox)
    assert "http://localhost:8000/p/EPR/checklist/?mine=on" in mail.outbox[0].body
    assert [word for word in ("Ana", "Silva", "Ring", "Bo") for each in mail.outbox if word in each.body] == []


def test_owners_are_reminded_again_on_the_next_day(programme: Programme, manager: User):
    item = owned(programme, make.make_user())
    asked_for(programme, manager)
    assert look_ahead(ChecklistItem.objects.all(), by=manager).already == (item,)

    ItemReminder.objects.update(for_on=timezone.localdate() - timedelta(days=1))

    assert look_ahead(ChecklistItem.objects.all(), by=manager).reminding == (item,)


def test_one_may_remind_of_what_one_may_edit(client: Client, programme: Programme, address: str):
    owned(programme, make.make_user())
    client.force_login(make.make_member("board_member", programme=programme))

    checked = client.get(address + "?all=on").text
    done = client.post(address, fields_of(checked), follow=True).text

    assert "1 item you may not edit." in checked
    assert "Remind 1 person" not in checked
    assert "Nobody will be reminded." in done
    assert not ItemReminder.objects.exists()


def test_what_changed_since_the_check_is_told_with_a_new_check(desk: Client, programme: Programme, address: str):
    owned(programme, make.make_user())
    checked = desk.get(address + "?all=on")
    owned(programme, make.make_user())

    late = desk.post(address, fields_of(checked.text))

    assert late.status_code == 409
    assert "Somebody else changed this" in late.text
    assert "2 people will be reminded of 2 items." in late.text
    assert not ItemReminder.objects.exists()
    assert desk.post(address, fields_of(late.text)).status_code == 302
    with pytest.raises(RemindersChanged):
        ItemReminder.objects.all().delete()
        remind_owners(ChecklistItem.objects.all(), programme, mark="0" * 16, by=make.make_member("administrator"))


def test_without_mail_the_page_says_so_and_nothing_is_written(
    desk: Client, programme: Programme, address: str, settings: LazySettings
):
    settings.MAIL_IS_SENT = False
    owned(programme, make.make_user())

    checked = desk.get(address + "?all=on")
    sent = desk.post(address, fields_of(checked.text))
    none = desk.get(address)

    assert "No mail is sent from here" in checked.text
    assert "Remind 1 person" not in checked.text
    assert (sent.status_code, "That cannot be done" in sent.text) == (422, True)
    assert (none.status_code, "No items are selected" in none.text) == (422, True)
    assert not ItemReminder.objects.exists()


AFTER: dict[str, Callable[[ChecklistItem, User], Any]] = {
    "done": lambda item, _user: ChecklistItem.objects.filter(pk=item.pk).update(state="done"),
    "another's": lambda item, _user: ChecklistItem.objects.filter(pk=item.pk).update(owner=None),
    "retired": lambda item, _user: ChecklistItem.objects.filter(pk=item.pk).update(retired_at=timezone.now()),
    "at a site set aside": lambda _item, _user: Deployment.objects.update(stage="stopped"),
    "of a programme on hold": lambda _item, _user: Programme.objects.update(state="paused"),
    "of who left": lambda _item, user: User.objects.filter(pk=user.pk).update(is_active=False),
    "out of sight": lambda _item, user: user.memberships.all().delete(),
    "unwanted": lambda _item, user: NotificationChoice.objects.create(
        user=user, kind=item_reminders.KIND, channel=Channel.EMAIL, wanted=False
    ),
}


@pytest.mark.parametrize("why", AFTER)
def test_what_changes_after_it_was_asked_for_stops_it(why: str, programme: Programme, manager: User):
    user = make.make_user()
    item = owned(programme, user)
    reminder = asked_for(programme, manager)
    AFTER[why](item, user)

    assert send() == 0
    reminder.refresh_from_db()
    assert (reminder.given_up_at is not None, mail.outbox) == (True, [])


def test_mail_that_does_not_go_is_tried_again_by_the_next_task(
    programme: Programme, manager: User, monkeypatch: pytest.MonkeyPatch
):
    owned(programme, make.make_user())
    reminder = asked_for(programme, manager)
    with monkeypatch.context() as patch:
        patch.setattr(item_reminders, "send_mail", lambda *_all, **_options: (_ for _ in ()).throw(OSError()))
        assert send() == 0
    reminder.refresh_from_db()
    assert (reminder.attempts, reminder.sent_at, reminder.next_at > timezone.now()) == (1, None, True)

    ItemReminder.objects.update(next_at=timezone.now())
    tasks.remind()

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_check_and_reminders_take_the_same_queries_for_any_number(
    number: int,
    desk: Client,
    programme: Programme,
    address: str,
    django_assert_num_queries: Callable[..., Any],
):
    for _ in range(number):
        owned(programme, make.make_user())
    with django_assert_num_queries(16):
        checked = desk.get(address + "?all=on")
    with django_assert_num_queries(21):
        desk.post(address, fields_of(checked.text))
    assert ItemReminder.objects.count() == number
