"""Who is on a training session, as far as a reader may know them by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext

from readiness.dashboards.champions import name_of
from rollout.models import User
from training.choices import AttendanceState
from training.models import Attendance, Posting, TrainingSession
from training.services.sheet_people import people_of_sheets

# Whoever has a place stands before whoever waits, and these before those who cancelled.
ORDER = Case(
    When(state=AttendanceState.WAITING, then=Value(1)),
    When(state=AttendanceState.CANCELLED, then=Value(2)),
    default=Value(0),
)


@dataclass(frozen=True)
class Places:
    """The places on a session whose people the reader may know, and how many others have one or wait."""

    rows: QuerySet[Attendance]
    others: int


@dataclass(frozen=True)
class PersonOnSession:
    """Somebody with a place on a session, or who waits for one: name, where they work, how the place stands."""

    name: str
    ward: str
    state: str


def places_on(session: TrainingSession, user: User) -> Places:
    """The places of a session. Two queries, before its rows are read."""
    rows = Attendance.objects.filter(session=session, retired_at=None)
    known = rows.filter(staff__in=people_of_sheets(user).values("pk")).select_related("staff")
    others = rows.exclude(state=AttendanceState.CANCELLED).count()
    others -= known.exclude(state=AttendanceState.CANCELLED).count()
    return Places(known.order_by(ORDER, "staff__name", "staff__number", "pk"), others)


def people_on(places: Iterable[Attendance], day: date) -> list[PersonOnSession]:
    """The people of some places, with where they work on a day. One query."""
    found = list(places)
    postings = Posting.objects.on(day).filter(staff__in=[place.staff_id for place in found])
    wards = {
        staff: f"{ward}, {site}"
        for staff, ward, site in postings.order_by("from_on", "pk").values_list(
            "staff", "ward__name", "ward__site__name"
        )
    }
    return [PersonOnSession(name_of(place.staff), wards.get(place.staff_id, ""), _state(place)) for place in found]


def _state(place: Attendance) -> str:
    """How a place stands, in words."""
    if place.state != AttendanceState.ATTENDED or place.passed is None:
        return place.get_state_display()
    return gettext("Attended and passed") if place.passed else gettext("Attended, not passed")
