"""The open places on a session that a reader keeps: booked by name, then who waits in the order of moving up."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext

from readiness.dashboards.champions import name_of
from rollout.models import AuditEntry, User
from training.choices import AttendanceState
from training.models import Attendance, Posting, TrainingSession
from training.services.booking_outlook import OPEN
from training.services.sheet_people import people_of_sheets


@dataclass(frozen=True)
class PlaceLine:
    """Somebody with a place or who waits for one, as a row says it; `pk` is the member of staff."""

    pk: int
    name: str
    where: str
    place: str


def places_kept(session: TrainingSession, user: User) -> list[Attendance]:
    """The open places that the user may change. One query; whoever waits has their `position` in the line, from 1."""
    rows = Attendance.objects.filter(session=session, state__in=OPEN, retired_at=None)
    waits = Case(When(state=AttendanceState.WAITING, then=Value(1)), default=Value(0))
    queue = list(
        rows.filter(state=AttendanceState.WAITING)
        .order_by(F("waiting_since").asc(nulls_first=True), "pk")
        .values_list("pk", flat=True)
    )
    known = rows.filter(staff__in=people_of_sheets(user).values("pk")).select_related("staff")
    places = {pk: number for number, pk in enumerate(queue, 1)}
    found = list(known.order_by(waits, "staff__name", "staff__number", "pk"))
    found.sort(key=lambda row: places.get(row.pk, 0))
    for row in found:
        vars(row)["position"] = places.get(row.pk, 0)
    return found


def place_lines(rows: Iterable[Attendance]) -> list[PlaceLine]:
    """Places of `places_kept` as rows, with where the people work today. One query."""
    found = list(rows)
    postings = Posting.objects.on(timezone.localdate()).filter(staff__in=[row.staff_id for row in found])
    columns = ("staff", "ward__name", "ward__site__name")
    where = {staff: f"{ward}, {site}" for staff, ward, site in postings.order_by("from_on", "pk").values_list(*columns)}
    return [PlaceLine(row.staff_id, name_of(row.staff), where.get(row.staff_id, ""), _place(row)) for row in found]


def _place(row: Attendance) -> str:
    if row.state == AttendanceState.BOOKED:
        return str(row.get_state_display())
    return gettext("Waiting, number %(n)s in line") % {"n": vars(row)["position"]}


def just_booked(session: TrainingSession, act: str, user: User) -> list[int]:
    """The people whom one request of this user put on the session, as far as they stand on it still. Two queries."""
    if not act:
        return []
    written = AuditEntry.objects.filter(request_id=act[:64], table=Attendance._meta.db_table, user=user)
    rows = Attendance.objects.filter(session=session, state__in=OPEN, retired_at=None)
    return list(rows.filter(pk__in=list(written.values_list("row_id", flat=True))).values_list("staff", flat=True))
