"""Places of people who leave: given back, so that who waits moves up, whatever way the leaving was recorded."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from rollout.audit import acting
from rollout.models import User
from training.choices import AttendanceState
from training.models import Attendance, Posting, TrainingSession
from training.services.booking_outlook import OPEN
from training.services.bookings import Freed, free_places, hold_sessions


def settle_places(*, by: User | None = None, staff_ids: Collection[int] | None = None) -> Freed:
    """Take back the places of leavers on sessions to come, and give what is free to who waits. Twice does nothing more.

    A leaver is somebody whose record is retired, or whose last posting ends before the day of the session. `staff_ids`
    are those whose postings changed: to be called in the transaction that changes them; without, everybody is looked
    at, and every waiting list. The same number of statements for any number of people and sessions.
    """
    with acting(by, "places of leavers given back"):
        leaving = places_of_leavers()
        if staff_ids is not None:
            leaving = leaving.filter(staff__in=staff_ids)
        ids = set(leaving.values_list("session", flat=True))
        if staff_ids is None:
            ids |= set(_with_room_for_who_waits().values_list("pk", flat=True))
        sessions = hold_sessions(ids) if ids else []
        rows = leaving.filter(session__in=sessions).order_by("pk").select_for_update(of=("self",), no_key=True)
        return free_places(sessions, list(rows)) if sessions else Freed(0, 0)


def places_of_leavers() -> "QuerySet[Attendance]":
    """Open places on sessions to come of people who will not be there any more."""
    posted = Posting.objects.filter(staff=OuterRef("staff"), retired_at=None)
    there = posted.filter(Q(to_on=None) | Q(to_on__gte=OuterRef("on")))
    return Attendance.objects.filter(
        Q(staff__retired_at__isnull=False) | (Exists(posted) & ~Exists(there)),
        state__in=OPEN,
        retired_at=None,
        session__retired_at=None,
        session__starts_at__gt=timezone.now(),
    )


def _with_room_for_who_waits() -> "QuerySet[TrainingSession]":
    """Sessions to come with a waiting list and a free place: an import made room, or somebody came back."""
    waiting = Attendance.objects.filter(session=OuterRef("pk"), state=AttendanceState.WAITING, retired_at=None)
    sessions = TrainingSession.objects.current().filter(Exists(waiting), starts_at__gt=timezone.now())
    return sessions.with_places().filter(Q(free_count=None) | Q(free_count__gt=0))
