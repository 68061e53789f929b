"""The courses of a programme: what staff must learn, of whom it is asked, how long it lasts."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from rollout.audit import acting, note_list
from rollout.models import Programme, StaffGroup, User
from rollout.services.edits import RecordChanged, held, mark_of
from rollout.services.refusals import CodeTaken, Refused
from rollout.services.retiring import put_back, take_out
from training.choices import CourseMode
from training.models import Course, TrainingSession

# What the form of a course shows and two may change; `group_ids` is put on the row by `with_groups`.
COURSE = ("name", "mode", "group_ids", "mandatory", "valid_days", "assessed", "for_champions", "active")
LONGEST_CODE = 40
# What a name without a letter of our alphabet gets for a code.
PLAIN = "COURSE"


class StillHeld(Refused):
    """Sessions of the course are still to come; said at how it is taught."""

    field = "mode"


def with_groups(course: Course) -> Course:
    """The course with `group_ids`: the ids of the staff groups it is asked of, in order. One query."""
    vars(course)["group_ids"] = sorted(course.groups.values_list("pk", flat=True))
    return course


def proposed_code(name: str, taken: Collection[str]) -> str:
    """A code made of a name, other than those taken: "Giving medicines" is GIVING-MEDICINES, the next one has -2."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    code = "-".join(re.findall(r"[A-Za-z0-9]+", plain)).upper()[:LONGEST_CODE].rstrip("-") or PLAIN
    used, number, found = {each.upper() for each in taken}, 1, code
    while found.upper() in used:
        number += 1
        found = f"{code[: LONGEST_CODE - len(str(number)) - 1].rstrip('-')}-{number}"
    return found


def add_course(*, programme_id: int, code: str, group_ids: Collection[int], by: User, **values: Any) -> Course:
    """Add a course; without a `code` it gets one from its name. Raises CodeTaken, also for a retired one's code."""
    with acting(by, "course added"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        taken = Course.objects.filter(programme=programme_id).values_list("code", flat=True)
        code = code or proposed_code(values["name"], taken)
        try:
            with transaction.atomic():
                course = Course.objects.create(programme_id=programme_id, code=code, **values)
        except IntegrityError as error:
            if "training_course_code" not in str(error):
                raise
            raise CodeTaken(gettext("There is, or was, a course with this code. Choose another code.")) from None
        _write_groups(course, [], group_ids)
        return course


def change_course(*, course_id: int, mark: str, group_ids: Collection[int], by: User, **values: Any) -> Course:
    """Change a course. What is recorded stays; what of it counts follows in every score.

    `mark` was made of COURSE when the form was opened. Raises RecordChanged, StillHeld, and Refused for a retired one.
    """
    with _held(course_id, by, "course changed") as course:
        if course.retired_at is not None:
            raise Refused(gettext("Somebody took this course out meanwhile. Take it up again first."))
        wanted = {**values, "group_ids": sorted(group_ids)}
        differing = {name: value for name, value in wanted.items() if getattr(course, name) != value}
        if not differing:
            return course
        if mark_of(course, COURSE) != mark:
            raise RecordChanged(course)
        if differing.get("mode") == CourseMode.E_LEARNING:
            _check_not_held(course, gettext("People take e-learning by themselves."))
        groups = differing.pop("group_ids", None)
        for name, value in differing.items():
            setattr(course, name, value)
        # Also where only its groups differ: the row then says that a person wrote it last.
        course.save(update_fields=[*differing, "name"])
        if groups is not None:
            _write_groups(course, vars(course)["group_ids"], groups)
        return with_groups(course)


def retire_course(*, course_id: int, reason: str, by: User) -> Course:
    """Take a course out: it is asked of nobody, in no score. Its sessions and who attended stay. Raises StillHeld."""
    with _held(course_id, by, "course taken out") as course:
        if course.retired_at is None:
            _check_not_held(course)
            take_out(course, by=by, reason=reason)
        return course


def restore_course(*, course_id: int, by: User) -> Course:
    """Take a course up again: it is asked as before, in the scores of past days too."""
    with _held(course_id, by, "course taken up again") as course:
        put_back(course)
        return course


def _check_not_held(course: Course, why: str = "") -> None:
    coming = TrainingSession.objects.current().filter(course=course, ends_at__gt=timezone.now()).count()
    if coming:
        words = ngettext(
            "%(n)s session of it is to come. Cancel it first.",
            "%(n)s sessions of it are to come. Cancel them first.",
            coming,
        )
        raise StillHeld(" ".join(filter(None, (why, words % {"n": coming}))))


def _write_groups(course: Course, before: Collection[int], after: Collection[int]) -> None:
    """Write of whom a course is asked, and say so to the audit, whose triggers see the rows of courses alone."""
    if set(before) == set(after):
        return
    codes = dict(StaffGroup.objects.filter(pk__in=[*before, *after]).values_list("pk", "code"))
    course.groups.set(after)
    note_list(course, "groups", sorted(codes[pk] for pk in before), sorted(codes[pk] for pk in after))


@contextmanager
def _held(course_id: int, by: User, reason: str) -> Iterator[Course]:
    with held(Course.objects.all(), course_id, by, reason) as course:
        yield with_groups(course)
