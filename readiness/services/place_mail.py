"""Mail about places on sessions: invitations with an entry for a calendar, changes, cancellations, the day before.

What is told was written down by training.services.place_messages in the transaction of what happened; the reminders of
the day before are written down here. A message names nobody but its reader, and leads nowhere: not everybody who is
booked can log in. Only the newest of what happened to a place is told, and only while it is still so.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.mime.text import MIMEText
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from readiness.services.outbox import OVER_STATES, refused_by, send_all
from rollout.calendars import Entry, Method, Status, invitation
from rollout.choices import MessageKind
from rollout.templatetags.formats import clock
from rollout.templatetags.formats import day as day_words
from training.choices import AttendanceState, PlaceNews
from training.models import Attendance, PlaceMessage, TrainingSession
from training.services.attendance import zone_of

KIND = MessageKind.TRAINING_PLACE
# A reminder goes within the day before, by the clock of the site, not at night.
BEFORE = timedelta(hours=24)
FROM_HOUR, UNTIL_HOUR = 7, 21
RELATED = ("attendance__staff__user", "attendance__session__course", "attendance__session__site")

ENDED = (PlaceNews.CANCELLED, PlaceNews.MOVED)
# How a place must stand for a message to be true still.
STANDS: dict[PlaceNews, tuple[AttendanceState, ...]] = {
    PlaceNews.BOOKED: (AttendanceState.BOOKED,),
    PlaceNews.WAITING: (AttendanceState.WAITING,),
    PlaceNews.MOVED_UP: (AttendanceState.BOOKED,),
    PlaceNews.CHANGED: (AttendanceState.BOOKED, AttendanceState.WAITING),
    PlaceNews.MOVED: (AttendanceState.CANCELLED,),
    PlaceNews.CANCELLED: (AttendanceState.CANCELLED,),
    PlaceNews.REMINDER: (AttendanceState.BOOKED,),
}


def queue_place_reminders() -> int:
    """Write down the reminders of sessions that begin within a day and have none. Returns how many. Two queries.

    A session that moves to another day is reminded of again. Who does not want them, or has no address, gets none.
    """
    if not settings.MAIL_IS_SENT:
        return 0
    now = timezone.now()
    rows = (
        Attendance.objects.filter(state=AttendanceState.BOOKED, retired_at=None, session__retired_at=None)
        .filter(session__starts_at__gt=now, session__starts_at__lte=now + BEFORE, staff__retired_at=None)
        .exclude(session__programme__state__in=OVER_STATES)
        .exclude(staff__email="")
        .exclude(staff__user__is_active=False)
        .exclude(staff__user__in=refused_by(KIND))
        .exclude(messages__for_on=F("on"))
        .order_by("pk")
    )
    new = [
        PlaceMessage(attendance_id=pk, what=PlaceNews.REMINDER, for_on=on, queued_at=now, next_at=now)
        for pk, on, zone in rows.values_list("pk", "on", "session__site__time_zone")
        if FROM_HOUR <= now.astimezone(ZoneInfo(zone or settings.TIME_ZONE)).hour < UNTIL_HOUR
    ]
    PlaceMessage.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)


def send_place_messages(until: float) -> int:
    """Send what is waiting until nothing is left or the monotonic clock says `until`. Returns how many have gone."""
    return send_all(PlaceMessage.objects.all(), _letter, until)


def _letter(message: PlaceMessage, now: datetime) -> Callable[[], object] | None:
    """What sends a message, None where it is no longer true, or the person does not want it."""
    message = PlaceMessage.objects.select_related(*RELATED).get(pk=message.pk)
    place, news = message.attendance, PlaceNews(message.what)
    session, staff = place.session, place.staff
    if session is None or session.starts_at <= now or not _is_true(message, place, session):
        return None
    if not staff.email or staff.retired_at is not None or not _wants(place):
        return None
    if news == PlaceNews.REMINDER and place.on != message.for_on:
        return None
    return partial(_send, message, place, session, news)


def _is_true(message: PlaceMessage, place: Attendance, session: TrainingSession) -> bool:
    """Whether the place stands as the message says, nothing newer is to be told, and what ends was told of before."""
    news = PlaceNews(message.what)
    if place.retired_at is not None or place.state not in STANDS[news]:
        return False
    if news not in ENDED and session.retired_at is not None:
        return False
    if news == PlaceNews.REMINDER:
        return True
    others = PlaceMessage.objects.filter(attendance=place).exclude(what=PlaceNews.REMINDER)
    if others.filter(pk__gt=message.pk).exists():
        return False
    before = list(others.filter(pk__lt=message.pk).values_list("sent_at", flat=True))
    return news not in ENDED or not before or any(before)


def _wants(place: Attendance) -> bool:
    """Whether the person wants it, as far as they are a user who could say that they do not."""
    user = place.staff.user
    if user is None:
        return True
    return user.is_active and not refused_by(KIND).filter(user=user).exists()


def _send(message: PlaceMessage, place: Attendance, session: TrainingSession, news: PlaceNews) -> None:
    """One subject, no link but that of the session itself. Raises what the mail server raises."""
    zone = zone_of(session)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    words = {
        "course": session.course.name,
        "day": day_words(starts.date()),
        "from": clock(starts.time()),
        "to": clock(ends.time()),
        "where": where_of(session) or gettext("The place is not known yet."),
        "zone": str(zone),
    }
    waits = place.state == AttendanceState.WAITING
    subject, told = (WAITING if waits and news == PlaceNews.CHANGED else WORDS)[news]()
    lines = [told, "", gettext("%(course)s\n%(day)s, %(from)s to %(to)s (%(zone)s)\n%(where)s") % words, ""]
    letter = EmailMessage(
        _one_line(subject % words),
        "\n".join(lines),
        None,
        [place.staff.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    if news != PlaceNews.REMINDER and (news in ENDED or not waits):
        letter.attach(_calendar(message, place, session, cancelled=news in ENDED))
    letter.send()


def where_of(session: TrainingSession) -> str:
    """Room or link, and site, as far as they are known."""
    return ", ".join(filter(None, (session.room, session.site.name if session.site else "")))


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _calendar(message: PlaceMessage, place: Attendance, session: TrainingSession, *, cancelled: bool) -> MIMEText:
    """The entry for the person's calendar; a later message about the place replaces it."""
    method = Method.CANCEL if cancelled else Method.REQUEST
    entry = Entry(
        uid=f"place-{place.pk}",
        summary=gettext("Training: %(course)s") % {"course": session.course.name},
        starts=session.starts_at,
        ends=session.ends_at,
        location=where_of(session),
        status=Status.CANCELLED if cancelled else Status.CONFIRMED,
        changed_at=message.queued_at,
    )
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    text = invitation(
        entry,
        method=method,
        sequence=message.pk,
        organiser=settings.DEFAULT_FROM_EMAIL,
        attendee=place.staff.email,
        host=host,
        now=timezone.now(),
    )
    part = MIMEText(text.decode(), "calendar", "utf-8")
    part.set_param("method", method.value)
    part.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    return part


