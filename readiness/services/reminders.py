"""Reminding the owner of a gate's condition: three days before it is due, on the day, and each week after, once each.

A reminder is a row before it is a message: who dies between the two leaves a row that goes later, and a row that has
gone never goes again. A message names no person and repeats no words of a record: one subject, one link.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from readiness.models import Condition, ConditionReminder
from readiness.services.outbox import OVER_STAGES, OVER_STATES, refused_by, send_all
from rollout.choices import MessageKind
from rollout.models import Deployment

KIND = MessageKind.GATE_CONDITION
BEFORE, EACH = timedelta(days=3), timedelta(days=7)
# By the clock of the site: nobody is reminded at night.
FROM_HOUR = timedelta(hours=7)


def reminder_day(due_on: date, today: date) -> date | None:
    """The day of the reminder that belongs to today: the latest one not after it. None where it is too early."""
    if today < due_on - BEFORE:
        return None
    if today < due_on:
        return due_on - BEFORE
    return due_on + (today - due_on) // EACH * EACH


def queue_reminders() -> int:
    """Write down the reminders of today that are not there yet; of a week missed only the latest. Returns how many.

    Three queries, however many conditions are due. Who does not want them, or cannot log in, gets none.
    """
    if not settings.MAIL_IS_SENT:
        return 0
    now = timezone.now()
    latest = timezone.localdate(now) + BEFORE + timedelta(days=1)
    due = (
        _open_conditions()
        .filter(due_on__lte=latest, owner__user__is_active=True)
        .exclude(owner__user__in=refused_by(KIND))
    )
    rows = due.values_list("pk", "due_on", "review__deployment__site__time_zone")
    wanted = [(pk, reminder_day(due_on, _day_at(now, zone))) for pk, due_on, zone in rows.order_by("pk") if due_on]
    known = ConditionReminder.objects.filter(
        condition__in=[pk for pk, _day in wanted], for_on__gte=timezone.localdate(now) - EACH * 2
    )
    there = set(known.values_list("condition", "for_on"))
    new = [
        ConditionReminder(condition_id=pk, for_on=day, queued_at=now, next_at=now)
        for pk, day in wanted
        if day is not None and (pk, day) not in there
    ]
    ConditionReminder.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)


def _day_at(now: datetime, zone: str) -> date:
    """The day at a site, which begins at FROM_HOUR."""
    return timezone.localtime(now - FROM_HOUR, ZoneInfo(zone)).date()


def _open_conditions() -> QuerySet[Condition]:
    """Conditions with a day that are not met, of reviews that stand, at sites that go on."""
    here = "review__deployment__"
    return (
        Condition.objects.filter(done_on=None, retired_at=None, due_on__isnull=False, review__retired_at=None)
        .filter(**{f"{here}{name}retired_at": None for name in ("", "site__", "programme__")})
        .exclude(review__deployment__stage__in=OVER_STAGES)
        .exclude(review__deployment__programme__state__in=OVER_STATES)
    )


def send_reminders(until: float) -> int:
    """Send what is waiting until nothing is left or the monotonic clock says `until`. Returns how many have gone."""
    return send_all(ConditionReminder.objects.all(), _letter, until)


def _letter(reminder: ConditionReminder, now: datetime) -> Callable[[], None] | None:
    condition = _open_conditions().filter(pk=reminder.condition_id).select_related(*RELATED).first()
    if condition is None or not _may_go(condition):
        return None
    return partial(_send, condition, _day_at(now, condition.review.deployment.site.time_zone))


RELATED = ("owner__user", "review__gate", "review__deployment__site", "review__deployment__programme")


def _may_go(condition: Condition) -> bool:
    """Whether its owner can still log in, wants the message, and may open what it leads to."""
    user = condition.owner.user if condition.owner else None
    if user is None or not user.is_active:
        return False
    if refused_by(KIND).filter(user=user).exists():
        return False
    return Deployment.objects.current().visible_to(user).filter(pk=condition.review.deployment_id).exists()


def _send(condition: Condition, today: date) -> None:
    """One subject, one link. Raises what the mail server raises."""
    review, due_on = condition.review, condition.due_on
    if condition.owner is None or condition.owner.user is None or due_on is None:
        return
    address = {
        "programme": review.deployment.programme.code,
        "site": review.deployment.site.code,
        "gate": review.gate.code,
    }
    page = reverse("readiness:gate-detail", kwargs=address)
    link = f"{settings.SITE_URL}{page}?review={review.held_on:%Y-%m-%d}#conditions"
    words = {"when": _when(due_on, today), "day": date_format(due_on, "j F Y"), "link": link}
    text = gettext(
        "You own a condition that was set at a gate. It was to be met by %(day)s.\n\n"
        "Open it, and say when it is met:\n%(link)s\n"
    )
    subject = gettext("A condition of a gate %(when)s") % words
    send_mail(subject, text % words, None, [condition.owner.user.email])


def _when(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if days > 0:
        return ngettext("is due in %(n)s day", "is due in %(n)s days", days) % {"n": days}
    if days == 0:
        return gettext("is due today")
    return ngettext("is %(n)s day late", "is %(n)s days late", -days) % {"n": -days}
