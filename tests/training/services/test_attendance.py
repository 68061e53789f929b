"""Who came without a place, and sheets that two people keep."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.db.models import Model

from rollout.choices import Role
from rollout.models import AuditEntry, User
from rollout.services.refusals import Refused
from tests import factories as make
from tests.training.log_world import TODAY, LogWorld
from training.choices import AttendanceState
from training.dashboards.sheets import sheet_counts
from training.models import Attendance, Course, Posting, StaffMember, TrainingSession
from training.services.attendance import MarkedOtherwise, Seen, UnknownNumber, record_attendance, sheet_of

ATTENDED, BOOKED, MISSED = AttendanceState.ATTENDED, AttendanceState.BOOKED, AttendanceState.DID_NOT_ATTEND


@pytest.fixture
def trainer(log_world: LogWorld) -> User:
    return make.make_member(Role.TRAINER, programme=log_world.deployment.programme)


def walk_in(session: TrainingSession, number: str, by: User) -> None:
    seen = [Seen(0, ATTENDED, number=number)]
    record_attendance(client_id=uuid4(), session_id=session.pk, seen=seen, by=by)


def refusal_of(session: TrainingSession, number: str, by: User) -> str:
    with pytest.raises(UnknownNumber) as refusal:
        walk_in(session, number, by)
    return str(refusal.value)


def test_trainer_adds_somebody_by_exact_number_over_capacity_and_knows_them_from_then_on(
    log_world: LogWorld, trainer: User
):
    session = log_world.session()
    make_place(session, log_world.champion)
    stranger = make.make_staff(log_world.other_ward, name="Cal")
    before = StaffMember.objects.visible_to(trainer).filter(pk=stranger.pk).exists()

    walk_in(session, stranger.number, trainer)
    walk_in(session, stranger.number, trainer)

    row = Attendance.objects.get(staff=stranger)
    assert (before, row.state, row.on, row.session_id) == (False, "attended", TODAY, session.pk)
    assert [place.staff.name for place in sheet_of(session, trainer)] == ["Ada", "Cal"]
    assert sheet_counts(session).places == "2 of 1 place"
    assert AuditEntry.objects.filter(table="training_attendance", reason="attendance recorded").count() == 1


def make_place(session: TrainingSession, person: StaffMember, state: str = "booked") -> Attendance:
    return Attendance.objects.create(course=session.course, session=session, staff=person, on=TODAY, state=state)


def test_number_finds_nobody_beyond_what_one_holds(log_world: LogWorld, trainer: User):
    session = log_world.session()
    elsewhere = make.make_staff(make.make_ward(site=make.make_site()))
    gone = make.make_staff(log_world.ward)
    Posting.objects.filter(staff=gone).update(to_on=TODAY - timedelta(days=1))
    other_ward = make.make_staff(log_world.other_ward)
    own = make.make_staff(log_world.ward)
    words = "Nobody you may record has the employee number {}. Check it and try again."

    refusals = {number: refusal_of(session, number, trainer) for number in (elsewhere.number, gone.number, "nobody")}

    assert refusals == {number: words.format(number) for number in refusals}
    # A ward manager records the own ward. Of a champion of the site they know by name, and are told so.
    assert refusal_of(session, other_ward.number, log_world.manager) == words.format(other_ward.number)
    Posting.objects.filter(staff=log_world.second).update(ward=log_world.other_ward)
    not_yours = f"The person with the employee number {log_world.second.number} is not yours to record."
    assert refusal_of(session, log_world.second.number, log_world.manager) == not_yours
    walk_in(session, own.number, log_world.manager)
    assert Attendance.objects.get().staff == own


def test_number_of_several_organisations_means_the_sites(log_world: LogWorld, trainer: User):
    programme = log_world.deployment.programme
    other = make.make_deployment(programme=programme)
    here = make.make_staff(log_world.ward)
    make.make_staff(make.make_ward(site=other.site), organisation=other.site.organisation, number=here.number)
    anywhere = log_world.session(site=None)

    walk_in(log_world.session(), here.number, trainer)

    assert Attendance.objects.get().staff == here
    several = f"More than one organisation has the employee number {here.number}."
    assert refusal_of(anywhere, here.number, trainer).startswith(several)


def test_sheet_books_nobody_and_says_who_was_marked_otherwise(log_world: LogWorld, trainer: User):
    session = log_world.session()
    type(session.course).objects.update(assessed=True)
    waits = make_place(session, log_world.champion, "waiting")
    came = make_place(session, log_world.second, "attended")
    Attendance.objects.filter(pk=came.pk).update(passed=True)

    def send(*seen: Seen) -> None:
        record_attendance(client_id=uuid4(), session_id=session.pk, seen=seen, by=trainer)

    send(Seen(waits.staff_id, BOOKED, was="waiting"))
    with pytest.raises(MarkedOtherwise) as refusal:
        send(Seen(came.staff_id, ATTENDED, False, "attended", was_passed="unknown"))
    send(Seen(came.staff_id, ATTENDED, True, "booked"), Seen(waits.staff_id, MISSED, was="waiting"))

    assert [row.pk for row in refusal.value.rows] == [came.pk]
    rows = Attendance.objects.order_by("pk").values_list("state", "passed")
    assert list(rows) == [("did_not_attend", None), ("attended", True)]


def test_trainer_records_what_is_long_past_and_others_do_not(log_world: LogWorld, trainer: User):
    then = log_world.session().starts_at - timedelta(days=400)
    session = log_world.session(starts_at=then, ends_at=then + timedelta(hours=1))
    make_place(session, log_world.champion)
    seen = [Seen(log_world.champion.pk, ATTENDED)]

    with pytest.raises(Refused, match=r"is more than 30 days ago\. Ask the trainer to record it\."):
        record_attendance(client_id=uuid4(), session_id=session.pk, seen=seen, by=log_world.manager)
    record_attendance(client_id=uuid4(), session_id=session.pk, seen=seen, by=trainer)

    assert Attendance.objects.get().state == "attended"


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (TrainingSession, "capacity", -1),
        (TrainingSession, "capacity", 10**9),
        (Course, "valid_days", -1),
        (Course, "valid_days", 10**9),
        (Attendance, "state", "came"),
    ],
)
def test_database_turns_away_what_nobody_means(log_world: LogWorld, model: type[Model], column: str, value: object):
    make_place(log_world.session(), log_world.champion)

    with pytest.raises(IntegrityError, match="violates check constraint"):
        model._default_manager.update(**{column: value})
