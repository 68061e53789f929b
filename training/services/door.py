"""Checking in at the door of a session: by a code that changes, or by employee number on the trainer's device.

The code is worked out from the session and the time and never stored: six digits that are new every 30 seconds. It is
on the door's screen, as digits and in a QR code; rights come from the log-in of the person who scans it.
"""

from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User
from rollout.services.refusals import Refused
from training.choices import AttendanceState
from training.models import StaffMember, TrainingSession
from training.permissions import keep_session
from training.services.attendance import day_of, hold_session
from training.services.attendance_rows import Mark, rows_there, write_marks
from training.services.sheet_people import find_numbers, why_not

STEP = timedelta(seconds=30)
# How long before the start and after the end of a session people check in.
AROUND = timedelta(minutes=60)
# Between scanning a code and saying "I am here" one may have to log in.
LONGEST_LOG_IN = timedelta(minutes=10)
SALT = "training.door"
WHY = "checked in at the door"


class WrongCode(Refused):
    """The code is not one of the session's just now; said at the code."""

    field = "code"


class WrongNumber(Refused):
    """Nobody can check in under the number; said at the number."""

    field = "number"


def step_at(moment: datetime) -> int:
    """The number of the half minute that a moment is in."""
    return int(moment.timestamp() // STEP.total_seconds())


def code_at(session_id: int, moment: datetime) -> str:
    """The code of a session at a moment: six digits."""
    digest = salted_hmac(SALT, f"{session_id}:{step_at(moment)}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def is_code(session_id: int, code: str, moment: datetime) -> bool:
    """Whether a code was on the screen at a moment, or in the half minute before."""
    now, before = (constant_time_compare(code, code_at(session_id, at)) for at in (moment, moment - STEP))
    return now or before


def opens_at(session: TrainingSession) -> datetime:
    """From when on people check in."""
    return session.starts_at - AROUND


def closes_at(session: TrainingSession) -> datetime:
    """Until when people check in."""
    return session.ends_at + AROUND


def is_open(session: TrainingSession, moment: datetime) -> bool:
    """Whether people check in at a moment."""
    return opens_at(session) <= moment <= closes_at(session)


def sealed(session_id: int, code: str) -> str:
    """That somebody came with a code just now, so that it holds while they log in. Nobody else can make it."""
    return signing.dumps([session_id, code, int(timezone.now().timestamp())], salt=SALT)


def unsealed(session_id: int, seal: str) -> tuple[str, datetime]:
    """The code that was brought to the session and when; "" and now where there is none, or it is too old."""
    now = timezone.now()
    try:
        brought_to, code, seconds = signing.loads(seal, salt=SALT)
    except signing.BadSignature:
        return "", now
    moment = datetime.fromtimestamp(seconds, UTC)
    good = brought_to == session_id and timedelta() <= now - moment <= LONGEST_LOG_IN
    return (code, moment) if good else ("", now)


def session_at_door(session_id: int, code: str, moment: datetime) -> TrainingSession | None:
    """The session whose code somebody brought at a moment; None for a wrong code, a closed door, and no session."""
    if not is_code(session_id, code, moment):
        return None
    sessions = TrainingSession.objects.current().select_related("course", "site", "programme")
    session = sessions.filter(pk=session_id).first()
    return session if session is not None and is_open(session, timezone.now()) else None


def check_in(*, session_id: int, code: str, moment: datetime, by: User) -> None:
    """Write that the user attends, whether booked or not. `code` was brought at `moment`. Once done stays done.

    Raises WrongCode, and Refused for a user who is no member of staff or whom the trainer has marked otherwise.
    """
    if session_at_door(session_id, code, moment) is None:
        raise WrongCode(gettext("This code does not work now. Scan the one on the screen, or type its six digits."))
    person = StaffMember.objects.current().filter(user=by).first()
    if person is None:
        raise Refused(gettext("Your log-in is not linked to an employee number. Ask the trainer to mark you."))
    with acting(by, WHY):
        _attend(hold_session(session_id), person.pk)


def check_in_number(*, session_id: int, number: str, by: User) -> None:
    """Write that whoever has the number attends: typed on the device of somebody who holds the session.

    Raises WrongNumber for a number that `by` cannot record here, and Refused where the door is closed.
    """
    with acting(by, WHY):
        session = hold_session(session_id, by)
        if not keep_session(by, session) or not is_open(session, timezone.now()):
            raise Refused(gettext("Nobody checks in here now."))
        site = session.site.organisation_id if session.site else None
        people = find_numbers(by, session.programme, [number], day=day_of(session), organisation_id=site)
        found = people[number]
        if not found.staff_id:
            raise WrongNumber(why_not(number, found))
        _attend(session, found.staff_id)


def _attend(session: TrainingSession, staff_id: int) -> None:
    """What the trainer said stands, and so does a result that is known already."""
    there = rows_there(session.course, session, [staff_id])
    row = there.get((staff_id, None))
    if row is not None and row.retired_at is None and row.state == AttendanceState.ATTENDED:
        return
    if row is not None and row.retired_at is None and row.state == AttendanceState.DID_NOT_ATTEND:
        raise Refused(gettext("The sheet says that you did not attend. Ask the trainer to put it right."))
    write_marks(session.course, session, there, [Mark(staff_id, day_of(session), AttendanceState.ATTENDED)])
