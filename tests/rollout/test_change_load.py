"""The load of change at a site: which weeks a go-live and another change touch, and when it is too much."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollout.change_load import collisions, loads, monday_of, site_weeks, sunday_of, week_code, weeks_between
from rollout.choices import ProgrammeState, Stage
from rollout.models import Deployment, OtherChange, Programme, Site
from tests import factories as make

MONDAY = date(2026, 4, 20)  # of ISO week 17
GO_LIVE = date(2026, 4, 24)  # the Friday of that week
FAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def site(db: None) -> Site:
    return make.make_site()


def go_live(site: Site, day: date | None = GO_LIVE, **fields) -> Deployment:
    return make.make_deployment(site=site, go_live_on=day, **fields)


def other_change(site: Site, first: date, last: date, load: int = 1, **fields) -> OtherChange:
    programme = fields.pop("programme", None) or make.make_programme()
    code = f"C{OtherChange.objects.count()}"
    return OtherChange.objects.create(
        programme=programme, site=site, code=code, text="Move", from_on=first, to_on=last, load=load, **fields
    )


def weeks(site: Site, first: date = FAR[0], last: date = FAR[1]) -> list[tuple[str, int]]:
    """Each week that bears something, with its load."""
    found = site_weeks(loads(first, last, [site.pk]), first, last)
    return [(week_code(week.monday), week.load) for week in found]


# Weeks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "monday", "code"),
    [
        (date(2026, 4, 20), date(2026, 4, 20), "2026-W17"),
        (date(2026, 4, 26), date(2026, 4, 20), "2026-W17"),
        (date(2026, 12, 31), date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 3), date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 4), date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), date(2024, 12, 30), "2025-W01"),
        (date(2024, 2, 29), date(2024, 2, 26), "2024-W09"),
    ],
)
def test_week_of_a_day_is_the_iso_week(day: date, monday: date, code: str):
    assert (monday_of(day), week_code(monday_of(day)), sunday_of(day)) == (monday, code, monday + timedelta(days=6))


def test_weeks_between_two_days_are_all_that_they_touch():
    assert list(weeks_between(date(2026, 12, 27), date(2027, 1, 4))) == [
        date(2026, 12, 21),
        date(2026, 12, 28),
        date(2027, 1, 4),
    ]
    assert list(weeks_between(date(2026, 4, 26), date(2026, 4, 20))) == [MONDAY]
    assert list(weeks_between(date(2026, 4, 26), date(2026, 4, 19))) == []


# Loads ---------------------------------------------------------------------------------------------------------------


def test_go_live_loads_from_seven_days_before_to_thirteen_after(site: Site):
    deployment = go_live(site)

    [load] = loads(*FAR, [site.pk])

    assert (load.first, load.last, load.load) == (date(2026, 4, 17), date(2026, 5, 7), 3)
    assert (load.record_id, load.programme_id, load.go_live_on) == (deployment.pk, deployment.programme_id, GO_LIVE)
    assert weeks(site) == [("2026-W16", 3), ("2026-W17", 3), ("2026-W18", 3), ("2026-W19", 3)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # A Monday: seven days before is the Monday of the week before, thirteen after the Sunday of the next.
        (date(2026, 4, 20), ["2026-W16", "2026-W17", "2026-W18"]),
        # A Sunday: thirteen days after it is a Saturday.
        (date(2026, 4, 26), ["2026-W16", "2026-W17", "2026-W18", "2026-W19"]),
        (date(2026, 12, 31), ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]),
    ],
)
def test_go_live_loads_the_weeks_that_its_days_touch(day: date, expected: list[str], site: Site):
    go_live(site, day)

    assert [week for week, _load in weeks(site, date(2026, 1, 1), date(2027, 12, 31))] == expected


def test_actual_go_live_counts_before_the_planned_one(site: Site):
    go_live(site, GO_LIVE, actual_go_live_on=date(2026, 6, 1), stage=Stage.LIVE)

    assert [week for week, _load in weeks(site)] == ["2026-W22", "2026-W23", "2026-W24"]


@pytest.mark.parametrize("stage", [Stage.DEFERRED, Stage.STOPPED])
def test_deferred_and_stopped_sites_bear_no_go_live(stage: str, site: Site):
    go_live(site, stage=stage)

    assert weeks(site) == []


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.DEFERRED, Stage.STOPPED)])
def test_every_other_stage_bears_its_go_live(stage: str, site: Site):
    go_live(site, stage=stage)

    assert len(weeks(site)) == 4


@pytest.mark.parametrize("state", ProgrammeState)
def test_programme_at_rest_loads_no_site(state: str, site: Site):
    go_live(site, programme=make.make_programme(state=state))

    assert (weeks(site) == []) == (state in ("paused", "stopped", "closed"))


def test_site_without_a_date_bears_nothing(site: Site):
    go_live(site, None)

    assert weeks(site) == []


def test_other_change_loads_each_week_it_touches_once_and_whole(site: Site):
    other_change(site, date(2026, 4, 26), date(2026, 4, 27), load=2)

    assert weeks(site) == [("2026-W17", 2), ("2026-W18", 2)]


def test_retired_records_load_nothing(site: Site):
    retired_at = datetime(2026, 4, 1, tzinfo=UTC)
    go_live(site, retired_at=retired_at)
    go_live(site, programme=make.make_programme(retired_at=retired_at))
    other_change(site, MONDAY, MONDAY, retired_at=retired_at)
    other_change(site, MONDAY, MONDAY, programme=make.make_programme(retired_at=retired_at))

    assert weeks(site) == []


def test_only_the_sites_asked_for_are_told_of(site: Site):
    go_live(make.make_site())

    assert weeks(site) == []


# Windows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 4, 26), date(2026, 4, 26), ["2026-W17"]),
        # The whole week counts, also the part of it before the day asked for.
        (date(2026, 5, 10), date(2026, 5, 30), ["2026-W19"]),
        (date(2026, 5, 11), date(2026, 5, 30), []),
        (date(2026, 3, 1), date(2026, 4, 13), ["2026-W16"]),
        (date(2026, 3, 1), date(2026, 4, 12), []),
    ],
)
def test_weeks_of_a_window_are_whole(first: date, last: date, expected: list[str], site: Site):
    go_live(site)

    assert [week for week, _load in weeks(site, first, last)] == expected


# Collisions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "collides"), [((1,), True), ((), False), ((2,), True), ((1, 1), True)], ids=["4", "3", "5", "5 of three"]
)
def test_four_or_more_is_a_collision(others: tuple[int, ...], collides: bool, site: Site):
    go_live(site)
    for load in others:
        other_change(site, MONDAY, MONDAY, load=load)

    found = collisions(*FAR, [site.pk])

    assert [(week_code(week.monday), week.load) for week in found] == [("2026-W17", 3 + sum(others))] * collides


def test_other_changes_alone_collide_too(site: Site):
    other_change(site, MONDAY, MONDAY, load=2)
    other_change(site, sunday_of(MONDAY), sunday_of(MONDAY), load=2)

    [week] = collisions(*FAR, [site.pk])

    assert (week.site_id, week.monday, week.load, [part.load for part in week.parts]) == (site.pk, MONDAY, 4, [2, 2])


def test_changes_in_neighbouring_weeks_do_not_collide(site: Site):
    other_change(site, MONDAY, sunday_of(MONDAY), load=3)
    other_change(site, sunday_of(MONDAY) + timedelta(days=1), date(2026, 5, 1), load=3)

    assert collisions(*FAR, [site.pk]) == []


def test_loads_of_two_sites_are_not_added_up(site: Site):
    other = make.make_site()
    other_change(site, MONDAY, MONDAY, load=3)
    other_change(other, MONDAY, MONDAY, load=3)

    assert collisions(*FAR, [site.pk, other.pk]) == []


def test_two_programmes_collide_at_one_site(site: Site):
    go_live(site)
    go_live(site, GO_LIVE + timedelta(days=20))

    found = collisions(*FAR, [site.pk])

    # 17 April to 7 May, and 7 to 27 May: the week of 4 May alone is in both.
    assert [(week_code(week.monday), week.load) for week in found] == [("2026-W19", 6)]


def test_queries_are_two_whatever_the_number_of_sites(site: Site):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            collisions(*FAR, Site.objects.values("pk"))
        return len(captured)

    go_live(site)
    other_change(site, MONDAY, MONDAY)
    one = count()
    make.make_deployments(3, programme=Programme.objects.first() or make.make_programme(), score=False)

    assert (one, count()) == (2, 2)
