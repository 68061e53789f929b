"""Whose sites a board dashboard counts, how they stand now and stood then, by wave and by portfolio."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from readiness.choices import Band
from readiness.dashboards.board.scope import Whose
from readiness.dashboards.board.survey import Tally, added, survey_of
from readiness.dashboards.board.waves import timing
from readiness.dashboards.freshness import Freshness
from rollout.choices import DeclaredStatus, Role, Stage
from rollout.models import BoardPaper, Programme
from tests import factories as make
from tests.factories import DAY, GO_LIVE
from tests.readiness.board_world import BEFORE, add_site, board, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR", name="One record")


# Scope ---------------------------------------------------------------------------------------------------------------


def test_comparison_begins_at_the_last_board_meeting_else_28_days_before(programme: Programme):
    without = scope(programme).since
    for number, meeting_on in enumerate((DAY - timedelta(60), DAY - timedelta(10), DAY, DAY + timedelta(9), None), 1):
        BoardPaper.objects.create(
            programme=programme, number=number, title="T", purpose="decision", meeting_on=meeting_on
        )

    assert (without, scope(programme).since) == (BEFORE, DAY - timedelta(10))
    assert scope(programme, as_of=DAY - timedelta(30)).since == DAY - timedelta(60)
    assert scope(programme, since=date(2026, 1, 1)).since == date(2026, 1, 1)


def test_first_and_last_day_of_the_calendar_are_days_like_others(programme: Programme):
    assert scope(programme, as_of=date.min).since == date.min
    assert board(programme, as_of=date.max).asked == []


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([(Role.ADMINISTRATOR, None)], Whose.ALL),
        ([(Role.BOARD_MEMBER, "programme")], Whose.ALL),
        ([(Role.TRAINER, "programme")], Whose.ALL),
        ([(Role.BOARD_MEMBER, "organisation")], Whose.ORGANISATION),
        ([(Role.BOARD_MEMBER, "organisation"), (Role.BOARD_MEMBER, "other")], Whose.SOME),
        ([(Role.BOARD_MEMBER, "organisation"), (Role.SITE_LEAD, "site")], Whose.SOME),
        ([(Role.SITE_LEAD, "site")], Whose.SOME),
    ],
)
def test_scope_says_whose_sites_are_counted(
    roles: list[tuple[Role, str | None]], expected: Whose, programme: Programme
):
    site = add_site(programme, "Alder")
    scopes: dict[str | None, dict[str, Any]] = {
        None: {},
        "programme": {"programme": programme},
        "organisation": {"organisation": site.site.organisation},
        "other": {"organisation": make.make_organisation()},
        "site": {"site": site.site},
    }
    user = make.make_user()
    for role, where in roles:
        make.make_member(role, user=user, **scopes[where])

    assert scope(programme, user=user).whose is expected


# Sites now and then --------------------------------------------------------------------------------------------------


def test_site_carries_its_newest_score_and_that_of_the_earlier_day(programme: Programme):
    site = add_site(programme, "Alder", declared_status=DeclaredStatus.GREEN, declared_on=DAY - timedelta(3))
    make.make_score(site, day=BEFORE - timedelta(1), score=20, raw=20)
    make.make_score(site, day=BEFORE + timedelta(1), share=90)
    make.make_score(site, share=70, superseded_at=make.score_row(site).computed_at)
    make.make_score(site, share=60, revision=2, situation={"overdue_blockers": 1})

    found = survey_of(scope(programme))
    [place] = found.capped

    assert (place.band, place.score, place.score_then, place.moved) == (
        Band.OFF_TRACK, Decimal("49.00"), Decimal("20.00"), Decimal("29.00"),
    )  # fmt: skip
    assert (found.differing, found.moved) == ([place], [place])
    assert (place.caps, found.go_lives[programme.pk], place.declared.differs, place.href) == (
        ["blocker_overdue"], [GO_LIVE], True, "/p/EPR/s/ALDER/",
    )  # fmt: skip


def test_site_without_scores_or_date_is_counted_and_in_no_list(programme: Programme):
    add_site(programme, "Alder", declared_status=DeclaredStatus.GREEN)
    make.make_score(add_site(programme, "Birch", go_live_on=None, declared_status=DeclaredStatus.RED), share=95)

    found = survey_of(scope(programme))

    assert found.tallies == {(programme.pk, None): Tally(Counter({"unscheduled": 1}), nothing=1)}
    assert (found.differing, found.capped, found.moved, found.live, found.declared) == ([], [], [], [], 0)
    assert found.go_lives == {programme.pk: [GO_LIVE]}


def test_tallies_add_up():
    first = Tally(Counter({"ready": 1}), nothing=1, differing=1, compared=1, score=9500, expected=7000)
    second = Tally(Counter({"ready": 1, "paused": 2}), nothing=2, compared=1, score=9600, expected=7100)

    assert added([first, second]) == Tally(
        Counter({"ready": 2, "paused": 2}), nothing=3, differing=1, compared=2, score=19100, expected=14100
    )
    assert first.counts == {"ready": 1}


def test_mean_leaves_out_what_is_compared_with_nothing(programme: Programme):
    make.make_score(add_site(programme, "A"), score=60, raw=60)
    make.make_score(add_site(programme, "B"), score=71, raw=71)
    make.make_score(add_site(programme, "C", stage=Stage.DEFERRED), share=10)
    make.make_score(add_site(programme, "D", go_live_on=None), share=10)
    add_site(programme, "E")

    found = board(programme).standing

    assert (found.averages.score, found.averages.expected) == (Decimal("65.5"), Decimal("70.83"))
    assert (found.bands.sites, found.bands.in_bands, found.bands.nothing) == (5, 2, 1)


def test_freshness_is_that_of_the_newest_score(programme: Programme):
    make.make_score(add_site(programme, "A"), day=DAY - timedelta(1))
    newest = make.make_score(add_site(programme, "B"), provisional=True)
    add_site(programme, "C")

    assert board(programme).freshness == Freshness(DAY, newest.computed_at, provisional=True)
    assert board(make.make_programme()).freshness == Freshness()


# Readiness by wave and by portfolio ----------------------------------------------------------------------------------


def test_waves_stand_in_order_with_sites_by_band_and_means(programme: Programme):
    second = make.make_wave(programme=programme, number=2, name="Large")
    first = make.make_wave(programme=programme, number=1, starts_on=DAY - timedelta(5), ends_on=DAY + timedelta(7))
    make.make_score(add_site(programme, "A", wave=first), share=95, score=95, raw=95)
    make.make_score(add_site(programme, "B", wave=first), share=20, score=20, raw=20)
    add_site(programme, "C", wave=first)
    make.make_score(add_site(programme, "D"), share=71, score=71, raw=71)

    rows = board(programme).waves

    assert [(row.name, row.window, row.timing, row.query) for row in rows] == [
        ("Wave 1", "9 to 21 March 2026", "under way, ends in 7 days", "wave=1&"),
        ("Wave 2 – Large", "", "", "wave=2&"),
        ("No wave", "", "", ""),
    ]
    assert [(dict(row.bands.counts), row.bands.nothing) for row in rows] == [
        ({"ready": 1, "off_track": 1}, 1), ({}, 0), ({"on_track": 1}, 0),
    ]  # fmt: skip
    assert [(row.averages.score, row.averages.expected) for row in rows] == [
        (Decimal("57.5"), Decimal("70.83")), (None, None), (Decimal(71), Decimal("70.83")),
    ]  # fmt: skip
    assert second.number == 2


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (1, 9, "begins in 1 day"),
        (0, 9, "under way, ends in 9 days"),
        (-9, 0, "under way, ends today"),
        (-9, -1, "ended yesterday"),
        (None, None, ""),
        (None, 4, ""),
        (-3, None, ""),
    ],
)
def test_window_is_told_in_days(starts: int | None, ends: int | None, words: str):
    days = [None if each is None else DAY + timedelta(each) for each in (starts, ends)]

    assert timing(*days, DAY) == words


def test_programmes_are_grouped_by_portfolio(programme: Programme):
    for name, portfolio in (("Video", "Patients"), ("Booking", "Patients"), ("Odd", "")):
        make.make_programme(name=name, portfolio=portfolio, code=name.upper())
    Programme.objects.filter(pk=programme.pk).update(portfolio="Clinicians")
    make.make_score(add_site(programme, "A"), share=95)

    found = board(*Programme.objects.order_by("pk")).portfolios

    assert [(each.name, [row.name for row in each.rows], each.table_id) for each in found] == [
        ("Clinicians", ["One record"], "portfolio-1"),
        ("Patients", ["Booking", "Video"], "portfolio-2"),
        ("No portfolio", ["Odd"], "portfolio-3"),
    ]
    [row] = found[0].rows
    assert (row.page, row.href, row.timing, row.cells) == (
        "/p/EPR/board/",
        "/p/EPR/sites/",
        "Rolling out",
        [("off_track", 0), ("at_risk", 0), ("on_track", 0), ("ready", 1), ("unscheduled", 0), ("paused", 0)],
    )
