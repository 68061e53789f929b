"""Who came to a session: the sheet of one, or a part of it, written at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from rollout.audit import acting
from rollout.models import User
from rollout.permissions import manage_programme
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.choices import AttendanceState
from training.models import Attendance, TrainingSession
from training.permissions import keep_every_session
from training.services.attendance_rows import Mark, rows_there, write_marks
from training.services.log_places import DAYS_BACK, OVER
from training.services.sheet_people import find_numbers, people_of_sheets, why_not
from training.services.shift_log import Made

# What a sheet may say of somebody; "booked" takes back what it said.
ON_A_SHEET = (AttendanceState.ATTENDED, AttendanceState.DID_NOT_ATTEND, AttendanceState.BOOKED)
TABLE = TrainingSession._meta.db_table
PASSED_WORDS: Mapping[bool | None, str] = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True)
class Seen:
    """What a sheet says of one person. `was` is the state that stood on the sheet, "" where nobody looked.

    Somebody who is not on the sheet is known by the employee `number`, and then `staff_id` is 0. `was_passed` is what
    it said of passing ("yes", "no", "unknown"), "" where nobody looked.
    """

    staff_id: int
    state: AttendanceState
    passed: bool | None = None
    was: str = ""
    number: str = ""
    was_passed: str = ""


class UnknownNumber(Refused):
    """Nobody whom the user may record has the number; said at the number."""

    field = "number"


class MarkedOtherwise(Refused):
    """Somebody else said something new since the sheet was shown; `rows` are theirs."""

    def __init__(self, words: str, rows: Sequence[Attendance]) -> None:
        """Keep the rows as they stand now."""
        super().__init__(words)
        self.rows = rows


def zone_of(session: TrainingSession) -> ZoneInfo:
    """The zone whose clock a session goes by: its site's, else the service's."""
    return ZoneInfo(session.site.time_zone if session.site else settings.TIME_ZONE)


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
    theirs to record, a number that nobody of theirs has, and people marked otherwise meanwhile.
    """
    with acting(by, "attendance recorded"):
        session = hold_session(session_id, by)
        check_day(session, by)
        day = day_of(session)
        people = {each.staff_id: each for each in _with_numbers(session, seen, by)}
        if len(people) != len(seen):
            raise Refused(gettext("Somebody stands on this sheet twice."))
        _check_allowed(people, by)
        there = rows_there(session.course, session, people)
        _check_unchanged([row for row in there.values() if changed_meanwhile(row, people[row.staff_id])])
        own_id = client_id if len(people) == 1 else None
        marks = [
            Mark(each.staff_id, day, each.state, each.passed, own_id)
            for each in people.values()
            if not _books(there.get((each.staff_id, None)), each)
        ]
        write_marks(session.course, session, there, marks)
        return Made(TABLE, session.pk)


def day_of(session: TrainingSession) -> date:
    """The day of a session at its site."""
    return session.starts_at.astimezone(zone_of(session)).date()


def hold_session(session_id: int, by: User | None = None) -> TrainingSession:
    """A session that the user keeps the sheet of, held; without a user any. Raises Refused.

    Held, so that two sheets of one session are written one after the other, also where a row is new in both.
    """
    sessions = TrainingSession.objects.all() if by is None else TrainingSession.objects.visible_to(by)
    held = sessions.filter(pk=session_id, retired_at=None).select_for_update(of=("self",), no_key=True)
    session = held.select_related("course", "programme", "site").first()
    if session is None:
        raise Refused(gettext("You cannot record the attendance of this session."))
    if session.programme.state in OVER and (by is None or not manage_programme(by, session.programme)):
        raise Refused(gettext("The programme is over. Ask its manager to record this."))
    return session


def check_day(session: TrainingSession, by: User) -> None:
    """Raise Refused for a session on a day to come, and for one that is too long ago for this person."""
    day, today = day_of(session), timezone.localdate(timezone=zone_of(session))
    if day > today:
        raise Refused(
            gettext("This session is on %(day)s. Record who came once it has begun.") % {"day": day_words(day)}
        )
    if day < today - timedelta(days=DAYS_BACK) and not keep_every_session(by, session.programme):
        words = {"day": day_words(day), "n": DAYS_BACK}
        raise Refused(gettext("%(day)s is more than %(n)s days ago. Ask the trainer to record it.") % words)


def _with_numbers(session: TrainingSession, seen: Sequence[Seen], by: User) -> list[Seen]:
    """The same people, each by id. Raises UnknownNumber."""
    numbers = [each.number for each in seen if each.number]
    if not numbers:
        return list(seen)
    site = session.site.organisation_id if session.site else None
    found = find_numbers(by, session.programme, numbers, day=day_of(session), organisation_id=site)
    for number in numbers:
        if not found[number].staff_id:
            raise UnknownNumber(why_not(number, found[number]))
    return [replace(each, staff_id=found[each.number].staff_id) if each.number else each for each in seen]


def _check_allowed(people: Mapping[int, Seen], by: User) -> None:
    """By their ids people are recorded whose name the user may read; by number others were found already."""
    listed = {staff_id for staff_id, each in people.items() if not each.number}
    if listed != set(people_of_sheets(by).filter(pk__in=listed).values_list("pk", flat=True)):
        raise Refused(gettext("You cannot record the attendance of everybody on this sheet."))


def changed_meanwhile(row: Attendance, seen: Seen) -> bool:
    """Whether a row says something else now than the sheet showed, and than the sheet says."""
    if not seen.was:
        return False
    if row.state != seen.was:
        return row.state != seen.state
    return bool(seen.was_passed) and PASSED_WORDS[row.passed] != seen.was_passed and row.passed != seen.passed


def _books(row: Attendance | None, seen: Seen) -> bool:
    """Whether a mark would give somebody a place: a sheet takes back what it said, it books nobody."""
    return seen.state == AttendanceState.BOOKED and (row is None or row.state == AttendanceState.WAITING)


def _check_unchanged(rows: Sequence[Attendance]) -> None:
    if rows:
        words = ngettext(
            "%(n)s person was marked otherwise meanwhile. Open the sheet and look again.",
            "%(n)s people were marked otherwise meanwhile. Open the sheet and look again.",
            len(rows),
        )
        raise MarkedOtherwise(words % {"n": len(rows)}, rows)
