"""Training sessions: planned, moved, cancelled, taken up again. Whoever is booked goes along with a session.

A session that is cancelled is retired with its reason, and the places on it are cancelled with it. Who writes a session
or its places holds the session first, so that two who write about one session wait for each other.
"""

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from rollout.audit import acting
from rollout.models import AuditEntry, User
from rollout.services.codes import next_code
from rollout.services.edits import held, save_edit
from rollout.services.people import person_named
from rollout.services.refusals import Refused
from rollout.services.retiring import put_back, take_out
from rollout.templatetags.formats import day as day_words
from training.choices import RECORDED, AttendanceState, CourseMode, PlaceNews
from training.hours import Span
from training.models import Attendance, Course, TrainingSession
from training.services.bookings import move_up
from training.services.place_messages import tell, tell_of_change
from training.services.typed_times import WrongTimes

# What the form of a session shows and two may change.
SESSION = ("starts_at", "ends_at", "room", "capacity", "trainer_id")
PREFIX = "SESSION"
LONGEST = timedelta(hours=24)
# A day further away than this is a slip of the pen.
FARTHEST = timedelta(days=3_660)
MOST_PLACES = 1_000
# Why the audit says that places were cancelled; by it they are found again.
CANCELLED = "training session cancelled"
# Places that a session takes along; what a sheet has said stays where it was said.
OPEN_NEWS = {AttendanceState.BOOKED: PlaceNews.BOOKED, AttendanceState.WAITING: PlaceNews.WAITING}
OPEN = tuple(OPEN_NEWS)


class WrongDay(WrongTimes):
    """The day of a session cannot be; said there."""

    field = "on"


class WrongCourse(Refused):
    """The course is not taught in sessions, or no longer; said there."""

    field = "course"


class SessionSaved(NamedTuple):
    """A session as it was saved, and how many of those who waited have a place by it."""

    session: TrainingSession
    moved_up: int


def zone_at(session: TrainingSession) -> ZoneInfo:
    """The zone by whose clock a session goes: its site's, else the service's."""
    return ZoneInfo(session.site.time_zone if session.site else settings.TIME_ZONE)


def make_session(
    *,
    programme_id: int,
    course_id: int,
    site_id: int | None,
    span: Span,
    room: str,
    capacity: int | None,
    trainer: str,
    by: User,
) -> TrainingSession:
    """Plan a session of a course, also one that is over already, so that its attendance can be recorded.

    No `site_id`: it is for every site of the programme. No `capacity`: there is no limit. `trainer` is an e-mail
    address or a name, "" where nobody is named yet. Raises WrongCourse and WrongTimes.
    """
    with acting(by, "training session planned"):
        code = next_code(TrainingSession.objects.all(), programme_id, PREFIX)
        check_course(programme_id, course_id)
        check_span(span)
        return TrainingSession.objects.create(
            programme_id=programme_id,
            course_id=course_id,
            site_id=site_id,
            code=code,
            room=room,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            capacity=capacity,
            trainer=person_named(trainer),
        )


def check_course(programme_id: int, course_id: int) -> None:
    """Hold a course of the programme that is taught in sessions. Raises WrongCourse."""
    courses = Course.objects.filter(programme=programme_id, pk=course_id)
    course = courses.select_for_update(of=("self",), no_key=True).first()
    if course is None or course.retired_at is not None or not course.active:
        raise WrongCourse(gettext("This course is not taught any more. Select another one."))
    if course.mode == CourseMode.E_LEARNING:
        raise WrongCourse(gettext("People take this course by themselves: it needs no session."))


def check_span(span: Span) -> None:
    """Raise WrongTimes for times that no session has."""
    if not span.length:
        raise WrongTimes(gettext("The session ends when it starts. Enter the time it ends"))
    if span.length < timedelta():
        raise WrongTimes(gettext("The session ends before it starts. Enter a later end, or the last day"))
    if span.length > LONGEST:
        raise WrongTimes(gettext("A session lasts at most 24 hours. Plan one for each day: people come day by day"))
    if abs(span.starts_at - timezone.now()) > FARTHEST:
        raise WrongDay(gettext("Choose a day within ten years"))


