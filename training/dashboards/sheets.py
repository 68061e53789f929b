"""How a session's sheet stands: places taken, who has been marked.

Counts alone, so that they may be told to whoever keeps any part of the sheet.
"""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext, ngettext

from training.choices import PLACES_TAKEN, AttendanceState
from training.models import Attendance, TrainingSession


@dataclass(frozen=True)
class SheetCounts:
    """Of everybody on a session, whoever may record them. `placed` had a place or came, `attended` came."""

    placed: int
    attended: int
    unmarked: int
    capacity: int | None

    @property
    def places(self) -> str:
        """ "13 of 12 places": people over capacity came and are kept."""
        if self.capacity is None:
            return ngettext("%(n)s person", "%(n)s people", self.placed) % {"n": self.placed}
        words = ngettext("%(n)s of %(all)s place", "%(n)s of %(all)s places", self.capacity)
        return words % {"n": self.placed, "all": self.capacity}

    @property
    def came(self) -> str:
        """ "9 of 12 have checked in"."""
        return gettext("%(n)s of %(all)s have checked in") % {"n": self.attended, "all": self.placed}


def sheet_counts(session: TrainingSession) -> SheetCounts:
    """The counts of a session. One query."""
    rows = Attendance.objects.filter(session=session, retired_at=None)
    counts = rows.aggregate(
        placed=Count("pk", filter=Q(state__in=PLACES_TAKEN)),
        attended=Count("pk", filter=Q(state=AttendanceState.ATTENDED)),
        unmarked=Count("pk", filter=Q(state=AttendanceState.BOOKED)),
    )
    return SheetCounts(**counts, capacity=session.capacity)
