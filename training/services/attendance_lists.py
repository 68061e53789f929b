"""Attendance from a list of employee numbers: of one session, or of a course that people take by themselves.

Each row of a list is judged before anything is written; what is written is exactly what was shown, or nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.choices import AttendanceState, CourseMode
from training.models import Attendance, Course, TrainingSession
from training.permissions import keep_every_session, record_courses
from training.services.attendance import check_day, day_of, hold_session
from training.services.attendance_rows import Key, Mark, rows_there, said_of, write_marks
from training.services.log_places import DAYS_BACK, OVER
from training.services.sheet_people import Found, find_numbers, why_not

MOST_LINES = 2_000
LONGEST_NUMBER = 40
# Nothing was trained for before; an earlier day is a slip of the pen.
FIRST_DAY = date(2000, 1, 1)
PASSED: Mapping[str, bool | None] = {"true": True, "false": False, "": None}


class ListChanged(Refused):
    """The list would do something else now than was shown."""


class Fate(StrEnum):
    """What becomes of a row."""

    WILL = "will"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class ListLine:
    """A row of a list: where it stands, and its cells. `on` is an ISO date and `passed` true or false, or both empty.

    Anything else in them is what could not be read.
    """

    row: int
    number: str
    on: str = ""
    passed: str = ""


@dataclass(frozen=True)
class LineFate:
    """What becomes of a row, in words; `mark` is what is written for a row that will."""

    line: ListLine
    fate: Fate
    words: str
    mark: Mark | None = None


@dataclass(frozen=True)
class Target:
    """What a list is about. Rows without a day of their own are of `on`, those without a result have `passed`.

    Where several organisations have a number, the one of `organisation_id` is meant.
    """

    course: Course
    session: TrainingSession | None
    on: date
    passed: bool | None = None
    organisation_id: int | None = None


def judge_list(*, target: Target, lines: Sequence[ListLine], by: User, hold: bool = False) -> list[LineFate]:
    """What would become of each row, in their order. A fixed number of queries. Raises Refused for the list as a whole.

    With `hold` the rows that are there already are held for writing.
    """
    if not lines:
        raise Refused(gettext("Enter at least one employee number"))
    if len(lines) > MOST_LINES:
        raise Refused(gettext("A list has at most %(n)s rows. Split it into smaller ones.") % {"n": f"{MOST_LINES:,}"})
    _check_target(target, by)
    numbers = list(dict.fromkeys(line.number for line in lines))
    programme, organisation = target.course.programme, target.organisation_id
    people = find_numbers(by, programme, numbers, day=target.on, organisation_id=organisation)
    staff = {found.staff_id for found in people.values() if found.staff_id}
    there = rows_there(target.course, target.session, staff, hold=hold)
    fates, seen = [], set[Key]()
    for line in lines:
        fate = _judge(target, line, people[line.number], there, by)
        if fate.mark is not None:
            key = (fate.mark.staff_id, None if target.session else fate.mark.on)
            if key in seen:
                fate = LineFate(line, Fate.REFUSED, gettext("Stands above already"))
            seen.add(key)
        fates.append(fate)
    return fates


def _check_target(target: Target, by: User) -> None:
    if target.session is not None:
        check_day(target.session, by)
        return
    if not record_courses(by, target.course.programme):
        raise Refused(gettext("You cannot record this course."))
    if target.course.mode != CourseMode.E_LEARNING:
        raise Refused(gettext("This course is taught in sessions. Record who came on the sheet of each session."))
    if wrong := _wrong_day(target, target.on, by):
        raise WrongDay(wrong)


class WrongDay(Refused):
    """The day cannot be; said there."""

    field = "on"


def _wrong_day(target: Target, day: date, by: User) -> str:
    """Why nobody can have attended on a day, "" where they can."""
    if target.session is not None:
        words = gettext("The session was on %(day)s") % {"day": day_words(target.on)}
        return "" if day == target.on else words
    today = timezone.localdate()
    if day > today:
        return gettext("%(day)s is still to come") % {"day": day_words(day)}
    if day < FIRST_DAY:
        return gettext("%(day)s is too long ago") % {"day": day_words(day)}
    if day < today - timedelta(days=DAYS_BACK) and not keep_every_session(by, target.course.programme):
        words = gettext("%(day)s is more than %(n)s days ago. Ask the trainer to record it.")
        return words % {"day": day_words(day), "n": DAYS_BACK}
    return ""


def _judge(target: Target, line: ListLine, found: Found, there: Mapping[Key, Attendance], by: User) -> LineFate:
    """The fate of one row on its own."""

    def refused(words: str) -> LineFate:
        return LineFate(line, Fate.REFUSED, words)

    if not line.number or len(line.number) > LONGEST_NUMBER:
        return refused(gettext("An employee number has 1 to %(n)s characters") % {"n": LONGEST_NUMBER})
    try:
        day = date.fromisoformat(line.on) if line.on else target.on
    except ValueError:
        return refused(gettext("The date cannot be read: write it like 2026-03-14"))
    if line.passed not in PASSED:
        return refused(gettext("Passed cannot be read: write yes or no, or nothing"))
    if wrong := _wrong_day(target, day, by):
        return refused(wrong)
    if not found.staff_id:
        return refused(why_not(line.number, found))
    passed = PASSED[line.passed] if line.passed else target.passed
    return _told(target, line, Mark(found.staff_id, day, AttendanceState.ATTENDED, passed), there)


def _told(target: Target, line: ListLine, mark: Mark, there: Mapping[Key, Attendance]) -> LineFate:
    """What a row changes. A result that is known stays where the list says nothing of one."""
    row = there.get((mark.staff_id, None if target.session else mark.on))
    before = row if row is not None and row.retired_at is None else None
    attended = before is not None and before.state == AttendanceState.ATTENDED
    if before is not None and attended and mark.passed is None:
        mark = replace(mark, passed=before.passed)
    mark = mark if target.course.assessed else replace(mark, passed=None)
    after = said_of(AttendanceState.ATTENDED, mark.passed)
    if before is None:
        return LineFate(line, Fate.WILL, after, mark)
    if attended and before.passed == mark.passed:
        return LineFate(line, Fate.ALREADY, after, mark)
    change = {"before": said_of(AttendanceState(before.state), before.passed), "after": after}
    return LineFate(line, Fate.WILL, gettext("%(before)s → %(after)s") % change, mark)


def mark_of(fates: Sequence[LineFate]) -> str:
    """What was shown, as 16 hex digits: the same list with the same fates has the same."""
    shown = repr([(each.line, each.fate, each.words, each.mark) for each in fates])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def record_list(*, target: Target, lines: Sequence[ListLine], mark: str, by: User) -> int:
    """Write what a list says, as it was shown (`mark`). Returns how many rows of attendance were written.

    Raises ListChanged where it would do something else by now, and Refused for the list as a whole.
    """
    with acting(by, "attendance recorded from a list"):
        target = _held(target, by)
        fates = judge_list(target=target, lines=lines, by=by, hold=True)
        if mark_of(fates) != mark:
            raise ListChanged(gettext("The records have changed meanwhile. Look at the list again."))
        marks = [each.mark for each in fates if each.mark is not None and each.fate == Fate.WILL]
        there = rows_there(target.course, target.session, {each.staff_id for each in marks})
        return write_marks(target.course, target.session, there, marks)


def _held(target: Target, by: User) -> Target:
    """The same target, held, so that two lists of one course or session are written one after the other."""
    if target.session is not None:
        session = hold_session(target.session.pk, by)
        return replace(target, course=session.course, session=session, on=day_of(session))
    courses = Course.objects.filter(pk=target.course.pk, retired_at=None).select_related("programme")
    course = courses.select_for_update(of=("self",), no_key=True).first()
    if course is None or course.programme.state in OVER:
        raise Refused(gettext("You cannot record this course."))
    return replace(target, course=course)
