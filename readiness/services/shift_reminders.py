"""Reminding champions of a shift, within the day before it and never at night; once each.

A reminder is a row before it is a message, as for conditions. A message names nobody and no ward: one subject, a link.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from readiness.models import ShiftReminder
from readiness.services.outbox import OVER_STATES, refused_by, send_all
from rollout.choices import MessageKind
from rollout.templatetags.formats import clock, day
from training.choices import CANCELLABLE_SHIFT_STATES
from training.models import ChampionShift

KIND = MessageKind.CHAMPION_SHIFT
BEFORE = timedelta(hours=24)
# By the clock of the site: a message comes neither in the night nor before the day has begun.
FROM, UNTIL = time(7), time(21)


def queue_shift_reminders() -> int:
    """Write down the reminders of shifts that begin within a day and have none. Returns how many.

    Two queries, however many shifts. Who does not want them, or cannot log in, gets none.
    """
    if not settings.MAIL_IS_SENT:
        return 0
    now = timezone.now()
    rows = _to_come(now).filter(starts_at__lte=now + BEFORE, reminder=None, staff__user__is_active=True)
    rows = rows.exclude(staff__user__in=refused_by(KIND)).order_by("pk")
    new = [
        ShiftReminder(shift_id=pk, queued_at=now, next_at=now)
        for pk, zone in rows.values_list("pk", "ward__site__time_zone")
        if FROM <= now.astimezone(ZoneInfo(zone)).time() < UNTIL
    ]
    ShiftReminder.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)


def _to_come(now: datetime) -> "QuerySet[ChampionShift]":
    """Shifts that have not begun, in programmes that go on."""
    rows = ChampionShift.objects.filter(
        state__in=CANCELLABLE_SHIFT_STATES, retired_at=None, starts_at__gt=now, programme__retired_at=None
    )
    return rows.exclude(programme__state__in=OVER_STATES)


def send_shift_reminders(until: float) -> int:
    """Send what is waiting until nothing is left or the monotonic clock says `until`. Returns how many have gone."""
    return send_all(ShiftReminder.objects.all(), _letter, until)


def _letter(reminder: ShiftReminder, now: datetime) -> Callable[[], None] | None:
    shift = _to_come(now).filter(pk=reminder.shift_id).select_related("staff__user", "ward__site").first()
    return partial(_send, shift) if shift and _may_go(shift) else None


def _may_go(shift: ChampionShift) -> bool:
    """Whether the champion can still log in and wants the message."""
    user = shift.staff.user
    return user is not None and user.is_active and not refused_by(KIND).filter(user=user).exists()


def _send(shift: ChampionShift) -> None:
    """One subject, one link. Raises what the mail server raises."""
    user = shift.staff.user
    if user is None:
        return
    starts = shift.starts_at.astimezone(ZoneInfo(shift.ward.site.time_zone))
    link = f"{settings.SITE_URL}{reverse('readiness:own-shifts')}"
    words = {"time": clock(starts.time()), "day": day(starts.date()), "link": link}
    subject = gettext("Your shift as a champion begins at %(time)s on %(day)s") % words
    text = gettext("A shift of yours as a champion begins soon.\n\nSee where, and confirm it:\n%(link)s\n") % words
    send_mail(subject, text, None, [user.email])
