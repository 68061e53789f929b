"""Writing down mail about places on sessions, in the transaction of what it tells; `place_mail` of readiness sends it.

Who has no address is counted and not written to.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from training.choices import AttendanceState, PlaceNews
from training.models import Attendance, PlaceMessage, StaffMember, TrainingSession

# What is booked in error can be taken back so long before anybody is told of it.
HELD_BACK = timedelta(minutes=2)
HELD = (PlaceNews.BOOKED, PlaceNews.WAITING)


def tell(places: Iterable[Attendance], what: PlaceNews) -> int:
    """Write down a message to each of these people about their place. Returns how many have no email address.

    Two statements, however many places, in the transaction that is open. Nothing is written where no mail is sent.
    """
    rows = list(places)
    if not rows:
        return 0
    staff = StaffMember.objects.filter(pk__in={row.staff_id for row in rows}).exclude(email="")
    reached = set(staff.values_list("pk", flat=True))
    if settings.MAIL_IS_SENT:
        now = timezone.now()
        first = now + HELD_BACK if what in HELD else now
        PlaceMessage.objects.bulk_create(
            PlaceMessage(attendance=row, what=what, queued_at=now, next_at=first)
            for row in rows
            if row.staff_id in reached
        )
    return len({row.staff_id for row in rows} - reached)


def tell_of_change(session: TrainingSession) -> int:
    """Tell whoever has a place on a session, or waits for one, that its time or its room is another one now.

    To be called in the transaction that changes it. Returns how many have no email address.
    """
    open_states = (AttendanceState.BOOKED, AttendanceState.WAITING)
    places = Attendance.objects.filter(session=session, state__in=open_states, retired_at=None)
    return tell(places.order_by("pk"), PlaceNews.CHANGED)
