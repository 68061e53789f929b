"""The rows of attendance: written for one session or one course, in two statements, however many people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from training.choices import AttendanceState
from training.models import Attendance, Course, TrainingSession

# A person on a session; on e-learning a person and a day.
Key = tuple[int, date | None]


@dataclass(frozen=True)
class Mark:
    """What somebody did. `passed` counts for who attended an assessed course alone; None: nothing is known."""

    staff_id: int
    on: date
    state: AttendanceState
    passed: bool | None = None
    client_id: UUID | None = None


def rows_there(
    course: Course, session: TrainingSession | None, staff: Iterable[int], *, hold: bool = True
) -> dict[Key, Attendance]:
    """The rows that people have on the session, or on the course without one, retired ones too. One query."""
    rows = Attendance.objects.filter(staff__in=list(staff), course=course, session=session).order_by("pk")
    rows = rows.select_for_update(no_key=True, of=("self",)) if hold else rows
    return {(row.staff_id, None if session else row.on): row for row in rows}


def write_marks(
    course: Course, session: TrainingSession | None, there: Mapping[Key, Attendance], marks: Iterable[Mark]
) -> int:
    """Add and change what differs from the rows that are there, which are held. Returns how many people that is."""
    changed, new = [], []
    for mark in marks:
        passed = mark.passed if course.assessed and mark.state == AttendanceState.ATTENDED else None
        row = there.get((mark.staff_id, None if session else mark.on))
        if row is None:
            row = Attendance(course=course, staff_id=mark.staff_id, session=session, on=mark.on)
            row.state, row.passed, row.client_id = mark.state, passed, mark.client_id
            new.append(row)
        elif (row.state, row.passed, row.retired_at) != (mark.state, passed, None):
            row.state, row.passed, row.retired_at = mark.state, passed, None
            changed.append(row)
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(changed, ["state", "passed", "retired_at"], batch_size=1000)
    return len(new) + len(changed)


def said_of(state: AttendanceState, passed: bool | None) -> str:
    """What somebody did, in words."""
    result = {True: gettext("passed"), False: gettext("not passed"), None: ""}[passed]
    return f"{state.label}, {result}" if result else str(state.label)
