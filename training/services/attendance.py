"""Who came to a session: the sheet of one, or a part of it, written at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from rollout.audit import acting
from rollout.models import User
from rollout.permissions import rights_of
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.choices import AttendanceState
from training.models import Attendance, Posting, StaffMember, TrainingSession
from training.querysets.people import StaffMemberQuerySet
from training.services.log_places import DAYS_BACK, OVER
from training.services.shift_log import Made

# What a sheet may say of somebody; "booked" takes back what it said.
ON_A_SHEET = (AttendanceState.ATTENDED, AttendanceState.DID_NOT_ATTEND, AttendanceState.BOOKED)
TABLE = TrainingSession._meta.db_table


@dataclass(frozen=True)
class Seen:
    """What a sheet says of one person. `was` is the state that stood on the sheet, "" where nobody looked."""

    staff_id: int
    state: AttendanceState
    passed: bool | None = None
    was: str = ""


def zone_of(session: TrainingSession) -> ZoneInfo:
    """The zone whose clock a session goes by: its site's, else the service's."""
    return ZoneInfo(session.site.time_zone if session.site else settings.TIME_ZONE)


def people_of_sheets(user: User) -> StaffMemberQuerySet:
    """The people whose attendance a user may record, as far as they have a place: those whose name they may read.

    A ward manager records those of the ward alone, though they know the champions of the whole site by name.
    """
    rights = rights_of(user)
    people = StaffMember.objects.current().visible_to(user)
    if rights.administrator or rights.managed or rights.trained or rights.led:
        return people
    posted = Posting.objects.on(timezone.localdate()).filter(staff=OuterRef("pk"), ward__in=list(rights.wards))
    return people.filter(Exists(posted))


def sheet_of(session: TrainingSession, user: User) -> list[Attendance]:
    """The places on a session that the user keeps the sheet of, in the order of names. One query."""
    rows = Attendance.objects.filter(session=session, retired_at=None).exclude(state=AttendanceState.CANCELLED)
    return list(
        rows.filter(staff__in=people_of_sheets(user).values("pk"))
        .select_related("staff")
        .order_by("staff__name", "staff__number", "pk")
    )


def record_attendance(*, client_id: UUID, session_id: int, seen: Sequence[Seen], by: User) -> Made:
    """Write who came to a session, all of it or nothing. Who had no place and came is added, over capacity too.

    Raises Refused for a session the user keeps no sheet of, one on a day to come or too long ago, a person who is not
    theirs to record, and people marked otherwise meanwhile.
    """
    with acting(by, "attendance recorded"):
        session = _session(session_id, by)
        people = {each.staff_id: each for each in seen}
        if len(people) != len(seen):
            raise Refused(gettext("Somebody stands on this sheet twice."))
        allowed = set(people_of_sheets(by).filter(pk__in=people).values_list("pk", flat=True))
        if allowed != set(people):
            raise Refused(gettext("You cannot record the attendance of everybody on this sheet."))
        rows = Attendance.objects.filter(session=session, staff__in=people).order_by("pk")
        there = {row.staff_id: row for row in rows.select_for_update(no_key=True, of=("self",))}
        _check_unchanged(there, people)
        _write(session, there, people, client_id if len(people) == 1 else None)
        return Made(TABLE, session.pk)


def _session(session_id: int, by: User) -> TrainingSession:
    """A session whose sheet the user keeps, on a day that can be logged."""
    sessions = TrainingSession.objects.visible_to(by).filter(pk=session_id, retired_at=None)
    # Held, so that two sheets of one session are written one after the other, also where a row is new in both.
    held = sessions.select_for_update(of=("self",), no_key=True)
    session = held.select_related("course", "programme", "site").first()
    if session is None:
        raise Refused(gettext("You cannot record the attendance of this session."))
    if session.programme.state in OVER:
        raise Refused(gettext("The programme is over. Ask its manager to record this."))
    zone = zone_of(session)
    day, today = session.starts_at.astimezone(zone).date(), timezone.localdate(timezone=zone)
    if day > today:
        raise Refused(
            gettext("This session is on %(day)s. Record who came once it has begun.") % {"day": day_words(day)}
        )
    rights = rights_of(by)
    keeps = rights.administrator or session.programme_id in rights.managed | rights.trained
    if day < today - timedelta(days=DAYS_BACK) and not keeps:
        words = {"day": day_words(day), "n": DAYS_BACK}
        raise Refused(gettext("%(day)s is more than %(n)s days ago. Ask the trainer to record it.") % words)
    return session


def _check_unchanged(there: dict[int, Attendance], people: dict[int, Seen]) -> None:
    """Raise Refused where somebody else has said something new since the sheet was shown."""
    changed = sum(
        1
        for staff_id, each in people.items()
        if each.was and staff_id in there and there[staff_id].state not in (each.was, each.state)
    )
    if changed:
        raise Refused(
            ngettext(
                "%(n)s person was marked otherwise meanwhile. Open the sheet and look again.",
                "%(n)s people were marked otherwise meanwhile. Open the sheet and look again.",
                changed,
            )
            % {"n": changed}
        )


def _write(
    session: TrainingSession, there: dict[int, Attendance], people: dict[int, Seen], client_id: UUID | None
) -> None:
    """Two statements, however many people."""
    day = session.starts_at.astimezone(zone_of(session)).date()
    changed, new = [], []
    for staff_id, each in people.items():
        passed = each.passed if session.course.assessed and each.state == AttendanceState.ATTENDED else None
        row = there.get(staff_id)
        if row is None:
            row = Attendance(course_id=session.course_id, staff_id=staff_id, session=session, on=day)
            row.state, row.passed, row.client_id = each.state, passed, client_id
            new.append(row)
        elif (row.state, row.passed, row.retired_at) != (each.state, passed, None):
            row.state, row.passed, row.retired_at = each.state, passed, None
            changed.append(row)
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(changed, ["state", "passed", "retired_at"], batch_size=1000)
