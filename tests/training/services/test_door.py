"""Codes at the door: which are taken when, and what is written for whoever brings one."""

from datetime import timedelta

import pytest

from rollout.choices import Role
from rollout.models import AuditEntry, User
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.training.log_world import NOW, TODAY, LogWorld
from training.models import Attendance, StaffMember, TrainingSession
from training.services.door import WrongCode, WrongNumber, check_in, check_in_number, code_at, is_code, sealed, unsealed

SECOND = timedelta(seconds=1)


@pytest.fixture
def session(log_world: LogWorld) -> TrainingSession:
    """It runs from 6pm at the site, which is now, to 7pm."""
    return log_world.session(starts_at=NOW, ends_at=NOW + timedelta(hours=1))


@pytest.fixture
def nurse(log_world: LogWorld) -> User:
    user = make.make_user()
    StaffMember.objects.filter(pk=log_world.champion.pk).update(user=user)
    return user


def states() -> list[tuple[str, str]]:
    return list(Attendance.objects.order_by("pk").values_list("staff__name", "state"))


def test_code_is_six_digits_of_its_session_and_works_for_this_half_minute_and_the_one_before():
    start = NOW
    codes = {code_at(session, start + each * 30 * SECOND) for session in (1, 2) for each in range(100)}

    assert len(codes) > 190
    assert {(len(code), code.isdecimal()) for code in codes} == {(6, True)}
    held = [is_code(1, code_at(1, start), start + seconds * SECOND) for seconds in (-1, 0, 29, 30, 59, 60)]
    assert held == [False, True, True, True, True, False]
    assert is_code(2, code_at(1, start), start) is False
    assert is_code(1, "", start) is False


def test_seal_says_when_a_code_was_brought_for_ten_minutes(frozen_clock: FrozenClock):
    frozen_clock.move_to(NOW)
    seal = sealed(7, "123456")

    assert unsealed(7, seal) == ("123456", NOW)
    assert [unsealed(session, text)[0] for session, text in ((8, seal), (7, seal + "x"), (7, ""))] == ["", "", ""]
    frozen_clock.forward(minutes=10, seconds=1)
    assert unsealed(7, seal)[0] == ""


def test_who_brings_the_code_attends_once_whether_booked_or_not(
    session: TrainingSession, nurse: User, frozen_clock: FrozenClock
):
    code = code_at(session.pk, NOW)
    frozen_clock.forward(minutes=4)

    for _ in range(2):
        check_in(session_id=session.pk, code=code, moment=NOW, by=nurse)

    row = Attendance.objects.get()
    assert (row.staff.user, row.state, row.on, row.passed) == (nurse, "attended", TODAY, None)
    written = AuditEntry.objects.filter(table="training_attendance").values_list("reason", "user")
    assert list(written) == [("checked in at the door", nurse.pk)]


@pytest.mark.parametrize(
    ("starts", "lasts", "good"), [(60, 60, True), (61, 60, False), (-120, 60, True), (-121, 60, False)]
)
def test_door_is_open_from_an_hour_before_to_an_hour_after(
    session: TrainingSession, nurse: User, starts: int, lasts: int, good: bool
):
    begin = NOW + timedelta(minutes=starts)
    TrainingSession.objects.update(starts_at=begin, ends_at=begin + timedelta(minutes=lasts))

    try:
        check_in(session_id=session.pk, code=code_at(session.pk, NOW), moment=NOW, by=nurse)
    except WrongCode:
        assert not good

    assert Attendance.objects.exists() is good


def test_check_in_is_refused_in_words(session: TrainingSession, nurse: User, log_world: LogWorld):
    code = code_at(session.pk, NOW)
    Attendance.objects.create(
        course=session.course, session=session, staff=log_world.champion, on=TODAY, state="did_not_attend"
    )

    def refusal(by: User, code: str) -> str:
        with pytest.raises(Refused) as refused:
            check_in(session_id=session.pk, code=code, moment=NOW, by=by)
        return str(refused.value)

    assert refusal(nurse, code).startswith("The sheet says that you did not attend.")
    assert refusal(make.make_user(), code).startswith("Your log-in is not linked to an employee number.")
    assert refusal(nurse, code_at(session.pk, NOW - timedelta(minutes=1))).startswith("This code does not work now.")
    assert states() == [("Ada", "did_not_attend")]


def test_numbers_on_the_trainers_device(session: TrainingSession, log_world: LogWorld, frozen_clock: FrozenClock):
    trainer = make.make_member(Role.TRAINER, programme=log_world.deployment.programme)
    number = log_world.second.number

    def type_in(number: str, by: User) -> None:
        check_in_number(session_id=session.pk, number=number, by=by)

    for _ in range(2):
        type_in(number, trainer)
    with pytest.raises(WrongNumber):
        type_in("nobody", trainer)
    with pytest.raises(Refused, match="Nobody checks in here now"):
        type_in(number, log_world.manager)
    frozen_clock.forward(hours=3)
    with pytest.raises(Refused, match="Nobody checks in here now"):
        type_in(number, trainer)

    assert states() == [("Ben", "attended")]
