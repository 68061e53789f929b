"""Places on sessions: booked, waited for, cancelled, moved. The waiting list of a full session moves up by itself.

Whoever gives places holds the members of staff first, in the order of their ids, then the sessions, in the order of
theirs, and the places last; so two who write about one session or one person wait for each other, never in a circle.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User
from rollout.services.refusals import Refused
from training.choices import PLACES_TAKEN, AttendanceState, PlaceNews
from training.models import Attendance, TrainingSession
from training.services.attendance import zone_of
from training.services.booking_outlook import OPEN, BookingOutlook, Chosen, Fate, away_or_gone, check_open, look_ahead
from training.services.place_messages import tell
from training.services.rota import hold_staff
from training.services.sheet_people import people_of_sheets


class BookingChanged(Exception):
    """Other people would be booked by now than the check page showed; nobody was booked."""


@dataclass(frozen=True)
class Booked:
    """What came of a booking: how many have a place, how many wait, how many of them have no email address."""

    booked: int
    waiting: int
    unaddressed: int


@dataclass(frozen=True)
class Freed:
    """What came of taking places back: how many were, and how many who waited have a place now."""

    cancelled: int
    moved_up: int


@dataclass(frozen=True)
class Moved:
    """What came of moving people to another session; `stayed` found no free place there, or cannot come then."""

    moved: int
    stayed: int
    unaddressed: int


def book(*, session: TrainingSession, staff_ids: Sequence[int], by: User, mark: str | None = None) -> Booked:
    """Book people on a session in the order given; once it is full they wait. All of it or nothing.

    Who has a place already, cannot come, or is not theirs to book is left out, as `look_ahead` says. With the `mark`
    of an outlook raises BookingChanged where it is another one by now. Raises Refused for a session that has begun or
    is cancelled. The same number of statements for any number of people.
    """
    with acting(by, "places on a session booked"):
        hold_staff(staff_ids)
        (held,) = hold_sessions([session.pk])
        # A place that somebody left without a word belongs to who waits.
        _move_up([held])
        outlook = look_ahead(session=held, staff_ids=staff_ids, by=by)
        if mark is not None and outlook.mark != mark:
            raise BookingChanged
        return _write(held, outlook)


def _write(session: TrainingSession, outlook: BookingOutlook) -> Booked:
    now, day = timezone.now(), session.starts_at.astimezone(zone_of(session)).date()
    new: list[Attendance] = []
    changed: list[Attendance] = []
    for each in outlook.of(Fate.BOOKED, Fate.WAITING):
        row = each.row or Attendance(course_id=session.course_id, staff_id=each.person.pk, session=session)
        row.on, row.passed, row.retired_at = day, None, None
        row.state = AttendanceState.BOOKED if each.fate == Fate.BOOKED else AttendanceState.WAITING
        row.waiting_since = now if each.fate == Fate.WAITING else None
        (changed if each.row else new).append(row)
    # In the order of asking, so that of those who ask at once the first has the lower id.
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(
        changed, ["on", "state", "passed", "retired_at", "waiting_since"], batch_size=len(changed) or None
    )
    booked = [row for row in (*new, *changed) if row.state == AttendanceState.BOOKED]
    waiting = [row for row in (*new, *changed) if row.state == AttendanceState.WAITING]
    unaddressed = tell(booked, PlaceNews.BOOKED) + tell(waiting, PlaceNews.WAITING)
    return Booked(len(booked), len(waiting), unaddressed)


def hold_sessions(ids: Collection[int]) -> list[TrainingSession]:
    """Hold sessions until the transaction ends, in the order of their ids. Raises DoesNotExist where one is missing."""
    rows = TrainingSession.objects.filter(pk__in=ids).select_related("course", "programme", "site").order_by("pk")
    held = list(rows.select_for_update(of=("self",), no_key=True))
    if len(held) != len(set(ids)):
        raise TrainingSession.DoesNotExist
    return held


def cancel_places(*, session: TrainingSession, staff_ids: Collection[int], by: User, reason: str) -> Freed:
    """Take back the places of people, booked or waiting; who waits longest gets what becomes free.

    What is cancelled stays cancelled, what a sheet says stands. Raises Refused for people who are not theirs, and for
    a session that has begun. `reason` goes to the audit; "" says nothing.
    """
    with acting(by, f"places on a session cancelled{': ' if reason else ''}{reason}"):
        (held,) = hold_sessions([session.pk])
        check_open(held)
        _check_theirs(staff_ids, by)
        return free_places([held], _hold_places(held, staff_ids))


def free_places(sessions: Iterable[TrainingSession], rows: Sequence[Attendance]) -> Freed:
    """Cancel places on sessions, all of them held, and move up who waits."""
    _cancel(rows, PlaceNews.CANCELLED)
    return Freed(len(rows), len(_move_up(sessions)))


def _check_theirs(staff_ids: Collection[int], by: User) -> None:
    """Raise Refused unless the user keeps the places of all these people."""
    if people_of_sheets(by).filter(pk__in=staff_ids).count() != len(set(staff_ids)):
        raise Refused(gettext("You cannot change the places of everybody you selected."))


def _hold_places(session: TrainingSession, staff_ids: Collection[int]) -> list[Attendance]:
    """The places of people on a session that are booked or waited for, held in the order of their ids."""
    rows = Attendance.objects.filter(session=session, staff__in=staff_ids, state__in=OPEN, retired_at=None)
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def _cancel(rows: Sequence[Attendance], news: PlaceNews) -> None:
    Attendance.objects.filter(pk__in=[row.pk for row in rows]).update(state=AttendanceState.CANCELLED)
    tell(rows, news)


def move_places(*, session: TrainingSession, to: TrainingSession, staff_ids: Collection[int], by: User) -> Moved:
    """Move people to another session of the course: the place on the one is given up and one on the other taken.

    As many move as places are free there, who was booked first before who waits; everybody else keeps what they have.
    Raises Refused where nobody can move, for another course, and for people who are not theirs.
    """
    with acting(by, "moved to another session"):
        hold_staff(staff_ids)
        held = {row.pk: row for row in hold_sessions({session.pk, to.pk})}
        here, there = held[session.pk], held[to.pk]
        if here.course_id != there.course_id or here.pk == there.pk:
            raise Refused(gettext("Choose another session of the same course."))
        check_open(here)
        _check_theirs(staff_ids, by)
        places = sorted(_hold_places(here, staff_ids), key=lambda row: (row.state == AttendanceState.WAITING, row.pk))
        _move_up([there])
        outlook = look_ahead(session=there, staff_ids=[row.staff_id for row in places], by=by, leaving=here)
        moving = outlook.of(Fate.BOOKED)
        if not moving:
            raise Refused(_why_nobody(outlook.chosen))
        gone = {each.person.pk for each in moving}
        _cancel([row for row in places if row.staff_id in gone], PlaceNews.MOVED)
        done = _write(there, replace(outlook, chosen=tuple(moving)))
        _move_up([here])
        return Moved(len(moving), len(places) - len(moving), done.unaddressed)


def _why_nobody(chosen: Sequence[Chosen]) -> str:
    """Why nobody can move to another session."""
    if any(each.fate == Fate.WAITING for each in chosen):
        return gettext("That session is full. Nobody was moved, so nobody lost a place.")
    return gettext("Nobody you selected can come to that session. Nobody was moved.")


def move_up(*, session: TrainingSession, by: User | None) -> int:
    """Give the free places of a session to who has waited longest; how many. Nothing to give is nothing done.

    To be called in the transaction of whatever makes places free: more places in the room, somebody who leaves. Who is
    away on the day, or works there no more, is passed over and keeps waiting.
    """
    with acting(by, "moved up from the waiting list"):
        return len(_move_up(hold_sessions([session.pk])))


def _move_up(sessions: Iterable[TrainingSession]) -> list[Attendance]:
    """The same for sessions that are held; six statements, however many sessions and people."""
    now = timezone.now()
    coming = {row.pk: row for row in sessions if row.retired_at is None and row.starts_at > now}
    waiting = Attendance.objects.filter(session__in=coming, state=AttendanceState.WAITING, retired_at=None)
    queue = list(waiting.order_by(F("waiting_since").asc(nulls_first=True), "pk"))
    if not queue:
        return []
    taken = Attendance.objects.filter(session__in=coming, state__in=PLACES_TAKEN, retired_at=None).order_by()
    counts = dict(taken.values_list("session").annotate(n=Count("pk")))
    left = {pk: None if row.capacity is None else row.capacity - counts.get(pk, 0) for pk, row in coming.items()}
    if all(free is not None and free <= 0 for pk, free in left.items()):
        return []
    passed_over = away_or_gone(waiting)
    rising = []
    for row in queue:
        free = left[row.session_id or 0]
        if row.staff_id in passed_over or (free is not None and free <= 0):
            continue
        if free is not None:
            left[row.session_id or 0] = free - 1
        rising.append(row)
    ids = Attendance.objects.filter(pk__in=[row.pk for row in rising]).order_by("pk")
    list(ids.select_for_update(of=("self",), no_key=True).values_list("pk"))
    ids.order_by().update(state=AttendanceState.BOOKED, waiting_since=None)
    tell(rising, PlaceNews.MOVED_UP)
    return rising
