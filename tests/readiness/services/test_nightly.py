"""Which days are due, and when: zones, missed nights, doubled ticks, records that come late."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest
from django.db import connection

from readiness.choices import RevisionReason, RunState
from readiness.models import ReadinessScore, RecomputeChunk, RecomputeRun, RescoreMark
from readiness.services import marks, nightly, rescoring
from readiness.services.nightly import start_due_runs
from readiness.services.runs import request_run, work_on_next_chunk
from rollout.models import Deployment, Programme, Site
from tests.clock import FrozenClock
from tests.database import RunDatabase
from tests.readiness.records import DAY, World
from training.models import Attendance, Course, StaffMember

AUCKLAND, LONDON, NEW_YORK, HONOLULU = "Pacific/Auckland", "Europe/London", "America/New_York", "Pacific/Honolulu"
KIRITIMATI, PAGO_PAGO = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # 25 hours apart
NIGHT = datetime(2026, 3, 15, 0, 15, tzinfo=UTC)  # DAY has ended in London, and not in New York
pytestmark = pytest.mark.django_db


def sites(*zones: str) -> World:
    """A programme with a deployment in each zone, one person there, and one course."""
    world = World()
    for zone in zones:
        world.person(world.wards(world.site(zone))[0])
    world.course()
    world.save()
    RescoreMark.objects.all().delete()
    return world


def train(world: World, on: date, state: str = "attended") -> Attendance:
    """The first person attends the course: a record of that day."""
    person, course = world.of(StaffMember)[0], world.of(Course)[0]
    return Attendance.objects.create(staff=person, course=course, on=on, state=state)


def work() -> None:
    while work_on_next_chunk():
        pass


def scored() -> dict[str, list[date]]:
    """The closed days of each zone."""
    found: dict[str, list[date]] = {}
    rows = ReadinessScore.objects.current().filter(provisional=False).order_by("day")
    for zone, day in rows.values_list("deployment__site__time_zone", "day"):
        found.setdefault(zone, []).append(day)
    return found


def runs() -> list[tuple[date, str, int, int, int]]:
    """Every nightly run: its day, state, and how much was to do, done and done again."""
    nightly = RecomputeRun.objects.nightly().order_by("first_day")
    return list(nightly.values_list("first_day", "state", "total", "done", "backdated"))


# Days end by the clocks of the sites ----------------------------------------------------------------------------------


def test_day_is_scored_zone_by_zone_in_one_run(frozen_clock: FrozenClock) -> None:
    sites(AUCKLAND, LONDON, NEW_YORK, HONOLULU)
    day = date(2026, 3, 29)  # London's clocks go forward, so that its day ends at 23:00 UTC
    frozen_clock.move_to(datetime(2026, 3, 29, 10, 59, tzinfo=UTC))
    start_due_runs()
    work()
    before = scored()

    ended = []
    for moment in (
        datetime(2026, 3, 29, 10, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 11, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 23, 0, tzinfo=UTC),
        datetime(2026, 3, 30, 4, 0, tzinfo=UTC),
        datetime(2026, 3, 30, 10, 0, tzinfo=UTC),
    ):
        frozen_clock.move_to(moment)
        start_due_runs()
        work()
        ended.append(sorted(zone for zone, days in scored().items() if day in days))

    assert all(day not in days for days in before.values())
    assert ended == [
        [],
        [AUCKLAND],
        [AUCKLAND],
        [LONDON, AUCKLAND],
        [NEW_YORK, LONDON, AUCKLAND],
        [NEW_YORK, LONDON, AUCKLAND, HONOLULU],
    ]
    assert [run for run in runs() if run[0] == day] == [(day, RunState.DONE, 4, 4, 0)]


@pytest.mark.parametrize(
    ("in_the_day", "last_second", "ended", "days"),
    [
        pytest.param(
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 01:30, the first time
            datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC),
            datetime(2026, 10, 26, 0, 0, tzinfo=UTC),
            [date(2026, 10, 24), date(2026, 10, 25)],
            id="25 hours",
        ),
        pytest.param(
            datetime(2028, 2, 29, 0, 0, tzinfo=UTC),
            datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
            datetime(2028, 3, 1, 0, 0, tzinfo=UTC),
            [date(2028, 2, 28), date(2028, 2, 29)],
            id="leap day",
        ),
    ],
)
def test_odd_day_is_scored_once_when_it_has_ended(
    in_the_day: datetime, last_second: datetime, ended: datetime, days: list[date], frozen_clock: FrozenClock
) -> None:
    sites(LONDON)
    found = []
    for moment in (in_the_day, last_second, ended, ended + timedelta(minutes=15)):
        frozen_clock.move_to(moment)
        start_due_runs()
        work()
        found.append(scored()[LONDON])

    assert found == [days[:1], days[:1], days, days]


def test_zones_more_than_a_day_apart_lose_no_day(frozen_clock: FrozenClock) -> None:
    """When the day after has ended in Kiritimati, the day has not ended in Pago Pago."""
    sites(KIRITIMATI, PAGO_PAGO)
    frozen_clock.move_to(datetime(2026, 3, 10, 0, 0, tzinfo=UTC))
    for _quarter in range(4 * 24 * 4):
        start_due_runs()
        work()
        frozen_clock.forward(minutes=15)

    days = scored()
    assert days[KIRITIMATI] == [date(2026, 3, n) for n in range(8, 14)]
    assert days[PAGO_PAGO] == [date(2026, 3, n) for n in range(8, 13)]
    assert {state for _day, state, *_counts in runs()} == {RunState.DONE}


def test_programme_without_scores_begins_with_the_day_that_ended(frozen_clock: FrozenClock) -> None:
    sites(LONDON, NEW_YORK)
    frozen_clock.move_to(NIGHT)

    start_due_runs()
    work()

    # In New York it is still DAY: the day that ended everywhere comes first, for both.
    assert scored() == {LONDON: [DAY - timedelta(days=1), DAY], NEW_YORK: [DAY - timedelta(days=1)]}


def test_deployment_that_joins_later_is_scored_with_the_others(frozen_clock: FrozenClock) -> None:
    world = sites(LONDON)
    frozen_clock.move_to(NIGHT)
    start_due_runs()
    work()
    site = Site.objects.create(organisation=world.organisation, code="LATER", name="Later")
    Deployment.objects.create(programme=world.programme, site=site)

    frozen_clock.forward(minutes=15)
    start_due_runs()
    work()

    assert runs() == [(DAY, RunState.DONE, 2, 2, 0)]


def test_embedded_and_retired_are_not_due(frozen_clock: FrozenClock) -> None:
    world = sites(LONDON, NEW_YORK)
    Deployment.objects.filter(site__time_zone=LONDON).update(stage="embedded")
    Programme.objects.filter(pk=world.programme.pk).update(retired_at=NIGHT)
    frozen_clock.move_to(NIGHT)

    assert start_due_runs() == []


# Ticks that come twice, late or not at all ----------------------------------------------------------------------------


def test_doubled_ticks_queue_nothing_twice(frozen_clock: FrozenClock) -> None:
    sites(LONDON)
    frozen_clock.move_to(NIGHT)

    assert len(start_due_runs()) == 1
    assert start_due_runs() == []
    work()
    assert start_due_runs() == []
    assert runs() == [(DAY, RunState.DONE, 1, 1, 0)]


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_make_one_run(frozen_clock: FrozenClock) -> None:
    world = sites(LONDON, NEW_YORK, AUCKLAND)
    frozen_clock.move_to(NIGHT)
    together = threading.Barrier(4)
    made = []

    def tick() -> None:
        together.wait()
        made.extend(start_due_runs())
        connection.close()

    threads = [threading.Thread(target=tick) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == len({run.pk for run in made}) == RecomputeRun.objects.count()
    chunks = RecomputeChunk.objects.values_list("day", "ids")
    queued = sorted((day, pk) for day, ids in chunks for pk in ids)
    assert queued == sorted(set(queued))
    assert {pk for _day, pk in queued} == {deployment.pk for deployment in world.of(Deployment)}


def test_missed_nights_are_worked_in_order_each_with_its_own_facts(frozen_clock: FrozenClock) -> None:
    """Beat is dead for three days, in which somebody is trained each day."""
    world = World()
    here = world.site()
    people = [world.person(world.wards(here)[0]) for _number in range(4)]
    course = world.course()
    frozen_clock.move_to(NIGHT)
    world.save()
    start_due_runs()
    work()
    for number, person in enumerate(people[:3], start=1):
        frozen_clock.move_to(NIGHT + timedelta(days=number))
        person.attendances.create(course=course, on=DAY + timedelta(days=number), state="attended")

    frozen_clock.move_to(NIGHT + timedelta(days=3, hours=6))
    late = start_due_runs()
    order = []
    while work_on_next_chunk():
        order.append(ReadinessScore.objects.latest("pk").day)

    assert [run.first_day for run in late] == [DAY + timedelta(days=n) for n in (1, 2, 3)]
    assert order == [run.first_day for run in late]
    trained = ReadinessScore.objects.order_by("day").values_list("indicators__training.completion__1", flat=True)
    assert list(trained) == ["0", "1", "2", "3"]
    assert {(run[1], run[3], run[4]) for run in runs()} == {(RunState.DONE, 1, 0)}


def test_clock_that_steps_back_repeats_nothing(frozen_clock: FrozenClock) -> None:
    sites(LONDON)
    for moment in (NIGHT - timedelta(days=1), datetime(2026, 3, 15, 0, 2, tzinfo=UTC)):
        frozen_clock.move_to(moment)
        start_due_runs()
        work()
    rows = list(ReadinessScore.objects.values())

    frozen_clock.forward(minutes=-5)
    assert start_due_runs() == []
    frozen_clock.forward(minutes=10)
    assert start_due_runs() == []

    assert list(ReadinessScore.objects.values()) == rows


def test_clock_that_jumps_to_2038_and_back_makes_no_storm(
    frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "DAYS_BACK", 3)
    sites(LONDON)
    frozen_clock.move_to(NIGHT)
    start_due_runs()
    work()

    frozen_clock.move_to(datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC))
    assert len(start_due_runs()) == 3
    work()
    frozen_clock.move_to(NIGHT + timedelta(days=2))
    start_due_runs()
    work()

    assert [day for day in scored()[LONDON] if day.year == 2026] == [DAY + timedelta(days=n) for n in (0, 1, 2)]


# Records that come late -----------------------------------------------------------------------------------------------

LAST = DAY + timedelta(days=4)


def night(clock: FrozenClock, day: date) -> None:
    """The night after a day: tick, the run, and what was marked for today."""
    clock.move_to(datetime.combine(day + timedelta(days=1), time(0, 15), UTC))
    start_due_runs()
    work()
    while rescoring.rescore_next_batch() is not None:
        pass


@pytest.fixture
def week(frozen_clock: FrozenClock) -> World:
    """A site in London, scored each night from DAY to the day before LAST; it is noon of LAST."""
    world = sites(LONDON)
    for number in range((LAST - DAY).days):
        night(frozen_clock, DAY + timedelta(days=number))
    frozen_clock.move_to(datetime.combine(LAST, time(12), UTC))
    return world


def revisions() -> dict[date, list[str]]:
    """The reasons of the revisions of each closed day, in order; none where the first score stands."""
    found: dict[date, list[str]] = {}
    for row in ReadinessScore.objects.filter(provisional=False).order_by("day", "revision"):
        found.setdefault(row.day, []).extend([row.reason] if row.revision > 1 else [])
    return found


def revised(*days: date, reason: str) -> dict[date, list[str]]:
    """What `revisions` tells when these days have one for the reason."""
    all_days = [DAY + timedelta(days=n) for n in range((LAST - DAY).days + 1)]
    return {day: [reason] if day in days else [] for day in all_days}


def test_late_record_revises_its_past_days_in_the_next_run(week: World, frozen_clock: FrozenClock) -> None:
    train(week, DAY + timedelta(days=2))

    start_due_runs()
    work()
    assert LAST not in revisions()
    assert not any(revisions().values())
    night(frozen_clock, LAST)

    assert revisions() == revised(DAY + timedelta(days=2), DAY + timedelta(days=3), reason=RevisionReason.LATE)
    assert runs()[-1] == (LAST, RunState.DONE, 3, 3, 2)
    assert start_due_runs() == []
    assert not RescoreMark.objects.exists()


def test_corrected_record_revises_with_that_reason(week: World, frozen_clock: FrozenClock) -> None:
    attendance = train(week, DAY)
    night(frozen_clock, LAST)
    frozen_clock.forward(hours=12)
    Attendance.objects.filter(pk=attendance.pk).update(on=DAY + timedelta(days=2))

    night(frozen_clock, LAST + timedelta(days=1))

    late, corrected = RevisionReason.LATE, RevisionReason.CORRECTED
    assert [revisions()[DAY + timedelta(days=n)] for n in range(5)] == [
        [late, corrected],
        [late, corrected],
        [late],
        [late],
        [],
    ]
    assert runs()[-1][-1] == 5


def test_record_of_today_asks_for_no_past_day(week: World, frozen_clock: FrozenClock) -> None:
    train(week, LAST)

    night(frozen_clock, LAST)

    assert revisions() == revised(reason="")
    assert runs()[-1] == (LAST, RunState.DONE, 1, 1, 0)


def test_changed_plan_leaves_past_days_alone(week: World, frozen_clock: FrozenClock) -> None:
    Deployment.objects.update(go_live_on=LAST + timedelta(days=100))
    Course.objects.update(active=False)

    night(frozen_clock, LAST)

    assert revisions() == revised(reason="")
    assert runs()[-1] == (LAST, RunState.DONE, 1, 1, 0)


def test_late_record_that_changes_no_result_writes_nothing(week: World, frozen_clock: FrozenClock) -> None:
    train(week, DAY, state="did_not_attend")

    night(frozen_clock, LAST)

    assert revisions() == revised(reason="")
    assert runs()[-1] == (LAST, RunState.DONE, 5, 5, 4)
    assert RecomputeRun.objects.get(first_day=LAST).written == 1


def test_late_records_reach_two_hundred_days_back(
    week: World, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert marks.DAYS_BACK == 200
    monkeypatch.setattr(marks, "DAYS_BACK", 3)  # of LAST and the two days before it, one has not been scored yet
    train(week, DAY)

    night(frozen_clock, LAST)

    assert revisions() == revised(DAY + timedelta(days=2), DAY + timedelta(days=3), reason=RevisionReason.LATE)


def test_late_record_is_not_lost_while_today_waits(week: World, frozen_clock: FrozenClock) -> None:
    """No worker re-scores today: the night revises the past days all the same, and today still waits."""
    train(week, DAY + timedelta(days=3))
    frozen_clock.move_to(datetime.combine(LAST + timedelta(days=1), time(0, 15), UTC))

    start_due_runs()
    work()

    assert revisions() == revised(DAY + timedelta(days=3), reason=RevisionReason.LATE)
    assert list(RescoreMark.objects.values_list("from_day", "today_pending")) == [(None, True)]


def test_record_committed_after_its_day_was_closed_is_not_lost(
    transactional_db: None, run_database: RunDatabase, frozen_clock: FrozenClock
) -> None:
    """A long import began before midnight and ends after the night's run."""
    world = sites(LONDON)
    with psycopg.connect(run_database.url) as line:
        line.execute(
            'INSERT INTO training_attendance (course_id, staff_id, "on", state, retired_reason)'
            " VALUES (%s, %s, %s, 'attended', '')",
            [world.of(Course)[0].pk, world.of(StaffMember)[0].pk, DAY],
        )
        night(frozen_clock, DAY)
        line.commit()

    night(frozen_clock, DAY + timedelta(days=1))

    assert revisions()[DAY] == [RevisionReason.LATE]