def change_session(
    *, session: TrainingSession, mark: str, span: Span, room: str, capacity: int | None, trainer: str, by: User
) -> SessionSaved:
    """Move a session, or change its room, places or trainer; those booked and waiting go along to another day.

    They are told of another time or room, and where there are more places now, who waits longest gets them.
    `mark` was made of SESSION when the form was opened. Raises RecordChanged, WrongTimes, and Refused for one that is
    cancelled.
    """
    with held(TrainingSession.objects.select_related("site"), session.pk, by, "training session changed") as row:
        if row.retired_at is not None:
            raise Refused(gettext("Somebody cancelled this session meanwhile. Take it up again first."))
        before = Span(row.starts_at, row.ends_at)
        if span != before:
            check_span(span)
            _check_move(row, span)
        person = person_named(trainer)
        values = {
            "starts_at": span.starts_at,
            "ends_at": span.ends_at,
            "room": room,
            "capacity": capacity,
            "trainer_id": person.pk if person else None,
        }
        where = row.room
        if save_edit(row, mark=mark, names=SESSION, values=values):
            _take_along(row, before)
            if (span, room) != (before, where):
                tell_of_change(row)
            return SessionSaved(row, move_up(session=row, by=by))
        return SessionSaved(row, 0)


def _check_move(session: TrainingSession, span: Span) -> None:
    """Raise WrongDay where people could not have come, or have come already."""
    now, zone = timezone.now(), zone_at(session)
    places = Attendance.objects.filter(session=session, retired_at=None)
    other_day = span.starts_at.astimezone(zone).date() != session.starts_at.astimezone(zone).date()
    if (other_day or span.starts_at > now) and places.filter(state__in=RECORDED).exists():
        held_on = {"day": day_words(session.starts_at.astimezone(zone).date())}
        raise WrongDay(gettext("Attendance is recorded for %(day)s, so the session was held then.") % held_on)
    if session.ends_at <= now < span.ends_at:
        raise WrongDay(gettext("This session is over. Hold it again on another day instead."))
    if session.starts_at > now >= span.starts_at and (booked := places.filter(state__in=OPEN).count()):
        words = ngettext(
            "That time is over, and %(n)s person is booked for a time to come. Choose a time to come.",
            "That time is over, and %(n)s people are booked for a time to come. Choose a time to come.",
            booked,
        )
        raise WrongDay(words % {"n": booked})


def _take_along(session: TrainingSession, before: Span) -> None:
    """Write the new day on the places of a session that moved to another one."""
    zone = zone_at(session)
    day = session.starts_at.astimezone(zone).date()
    if before.starts_at.astimezone(zone).date() == day:
        return
    places = Attendance.objects.filter(session=session, retired_at=None).exclude(state__in=RECORDED)
    try:
        with transaction.atomic():
            places.exclude(on=day).update(on=day)
    except IntegrityError as error:
        if "training_attendance_key" not in str(error):
            raise
        raise Refused(gettext("Somebody stands on this session twice. Cancel one of the two places first.")) from error


def cancel_session(*, session: TrainingSession, by: User, reason: str) -> TrainingSession:
    """Cancel a session with a reason, and every place on it that is booked or waits. Cancelled stays cancelled.

    Raises Refused for one whose attendance is recorded: it was held.
    """
    with held(TrainingSession.objects.all(), session.pk, by, CANCELLED) as row:
        if row.retired_at is not None:
            return row
        places = Attendance.objects.filter(session=row, retired_at=None)
        if places.filter(state__in=RECORDED).exists():
            raise Refused(gettext("Attendance is recorded for this session, so it was held and cannot be cancelled."))
        take_out(row, by=by, reason=reason)
        lost = list(places.filter(state__in=OPEN))
        places.filter(state__in=OPEN).update(state=AttendanceState.CANCELLED)
        tell(lost, PlaceNews.CANCELLED)
        return row


def restore_session(*, session: TrainingSession, by: User) -> TrainingSession:
    """Take a cancelled session up again. Whoever lost a place only by its cancelling is booked, or waits, as before."""
    with held(TrainingSession.objects.all(), session.pk, by, "training session taken up again") as row:
        if put_back(row):
            lost = _lost_places(row)
            for state, news in OPEN_NEWS.items():
                rows = Attendance.objects.filter(pk__in=[pk for pk, was in lost if was == state])
                rows.update(state=state)
                tell(rows, news)
            move_up(session=row, by=by)
        return row


def _lost_places(session: TrainingSession) -> list[tuple[int, str]]:
    """The places that the last cancelling took away, each with its state before, as the audit tells. Two queries."""
    rows = Attendance.objects.filter(session=session, state=AttendanceState.CANCELLED, retired_at=None)
    entries = AuditEntry.objects.filter(
        table=Attendance._meta.db_table, row_id__in=list(rows.values_list("pk", flat=True)), after__has_key="state"
    )
    newest = entries.order_by("row_id", "-pk").distinct("row_id").values_list("row_id", "reason", "before__state")
    return [(pk, was) for pk, reason, was in newest if reason.startswith(CANCELLED)]
