"""What all messages have in common: who wants them, how they go, and what becomes of those that do not."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from readiness.models.reminders import WaitingMessage
from rollout.choices import Channel, MessageKind, ProgrammeState, Stage
from rollout.models import NotificationChoice

# A mail server that is away is asked again, later each time, for a day.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 480, 640))
# Nobody is reminded of what is at a site, or in a programme, that does not go on.
OVER_STAGES = (Stage.DEFERRED, Stage.STOPPED, Stage.EMBEDDED)
OVER_STATES = (ProgrammeState.PAUSED, ProgrammeState.STOPPED, ProgrammeState.CLOSED)


def refused_by(kind: MessageKind) -> QuerySet:
    """The ids of the users who said that they do not want mail of this kind."""
    refused = NotificationChoice.objects.filter(kind=kind, channel=Channel.EMAIL, wanted=False)
    return refused.order_by().values_list("user", flat=True)


def send_all(send_next: Callable[[], bool | None], until: float) -> int:
    """Send what is waiting until nothing is left or the monotonic clock says `until`. Returns how many have gone.

    `send_next` says whether it sent the next one, and None where none is waiting.
    """
    sent = 0
    while time.monotonic() < until:
        gone = send_next()
        if gone is None:
            break
        sent += gone
    return sent


def put_off(message: WaitingMessage, now: datetime) -> None:
    """Try again later; after the last try not any more."""
    if message.attempts < len(WAITS):
        message.next_at = now + WAITS[message.attempts]
    else:
        message.given_up_at = now
    message.attempts += 1
