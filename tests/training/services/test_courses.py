"""The courses of a programme: codes from names, changes that say what they did, taken out and taken up again."""

from datetime import timedelta

import pytest

from rollout.models import AuditEntry, StaffGroup
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.refusals import CodeTaken, Refused
from tests.clock import FrozenClock
from tests.training.session_world import NOON, SessionWorld
from training.models import Course
from training.services.courses import (
    COURSE,
    add_course,
    change_course,
    proposed_code,
    restore_course,
    retire_course,
    with_groups,
)

GIVEN = {"mode": "classroom", "mandatory": True, "valid_days": 365, "assessed": False, "for_champions": False}


@pytest.fixture
def world(db: None, frozen_clock: FrozenClock) -> SessionWorld:
    frozen_clock.move_to(NOON)
    return SessionWorld()


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Giving medicines", (), "GIVING-MEDICINES"),
        ("Giving medicines", ("giving-medicines",), "GIVING-MEDICINES-2"),
        ("Übergabe & Pflege", (), "UBERGABE-PFLEGE"),
        ("看護", ("COURSE",), "COURSE-2"),
        ("A" * 60, ("A" * 40,), "A" * 38 + "-2"),
    ],
)
def test_code_is_made_of_the_name(name: str, taken: tuple[str, ...], code: str):
    assert proposed_code(name, taken) == code


def test_course_is_asked_of_its_groups_and_the_trail_says_so(world: SessionWorld):
    nurse, doctor = (StaffGroup.objects.create(code=code) for code in ("nurse", "doctor"))
    by, made = world.manager(), {**GIVEN, "name": "Giving medicines", "active": True}
    course = add_course(programme_id=world.programme.pk, code="", group_ids=[nurse.pk], by=by, **made)

    changed = change_course(
        course_id=course.pk, mark=mark_of(with_groups(course), COURSE), group_ids=[doctor.pk], by=by, **made
    )

    assert course.code == "GIVING-MEDICINES"
    assert list(changed.groups.all()) == [doctor]
    told = AuditEntry.objects.filter(table="training_course", row_id=course.pk, after__has_key="groups").order_by("pk")
    assert list(told.values_list("before", "after", "user")) == [
        ({"groups": []}, {"groups": ["nurse"]}, by.pk),
        ({"groups": ["nurse"]}, {"groups": ["doctor"]}, by.pk),
    ]


def test_code_of_another_course_is_refused_and_the_later_change_is_told(world: SessionWorld):
    course, by = with_groups(world.course), world.manager()
    mark = mark_of(course, COURSE)
    Course.objects.filter(pk=course.pk).update(name="Another name")

    with pytest.raises(CodeTaken):
        add_course(programme_id=world.programme.pk, code="C1", group_ids=[], by=by, name="X", active=True, **GIVEN)
    with pytest.raises(RecordChanged):
        change_course(course_id=course.pk, mark=mark, group_ids=[], by=by, name="Mine", active=True, **GIVEN)


def test_course_with_sessions_to_come_stays_and_comes_back_once_taken_out(world: SessionWorld):
    course, by = world.course, world.manager()
    session = world.session()

    with pytest.raises(Refused, match="1 session of it is to come"):
        retire_course(course_id=course.pk, reason="Not needed", by=by)
    with pytest.raises(Refused, match="1 session of it is to come") as refused:
        values = {**GIVEN, "name": course.name, "active": True, "mode": "e-learning"}
        change_course(course_id=course.pk, mark=mark_of(with_groups(course), COURSE), group_ids=[], by=by, **values)
    session.ends_at = NOON - timedelta(hours=1)
    session.starts_at = NOON - timedelta(hours=2)
    session.save()
    taken = retire_course(course_id=course.pk, reason="Not needed", by=by)
    back = restore_course(course_id=course.pk, by=by)

    assert refused.value.field == "mode"
    assert (taken.retired_reason, taken.retired_by) == ("Not needed", by)
    assert (back.retired_at, back.retired_reason) == (None, "")