Words = tuple[str, str]
WORDS: dict[PlaceNews, Callable[[], Words]] = {
    PlaceNews.BOOKED: lambda: (
        gettext("You are booked: %(course)s on %(day)s at %(from)s"),
        gettext("You have a place on this training session. Add it to your calendar with the attached entry."),
    ),
    PlaceNews.WAITING: lambda: (
        gettext("You are on the waiting list: %(course)s on %(day)s"),
        gettext("This training session is full. You are on its waiting list and will be told once you have a place."),
    ),
    PlaceNews.MOVED_UP: lambda: (
        gettext("You have a place now: %(course)s on %(day)s at %(from)s"),
        gettext("A place has become free on this training session, and you are on it now."),
    ),
    PlaceNews.CHANGED: lambda: (
        gettext("Changed: %(course)s is on %(day)s at %(from)s"),
        gettext("The time or the place of a training session of yours has changed. This is how it stands now."),
    ),
    PlaceNews.MOVED: lambda: (
        gettext("You have been moved from: %(course)s on %(day)s"),
        gettext("You are on another session of this course now and get another message about it. This one is off."),
    ),
    PlaceNews.CANCELLED: lambda: (
        gettext("Cancelled: your place on %(course)s on %(day)s"),
        gettext("You have no place on this training session any more. Ask your manager if you did not expect this."),
    ),
    PlaceNews.REMINDER: lambda: (
        gettext("Reminder: %(course)s on %(day)s at %(from)s"),
        gettext("A training session of yours is soon."),
    ),
}
WAITING: dict[PlaceNews, Callable[[], Words]] = {
    PlaceNews.CHANGED: lambda: (
        gettext("Changed: %(course)s is on %(day)s at %(from)s"),
        gettext(
            "The time or the place of a training session that you wait for has changed. You still wait for a place."
        ),
    ),
}