def test_day_about_to_be_closed_on_older_facts_is_scored_again(week: World, frozen_clock: FrozenClock) -> None:
    """Its chunk was claimed when the record came: whether it saw the record is not known."""
    frozen_clock.move_to(datetime.combine(LAST + timedelta(days=1), time(0, 15), UTC))
    start_due_runs()
    RecomputeChunk.objects.filter(day=LAST).update(state="running", started_at=frozen_clock.now)
    train(week, LAST)
    frozen_clock.forward(days=1)

    start_due_runs()

    chunks = RecomputeChunk.objects.filter(run__first_day=LAST + timedelta(days=1)).order_by("day")
    assert list(chunks.values_list("day", "backdated")) == [(LAST, True), (LAST + timedelta(days=1), False)]


# A run that somebody asked for, after the record came -----------------------------------------------------------------


def test_run_over_all_its_days_uses_a_late_record_up(week: World, frozen_clock: FrozenClock) -> None:
    train(week, DAY + timedelta(days=1))
    request_run(first_day=DAY + timedelta(days=1), last_day=LAST)
    work()

    night(frozen_clock, LAST)

    assert [revisions()[DAY + timedelta(days=n)] for n in range(4)] == [[], *[[RevisionReason.PLAN]] * 3]
    assert runs()[-1] == (LAST, RunState.DONE, 1, 1, 0)


def test_run_over_some_of_its_days_leaves_a_late_record_to_the_night(week: World, frozen_clock: FrozenClock) -> None:
    train(week, DAY)
    request_run(first_day=DAY + timedelta(days=1), last_day=LAST)
    work()

    night(frozen_clock, LAST)

    assert [revisions()[DAY + timedelta(days=n)] for n in range(4)] == [
        [RevisionReason.LATE],
        *[[RevisionReason.PLAN]] * 3,
    ]
    assert runs()[-1] == (LAST, RunState.DONE, 5, 5, 4)


def test_marks_of_what_is_not_scored_are_forgotten(week: World, frozen_clock: FrozenClock) -> None:
    train(week, DAY)
    Deployment.objects.update(stage="embedded")

    night(frozen_clock, LAST)
    start_due_runs()

    assert not RescoreMark.objects.exists()
    assert revisions() == {day: [] for day in revised(reason="") if day != LAST}
