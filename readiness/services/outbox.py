"""What all messages have in common: who wants them, how they go, and what becomes of those that do not."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from rollout.choices import Channel, MessageKind, ProgrammeState, Stage
from rollout.models import NotificationChoice, WaitingMessage

# A mail server that is away is asked again, later each time, for a day.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 480, 640))
# Nobody is reminded of what is at a site, or in a programme, that does not go on.
OVER_STAGES = (Stage.DEFERRED, Stage.STOPPED, Stage.EMBEDDED)
OVER_STATES = (ProgrammeState.PAUSED, ProgrammeState.STOPPED, ProgrammeState.CLOSED)


def refused_by(kind: MessageKind) -> QuerySet:
    """The ids of the users who said that they do not want mail of this kind."""
    refused = NotificationChoice.objects.filter(kind=kind, channel=Channel.EMAIL, wanted=False)
    return refused.order_by().values_list("user", flat=True)


def send_all(messages: QuerySet, letter: Callable[[Any, datetime], Callable[[], object] | None], until: float) -> int:
    """Send what is waiting until nothing is left or the monotonic clock says `until`. Returns how many have gone."""
    sent = 0
    while time.monotonic() < until:
        gone = send_one(messages, letter)
        if gone is None:
            break
        sent += gone
    return sent


@transaction.atomic
def send_one(messages: QuerySet, letter: Callable[[Any, datetime], Callable[[], object] | None]) -> bool | None:
    """Send the message that has waited longest, held so that nobody else sends it. None where none is waiting.

    `letter` is told the message and the moment. It gives what sends it, or None where it should not go any more.
    """
    now = timezone.now()
    waiting = messages.filter(sent_at=None, given_up_at=None, next_at__lte=now).order_by("next_at", "pk")
    message = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if message is None:
        return None
    send = letter(message, now)
    if send is None:
        message.given_up_at = now
    else:
        try:
            send()
        except (SMTPException, OSError):
            put_off(message, now)
        else:
            message.sent_at = now
    message.save(update_fields=["sent_at", "given_up_at", "next_at", "attempts"])
    return message.sent_at is not None


def put_off(message: WaitingMessage, now: datetime) -> None:
    """Try again later; after the last try not any more."""
    if message.attempts < len(WAITS):
        message.next_at = now + WAITS[message.attempts]
    else:
        message.given_up_at = now
    message.attempts += 1
