"""Reminders of conditions: on which days, to whom, once each, and what becomes of them when mail does not go."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from readiness import tasks
from readiness.models import Condition, ConditionReminder, Gate, GateReview
from readiness.services import reminders
from readiness.services.reminders import queue_reminders, reminder_day, send_reminders
from rollout.choices import MessageKind, Role
from rollout.models import Deployment, Membership, NotificationChoice, Person, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.desk import alder

DUE = date(2026, 4, 20)
SOON = 60.0


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-30, None), (-4, None), (-3, -3), (-1, -3), (0, 0), (6, 0), (7, 7), (13, 7), (14, 14), (365, 364)],
)
def test_each_day_belongs_to_one_reminder_or_none(days: int, expected: int | None):
    wanted = None if expected is None else DUE + timedelta(days=expected)

    assert reminder_day(DUE, DUE + timedelta(days=days)) == wanted


@pytest.fixture
def condition(db: None, frozen_clock: FrozenClock) -> Condition:
    """A condition whose owner leads the site, on the day before the first reminder."""
    frozen_clock.move_to(at(DUE - timedelta(days=4)))
    site = alder()
    owner = make.make_member(Role.SITE_LEAD, site=site.site, user=make.make_user(name="Ana Silva"))
    gate = Gate.objects.create(programme=site.programme, code="GO", name="Go/no-go")
    review = GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 4, 1), outcome="go")
    return Condition.objects.create(review=review, code="C1", text="Ring Ana Silva", due_on=DUE, owner=person(owner))


def person(user: User) -> Person:
    return Person.objects.create(label=user.email, user=user)


def run() -> tuple[int, int]:
    return queue_reminders(), send_reminders(time.monotonic() + SOON)


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def test_owner_is_reminded_before_on_the_day_and_each_week_after(condition: Condition, frozen_clock: FrozenClock):
    for days in range(-5, 23):
        for hour in (8, 20):
            frozen_clock.move_to(at(DUE + timedelta(days=days), hour))
            tasks.remind()

    assert subjects() == [
        "A condition of a gate is due in 3 days",
        "A condition of a gate is due today",
        "A condition of a gate is 7 days late",
        "A condition of a gate is 14 days late",
        "A condition of a gate is 21 days late",
    ]
    assert {tuple(message.to) for message in mail.outbox} == {(condition.owner.user.email,)}
    body = mail.outbox[0].body
    assert "http://localhost:8000/p/EPR/s/ALD/gates/GO/?review=2026-04-01#conditions" in body
    assert "20 April 2026" in body
    assert [word for word in ("Ana", "Silva", "Ring", "Alder") if word in body] == []


def test_nobody_is_reminded_at_night_and_of_missed_weeks_only_the_last_is_told(
    condition: Condition, frozen_clock: FrozenClock
):
    frozen_clock.move_to(at(DUE - timedelta(days=3), 5))  # 6am in the site's summer time
    night = run()
    frozen_clock.move_to(at(DUE - timedelta(days=3), 6))
    morning = run()
    frozen_clock.move_to(at(DUE + timedelta(days=24)))
    after_a_long_time = run()

    assert (night, morning, after_a_long_time) == ((0, 0), (1, 1), (1, 1))
    assert subjects()[-1] == "A condition of a gate is 24 days late"


NOBODY: dict[str, Any] = {
    "met": lambda condition: Condition.objects.update(done_on=DUE),
    "retired": lambda condition: Condition.objects.update(retired_at=at(DUE)),
    "without a day": lambda condition: Condition.objects.update(due_on=None),
    "of a review that was retired": lambda condition: GateReview.objects.update(retired_at=at(DUE)),
    "at a site that was stopped": lambda condition: Deployment.objects.update(stage="stopped"),
    "of a programme on hold": lambda condition: type(condition.review.gate.programme).objects.update(state="paused"),
    "owned by a name only": lambda condition: Person.objects.update(user=None),
    "owned by who left": lambda condition: User.objects.update(is_active=False),
    "owned by who wants none": lambda condition: NotificationChoice.objects.create(
        user=condition.owner.user, kind=reminders.KIND, channel="email", wanted=False
    ),
}


@pytest.mark.parametrize("why", NOBODY)
def test_condition_reminds_nobody(why: str, condition: Condition, frozen_clock: FrozenClock):
    frozen_clock.move_to(at(DUE))
    NOBODY[why](condition)

    assert run() == (0, 0)


@pytest.mark.parametrize("why", [why for why in NOBODY if why != "without a day"])
def test_what_changes_after_it_was_written_down_stops_it(why: str, condition: Condition, frozen_clock: FrozenClock):
    frozen_clock.move_to(at(DUE))
    queue_reminders()
    NOBODY[why](condition)

    assert send_reminders(time.monotonic() + SOON) == 0
    assert ConditionReminder.objects.get().given_up_at == at(DUE)


def test_owner_who_may_not_open_the_page_gets_no_mail(condition: Condition, frozen_clock: FrozenClock):
    frozen_clock.move_to(at(DUE))
    Membership.objects.update(ended_at=datetime(2027, 1, 1, tzinfo=UTC))

    assert run() == (1, 0)
    assert ConditionReminder.objects.get().given_up_at == at(DUE)


def test_mail_that_does_not_go_is_tried_for_a_day(
    condition: Condition, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    tries = []

    def away(*_arguments: object, **_options: object) -> None:
        tries.append(frozen_clock.now)
        raise SMTPServerDisconnected

    monkeypatch.setattr(reminders, "send_mail", away)
    frozen_clock.move_to(at(DUE))
    for _quarter in range(4 * 26):
        run()
        frozen_clock.forward(minutes=15)

    kept = ConditionReminder.objects.get()
    assert (len(tries), kept.attempts, kept.sent_at) == (7, 7, None)
    assert kept.given_up_at is not None
    assert tries[-1] - tries[0] >= timedelta(hours=24)


def test_mail_server_that_comes_back_gets_the_message_once(
    condition: Condition, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    frozen_clock.move_to(at(DUE))
    with monkeypatch.context() as patch:
        patch.setattr(reminders, "send_mail", lambda *_all, **_options: (_ for _ in ()).throw(OSError()))
        assert run() == (1, 0)
    too_early = run()
    frozen_clock.forward(minutes=5)

    assert (too_early, run(), run()) == ((0, 0), (0, 1), (0, 0))
    assert len(mail.outbox) == 1


def test_site_without_a_mail_server_queues_nothing(
    condition: Condition, frozen_clock: FrozenClock, settings: LazySettings
):
    frozen_clock.move_to(at(DUE))
    settings.MAIL_IS_SENT = False

    assert run() == (0, 0)


def test_queue_asks_as_much_for_three_as_for_one_and_each_once(condition: Condition, frozen_clock: FrozenClock):
    frozen_clock.move_to(at(DUE))
    counts, made = [], []
    for number in (1, 3):
        for n in range(number):
            Condition.objects.create(
                review=condition.review, code=f"N{number}-{n}", text="More", due_on=DUE, owner=condition.owner
            )
        with CaptureQueriesContext(connection) as queries:
            made.append(queue_reminders())
        counts.append(len(queries))

    assert made == [2, 3]
    assert counts[0] == counts[1]
    with pytest.raises(IntegrityError):
        ConditionReminder.objects.create(condition=condition, for_on=DUE)


def test_every_mail_is_of_a_kind_that_the_account_offers_and_no_kind_is_without_a_mail():
    senders = [
        module
        for package in ("rollout", "training", "readiness")
        for module in map(str, sorted(Path(package).rglob("*.py")))
        if re.search(r"send_mail\(|EmailMessage\(", Path(module).read_text(encoding="utf-8"))
    ]

    kinds = [import_module(sender.removesuffix(".py").replace("/", ".")).KIND for sender in senders]

    assert sorted(kinds) == sorted(MessageKind)
    assert all("refused_by(KIND)" in Path(sender).read_text(encoding="utf-8") for sender in senders)
