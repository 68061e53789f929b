"""Reminders of shifts: within the day before, never at night, once each, to who wants them and can read them."""

import time
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail

from readiness import tasks
from readiness.models import ShiftReminder
from readiness.services import shift_reminders
from readiness.services.shift_reminders import queue_shift_reminders, send_shift_reminders
from rollout.models import NotificationChoice, Programme, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.rota_world import TODAY, RotaWorld
from training.models import ChampionShift, StaffMember

pytestmark = pytest.mark.django_db
BEGINS = datetime(2026, 3, 15, 21, tzinfo=UTC)


@pytest.fixture
def shift() -> ChampionShift:
    """A night that begins at 9pm on 15 March, of a champion with a log-in."""
    world = RotaWorld()
    person = world.champion("Ana Silva")
    StaffMember.objects.filter(pk=person.pk).update(user=make.make_user(email="ana@example.org"))
    return world.shift(person, TODAY + timedelta(days=1), world.night)


def run() -> tuple[int, int]:
    return queue_shift_reminders(), send_shift_reminders(time.monotonic() + 60)


def test_champion_is_reminded_once_within_the_day_before(shift: ChampionShift, frozen_clock: FrozenClock):
    for hours in range(30, -3, -1):
        frozen_clock.move_to(BEGINS - timedelta(hours=hours))
        tasks.remind()

    (message,) = mail.outbox
    assert message.subject == "Your shift as a champion begins at 9pm on 15 March 2026"
    assert message.to == ["ana@example.org"]
    assert "http://localhost:8000/shifts/" in message.body
    assert [word for word in ("Ana", "Silva", "Elder") if word in message.body] == []
    # At 9pm of the day before it was too late in the day: it went at 7am.
    assert ShiftReminder.objects.get().sent_at == datetime(2026, 3, 15, 7, tzinfo=UTC)


NOBODY: dict[str, Any] = {
    "cancelled": lambda shift: ChampionShift.objects.update(state="cancelled"),
    "retired": lambda shift: ChampionShift.objects.update(retired_at=BEGINS),
    "begun": lambda shift: ChampionShift.objects.update(starts_at=BEGINS - timedelta(hours=12)),
    "in a programme on hold": lambda shift: Programme.objects.update(state="paused"),
    "of somebody without a log-in": lambda shift: StaffMember.objects.update(user=None),
    "of somebody who left": lambda shift: User.objects.update(is_active=False),
    "unwanted": lambda shift: NotificationChoice.objects.create(
        user=User.objects.get(), kind=shift_reminders.KIND, channel="email", wanted=False
    ),
}


@pytest.mark.parametrize("why", NOBODY)
def test_shift_reminds_nobody_before_or_after_it_was_written_down(
    why: str, shift: ChampionShift, frozen_clock: FrozenClock
):
    frozen_clock.move_to(BEGINS - timedelta(hours=10))
    queue_shift_reminders()
    NOBODY[why](shift)
    after = send_shift_reminders(time.monotonic() + 60)
    given_up = ShiftReminder.objects.get().given_up_at
    ShiftReminder.objects.all().delete()

    assert (after, given_up) == (0, BEGINS - timedelta(hours=10))
    assert run() == (0, 0)
    assert mail.outbox == []


def test_mail_server_that_is_away_is_asked_again(
    shift: ChampionShift, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    def away(*args: Any) -> None:
        raise SMTPServerDisconnected

    frozen_clock.move_to(BEGINS - timedelta(hours=10))
    with monkeypatch.context() as broken:
        broken.setattr(shift_reminders, "send_mail", away)
        first = run()
    frozen_clock.move_to(BEGINS - timedelta(hours=9, minutes=54))

    assert (first, run(), len(mail.outbox)) == ((1, 0), (0, 1), 1)
