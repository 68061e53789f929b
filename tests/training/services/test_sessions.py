"""Training sessions as records: planned, moved with whoever is booked, cancelled with a reason, taken up again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from rollout.models import AuditEntry
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.refusals import Refused
from tests.clock import FrozenClock
from tests.training.session_world import NOON, SessionWorld
from training.choices import AttendanceState
from training.hours import Span
from training.models import Attendance, TrainingSession
from training.services.session_overlaps import overlaps_of
from training.services.session_series import SeriesChanged, SeriesPlan, hold_again, look_ahead
from training.services.sessions import SESSION, cancel_session, change_session, make_session, restore_session

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def today(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)


@pytest.fixture
def world(db: None) -> SessionWorld:
    return SessionWorld()


def span(day: int, hour: int = 9, hours: float = 2, month: int = 3) -> Span:
    starts = datetime(2026, month, day, hour, tzinfo=UTC)
    return Span(starts, starts + hours * HOUR)


def changed(session: TrainingSession, world: SessionWorld, **said: object) -> TrainingSession:
    """The session changed as a form that was opened on how it stands would."""
    row = TrainingSession.objects.get(pk=session.pk)
    values = {"span": Span(row.starts_at, row.ends_at), "room": row.room, "capacity": row.capacity, "trainer": ""}
    form = {**values, **said}
    return change_session(session=row, mark=mark_of(row, SESSION), by=world.manager(), **form).session


def planned(world: SessionWorld, **said: object) -> TrainingSession:
    values = {"course_id": world.course.pk, "site_id": world.site.pk, "span": span(20), "room": "Room 1"}
    more = {"capacity": 12, "trainer": "ana@example.org", "programme_id": world.programme.pk, "by": world.manager()}
    return make_session(**{**values, **more, **said})


def states(session: TrainingSession) -> list[str]:
    return list(Attendance.objects.filter(session=session).order_by("pk").values_list("state", flat=True))


def test_planned_session_gets_the_next_code(world: SessionWorld):
    world.session(code="SESSION-7")

    made = planned(world)

    assert made.code == "SESSION-8"
    assert (made.site, made.capacity, str(made.trainer)) == (world.site, 12, "ana@example.org")


@pytest.mark.parametrize(
    ("when", "field", "said"),
    [
        (span(20, hours=0), "ends", "ends when it starts"),
        (span(20, hours=-1), "ends", "ends before it starts"),
        (span(20, hours=57.5), "ends", "at most 24 hours"),
        (Span(NOON + timedelta(days=4000), NOON + timedelta(days=4000, hours=1)), "on", "within ten years"),
    ],
)
def test_times_that_no_session_has_are_refused(world: SessionWorld, when: Span, field: str, said: str):
    with pytest.raises(Refused, match=said) as refused:
        planned(world, span=when)

    assert refused.value.field == field
    assert TrainingSession.objects.count() == 0


def test_course_that_is_not_taught_has_no_session(world: SessionWorld):
    other = SessionWorld()
    wrong = [
        world.make_course(active=False),
        world.make_course(mode="e-learning"),
        world.make_course(retired_at=NOON),
        other.course,
    ]

    for course in wrong:
        with pytest.raises(Refused) as refused:
            planned(world, course_id=course.pk)
        assert refused.value.field == "course"


def test_who_is_booked_goes_along_to_another_day(world: SessionWorld):
    session = world.session()
    booked, waiting = world.place(session), world.place(session, AttendanceState.WAITING)

    moved = changed(session, world, span=span(20), capacity=9)

    assert (moved.starts_at, moved.capacity) == (span(20).starts_at, 9)
    assert set(Attendance.objects.filter(pk__in=[booked.pk, waiting.pk]).values_list("on", flat=True)) == {
        date(2026, 3, 20)
    }


def test_later_of_two_changes_is_told(world: SessionWorld):
    session = world.session()
    mark = mark_of(session, SESSION)
    changed(session, world, room="Room 2")

    with pytest.raises(RecordChanged):
        change_session(
            session=session, mark=mark, span=span(21), room="", capacity=None, trainer="", by=world.manager()
        )


def test_past_and_future_are_not_confused(world: SessionWorld):
    held, over, coming = (world.session(NOON + timedelta(days=days)) for days in (-2, -1, 3))
    world.place(held, AttendanceState.ATTENDED)
    world.place(coming)
    empty = world.session()

    for session, when, said in (
        (held, span(13), "Attendance is recorded for 12 March 2026"),
        (held, span(20), "Attendance is recorded"),
        (over, span(20), "Hold it again on another day"),
        (coming, span(10), "1 person is booked"),
    ):
        with pytest.raises(Refused, match=said) as refused:
            changed(session, world, span=when)
        assert refused.value.field == "on"
    corrected = changed(held, world, span=span(12, hour=14))

    assert corrected.starts_at == span(12, hour=14).starts_at
    assert changed(empty, world, span=span(10)).starts_at == span(10).starts_at


def test_longer_session_that_an_import_brought_keeps_its_times(world: SessionWorld):
    session = world.session(hours=57.5)

    assert changed(session, world, room="Hall").room == "Hall"
    with pytest.raises(Refused, match="at most 24 hours"):
        changed(session, world, span=span(20, hours=57.5))


def test_cancelled_session_takes_its_places_with_it_and_gives_them_back(world: SessionWorld):
    session, by = world.session(capacity=1), world.manager()
    for state in (AttendanceState.BOOKED, AttendanceState.CANCELLED, AttendanceState.WAITING):
        world.place(session, state)

    for _twice in range(2):
        cancelled = cancel_session(session=session, by=by, reason="The trainer is ill")
    lost = states(session)
    with pytest.raises(Refused, match="Take it up again first"):
        changed(session, world, room="Room 2")
    restore_session(session=session, by=by)

    assert (cancelled.retired_reason, cancelled.retired_by) == ("The trainer is ill", by)
    assert lost == ["cancelled"] * 3
    assert states(session) == ["booked", "cancelled", "waiting"]
    assert TrainingSession.objects.get(pk=session.pk).retired_at is None


def test_session_that_was_held_is_not_cancelled(world: SessionWorld):
    session = world.session(NOON - timedelta(days=1))
    world.place(session, AttendanceState.DID_NOT_ATTEND)

    with pytest.raises(Refused, match="was held"):
        cancel_session(session=session, by=world.manager(), reason="Never happened")

    assert states(session) == ["did_not_attend"]


@pytest.mark.django_db(transaction=True)
def test_two_who_cancel_at_once_cancel_once(world: SessionWorld):
    session = world.session()
    world.place(session)
    people = [world.manager() for _ in range(2)]

    def cancel(number: int) -> None:
        try:
            cancel_session(session=session, by=people[number], reason=f"Reason {number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(cancel, range(2)))

    row = TrainingSession.objects.get(pk=session.pk)
    assert row.retired_reason == f"Reason {people.index(row.retired_by)}"
    told = AuditEntry.objects.filter(table="training_attendance", after__state="cancelled")
    assert (states(session), told.count()) == (["cancelled"], 1)


def test_series_keeps_the_hours_by_the_clock_of_the_site(world: SessionWorld):
    session = world.session(datetime(2026, 3, 20, 9, tzinfo=UTC), room="Room 1", capacity=8)
    plan = SeriesPlan(session, tuple(date(2026, 3, 20) + timedelta(weeks=week) for week in range(3)))
    by = world.manager()

    outlook = look_ahead(plan, by=by)
    made = hold_again(plan, mark=outlook.mark, by=by)
    again = look_ahead(plan, by=by)

    assert [len(each) for each in (outlook.made, outlook.there, outlook.refused)] == [2, 1, 0]
    assert made == 2
    # The clocks go forward on 29 March.
    starts = TrainingSession.objects.exclude(pk=session.pk).order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 4, 3, 8, tzinfo=UTC)]
    assert (again.made, len(again.there)) == ((), 3)
    with pytest.raises(SeriesChanged):
        hold_again(plan, mark=outlook.mark, by=by)


def test_series_says_which_days_cannot_be(world: SessionWorld):
    session = world.session(datetime(2026, 3, 22, 1, 30, tzinfo=UTC), hours=1)
    plan = SeriesPlan(session, (date(2026, 3, 1), date(2026, 3, 29)))

    outlook = look_ahead(plan, by=world.manager())

    assert outlook.made == ()
    assert [each.why for each in outlook.refused] == [
        "That day is over.",
        "The clocks skip 1:30am on 29 March 2026. Enter the time they showed",
    ]


def test_overlaps_of_trainer_and_room_are_said_and_those_one_may_not_know_only_by_time(world: SessionWorld):
    session = world.session(room="Room 1", trainer=None)
    other = SessionWorld(name="Fern Hospital")
    same_room = world.session(NOON + timedelta(days=3, hours=1), room="room 1")
    world.session(NOON + timedelta(days=3, hours=2), room="Room 1")  # back to back
    world.session(NOON + timedelta(days=3), room="Room 1", retired_at=NOON)
    by = world.trainer()
    made = planned(world, span=Span(session.starts_at, session.ends_at), trainer=by.email)
    other.session(session.starts_at, trainer=made.trainer)
    made.room = ""

    in_room = overlaps_of(session, [Span(session.starts_at, session.ends_at)], by)
    with_trainer = overlaps_of(made, [Span(made.starts_at, made.ends_at)], by)

    assert list(in_room.values()) == [
        [
            "Room 1 is also taken by “Course 1” from midday to 2pm.",
            "room 1 is also taken by “Course 1” from 1pm to 3pm.",
        ]
    ]
    assert same_room.room == "room 1"
    assert list(with_trainer.values()) == [["The trainer also holds another session from midday to 2pm."]]
