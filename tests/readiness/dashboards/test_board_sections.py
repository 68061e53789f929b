"""Sections of a board dashboard from worlds of records, each with its whole result."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from readiness.choices import Band
from readiness.dashboards.board import Board, Scope, board_of, headline_chart, scope_of
from readiness.dashboards.board.changes import moves_in_words
from readiness.dashboards.board.headline import Rolled
from readiness.dashboards.board.money import gaps_of
from readiness.dashboards.board.scope import Whose
from readiness.dashboards.board.survey import Tally, added, survey_of
from readiness.dashboards.board.waves import timing
from readiness.dashboards.freshness import Freshness
from rollout.choices import ChangeWhat, DecisionKind, DeclaredStatus, Period, PilotOutcome, Role, Stage
from rollout.models import (
    Agreement,
    BoardPaper,
    Commitment,
    Decision,
    Deployment,
    DeploymentChange,
    FundingLine,
    Measure,
    Observation,
    Partner,
    Pilot,
    Programme,
    Signature,
    User,
)
from tests import factories as make
from tests.factories import DAY, GO_LIVE

pytestmark = pytest.mark.django_db
BEFORE = DAY - timedelta(days=28)


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR", name="One record")


def add_site(programme: Programme, name: str, **fields: Any) -> Deployment:
    site = make.make_site(
        name=name, code=name.upper().replace(",", "").replace(" ", "-"), organisation=fields.pop("organisation", None)
    )
    return make.make_deployment(programme=programme, site=site, **fields)


def scope(
    *programmes: Programme, user: User | None = None, as_of: date | None = None, since: date | None = None
) -> Scope:
    user = user or make.make_member(Role.ADMINISTRATOR)
    return scope_of(user, programmes, today=DAY, as_of=as_of, since=since)


def board(*programmes: Programme, **asked: Any) -> Board:
    return board_of(scope(*programmes, **asked))


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


# Declared against computed, what holds sites back --------------------------------------------------------------------


def test_greenest_outside_and_reddest_inside_comes_first(programme: Programme):
    days = (GO_LIVE - DAY).days
    assert days == 41
    for name, status, share, age in (
        ("Amber, off track", "amber", 10, 1),
        ("Red, ready", "red", 95, 1),
        ("Green, at risk", "green", 60, 1),
        ("Green, off track, new", "green", 10, 1),
        ("Green, off track, old", "green", 10, 9),
        ("Amber, ready", "amber", 95, 1),
        ("Agrees", "green", 95, 1),
        ("Silent", "", 10, 1),
    ):
        site = add_site(programme, name, declared_status=status, declared_on=DAY - timedelta(age))
        make.make_score(site, share=share)

    assert [place.site_name for place in board(programme).differing] == [
        "Green, off track, old",
        "Green, off track, new",
        "Green, at risk",
        "Amber, off track",
        "Amber, ready",
        "Red, ready",
    ]


def test_past_day_knows_what_was_declared_and_computed_then(programme: Programme):
    site = add_site(programme, "A", declared_status=DeclaredStatus.RED, declared_on=DAY)
    DeploymentChange.objects.create(
        deployment=site,
        at=make.score_row(site, day=DAY - timedelta(11)).computed_at,
        what=ChangeWhat.DECLARED_STATUS,
        after=DeclaredStatus.GREEN,
    )
    make.make_score(site, day=DAY - timedelta(5), share=10)
    make.make_score(site, share=95)

    [now], [then] = board(programme).differing, board(programme, as_of=DAY - timedelta(5)).differing

    assert (now.declared.word, now.band) == ("red", Band.READY)
    assert (then.declared.word, then.declared.on, then.band) == ("green", DAY - timedelta(10), Band.OFF_TRACK)


def capped(site: Deployment, days: range, **situation: Any) -> None:
    """Scores of days before DAY, each with the situation."""
    for ago in days:
        make.make_score(site, day=DAY - timedelta(ago), situation=situation)


def test_caps_stand_by_kind_since_the_first_day_of_the_present_stretch(programme: Programme):
    alder, birch, cedar = (add_site(programme, name) for name in ("Alder", "Birch", "Cedar"))
    capped(alder, range(20, 12, -1), overdue_blockers=1)
    capped(alder, range(12, 10, -1))
    capped(alder, range(10, -1, -1), overdue_blockers=2)
    capped(birch, range(30, 3, -3), unacceptable_hazards=1, overdue_blockers=1)
    capped(birch, range(2, -1, -1), unacceptable_hazards=1)
    capped(cedar, range(5, 0, -1), overdue_blockers=1)
    capped(cedar, range(0, -1, -1))
    paused = add_site(programme, "Paused", stage=Stage.DEFERRED)
    capped(paused, range(40, -1, -8), overdue_blockers=1)

    found = board(programme)

    assert [(each.code, each.limit, each.words, each.sites) for each in found.holdings] == [
        ("hazard_unacceptable", "49", "a hazard is rated too high", 1),
        ("blocker_overdue", "49", "a blocking item is overdue", 1),
    ]
    assert [(row.place.site_name, row.since) for each in found.holdings for row in each.held] == [
        ("Birch", DAY - timedelta(30)),
        ("Alder", DAY - timedelta(10)),
    ]
    assert (found.standing.held, dict(found.standing.caps)) == (2, {"blocker_overdue": 1, "hazard_unacceptable": 1})


def test_cap_that_the_score_undercuts_holds_nothing(programme: Programme):
    alder, birch = add_site(programme, "Alder"), add_site(programme, "Birch")
    make.make_score(alder, share=20, situation={"overdue_blockers": 1})
    make.make_score(birch, share=80, situation={"overdue_blockers": 1})

    found = board(programme)

    assert [[row.place.site_name for row in each.held] for each in found.holdings] == [["Birch"]]
    assert (found.standing.held, dict(found.standing.caps)) == (1, {"blocker_overdue": 1})


def test_longest_held_site_comes_first_and_a_past_day_counts_from_its_own_stretch(programme: Programme):
    alder, birch = add_site(programme, "Alder"), add_site(programme, "Birch")
    capped(alder, range(9, -1, -1), overdue_blockers=1)
    capped(birch, range(14, -1, -1), overdue_blockers=1)

    now, then = board(programme), board(programme, as_of=DAY - timedelta(8))

    assert [(row.place.site_name, row.since) for row in now.holdings[0].held] == [
        ("Birch", DAY - timedelta(14)), ("Alder", DAY - timedelta(9)),
    ]  # fmt: skip
    assert [row.place.site_name for row in then.holdings[0].held] == ["Birch", "Alder"]
    assert now.holdings[0].oldest.place.site_name == "Birch"


# Headline goal -------------------------------------------------------------------------------------------------------


@pytest.fixture
def measure(programme: Programme) -> Measure:
    return make.make_measure(
        programme=programme,
        name="Notes in the record",
        unit="%",
        target=90,
        target_date=date(2027, 1, 16),
        headline=True,
    )


def observe(
    measure: Measure, site: Deployment, day: date, *figures: int, period: str = Period.WEEK, **fields: Any
) -> None:
    columns = ("numerator", "denominator") if len(figures) == 2 else ("value",)
    described = {"period_starts_on": day, "period": period, **fields, **dict(zip(columns, figures, strict=True))}
    Observation.objects.create(measure=measure, deployment=site, **described)


MONDAY = date(2026, 3, 2)


def test_headline_sums_the_sites_numerators_and_denominators(programme: Programme, measure: Measure):
    alder, birch, _cedar = (add_site(programme, name) for name in ("Alder", "Birch", "Cedar"))
    observe(measure, alder, MONDAY - timedelta(7), 1, 3)
    observe(measure, alder, MONDAY, 10, 20)
    observe(measure, birch, MONDAY, 20, 100)
    observe(measure, birch, DAY + timedelta(1), 100, 100)

    found = board(programme).headline

    assert found is not None
    assert found.series == [
        Rolled(MONDAY - timedelta(7), Fraction(100, 3), 1),
        Rolled(MONDAY, Fraction(25), 2),
    ]
    assert found.sentence == (
        "Notes in the record: 25% in the week from 2 March 2026, reported by 2 of 3 sites. "
        "The target is 90% by 16 January 2027."
    )


def test_site_that_reports_as_a_whole_does_not_count_its_wards_as_well(programme: Programme, measure: Measure):
    alder, birch = add_site(programme, "Alder"), add_site(programme, "Birch")
    observe(measure, alder, MONDAY, 10, 20)
    for number in range(3):
        observe(measure, alder, MONDAY, number, 5, ward=make.make_ward(site=alder.site))
        observe(measure, birch, MONDAY, 10, 20, ward=make.make_ward(site=birch.site))

    found = board(programme).headline

    assert found is not None
    assert found.series == [Rolled(MONDAY, Fraction(50), 2)]


def test_period_that_most_sites_report_is_taken(programme: Programme, measure: Measure):
    alder, birch = add_site(programme, "Alder"), add_site(programme, "Birch")
    observe(measure, alder, MONDAY, 1, 2, period=Period.DAY)
    observe(measure, alder, MONDAY, 1, 4)
    observe(measure, birch, MONDAY, 1, 4)

    found = board(programme).headline

    assert found is not None
    assert (found.period, found.series) == (Period.WEEK, [Rolled(MONDAY, Fraction(25), 2)])


def test_values_without_a_denominator_are_averaged(programme: Programme):
    measure = make.make_measure(programme=programme, name="Days to a letter", unit="days", headline=True)
    for name, value in (("Alder", 4), ("Birch", 9)):
        observe(measure, add_site(programme, name), MONDAY, value)

    found = board(programme).headline

    assert found is not None
    assert found.sentence == "Days to a letter: 6.5 days in the week from 2 March 2026, reported by 2 of 2 sites."


def test_headline_without_observations_says_so_and_draws_nothing(programme: Programme, measure: Measure):
    found = board(programme).headline

    assert found is not None
    chart = headline_chart(found, DAY)
    assert (chart.title, chart.wide) == ("No site has reported Notes in the record yet.", "")
    assert board(make.make_programme()).headline is None


def test_chart_holds_the_rolled_up_measure_as_shares(programme: Programme, measure: Measure):
    site = add_site(programme, "Alder")
    for week in range(8):
        observe(measure, site, MONDAY - timedelta(7 * week), 10 + week, 100)
    found = board(programme).headline
    assert found is not None

    chart = headline_chart(found, DAY)

    assert [row[:2] for row in chart.rows] == [
        (MONDAY - timedelta(7 * week), Fraction(10 + week, 100)) for week in reversed(range(8))
    ]


# What changed --------------------------------------------------------------------------------------------------------


def test_bands_left_for_others_are_told_in_words_what_fell_behind_first(programme: Programme):
    for name, before, after in (("A", 95, 10), ("B", 95, 10), ("C", 10, 95), ("D", 60, 60), ("E", 10, 60)):
        site = add_site(programme, name)
        make.make_score(site, day=BEFORE, share=before)
        make.make_score(site, share=after)
    make.make_score(add_site(programme, "New"), share=10)
    moves = survey_of(scope(programme)).moves

    found = moves_in_words(moves, Whose.ALL)

    assert moves == {
        ("ready", "off_track"): 2, ("off_track", "ready"): 1, ("on_track", "at_risk"): 1, ("off_track", "at_risk"): 1,
    }  # fmt: skip
    assert found == [
        "2 sites moved from ready to off track.",
        "1 site moved from off track to at risk.",
        "1 site moved from on track to at risk.",
        "1 site moved from off track to ready.",
    ]
    assert moves_in_words(moves, Whose.ORGANISATION)[0] == (
        "2 of your organisation's sites moved from ready to off track."
    )


def test_sites_that_moved_by_5_points_come_furthest_first(programme: Programme):
    for name, before, after in (("A", 60, 65), ("B", 60, 64), ("C", 60, 40), ("D", 60, 66)):
        site = add_site(programme, name)
        make.make_score(site, day=BEFORE, score=before, raw=before)
        make.make_score(site, score=after, raw=after)

    assert [(place.site_name, place.moved) for place in board(programme).changes.moved] == [
        ("C", Decimal(-20)), ("D", Decimal(6)), ("A", Decimal(5)),
    ]  # fmt: skip


def test_go_lives_and_decisions_since_the_day_are_told_that_day_left_out(programme: Programme):
    alder = add_site(programme, "Alder", actual_go_live_on=DAY, stage=Stage.LIVE)
    add_site(programme, "Birch", actual_go_live_on=BEFORE, stage=Stage.LIVE)
    add_site(programme, "Cedar", actual_go_live_on=BEFORE + timedelta(1), stage=Stage.LIVE)
    for number, (kind, from_on, site) in enumerate(
        (
            (DecisionKind.DEFER, DAY, alder),
            (DecisionKind.GO, BEFORE + timedelta(1), alder),
            (DecisionKind.GO, BEFORE, alder),
            (DecisionKind.STANDARD, DAY + timedelta(1), None),
            (DecisionKind.STANDARD, DAY - timedelta(1), None),
        )
    ):
        described = {"text": f"D{number}", "reason": "Because.", "from_on": from_on, "deployment": site}
        Decision.objects.create(programme=programme, code=f"D{number}", kind=kind, **described)

    found = board(programme).changes

    assert [place.site_name for place in found.live] == ["Cedar", "Alder"]
    assert [(each.what, each.reason, each.where) for each in found.deferrals] == [("D0", "Because.", "Alder")]
    assert [(each.sentence, each.where, each.href) for each in found.other_decisions] == [
        ("Standard: D4.", "Whole programme", "/p/EPR/"),
        ("D1.", "Alder", "/p/EPR/s/ALDER/"),
    ]


def test_nothing_changed_says_so(programme: Programme):
    site = add_site(programme, "A")
    make.make_score(site, day=BEFORE, share=95)
    make.make_score(site, share=95)

    assert board(programme).changes.nothing


# Money ---------------------------------------------------------------------------------------------------------------


def line(text: str, from_on: date | None, to_on: date | None, secured: bool = True) -> FundingLine:
    secured_on = DAY if secured else None
    return FundingLine(pk=len(text), text=text, from_on=from_on, to_on=to_on, secured_on=secured_on)


JANUARY, JUNE, JULY, DECEMBER = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)
LIVE = [date(2026, 4, 1), date(2026, 5, 1)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        ([line("Desk", JANUARY, None)], []),
        ([line("Desk", JANUARY, JUNE), line("Desk after", JULY, None)], []),
        ([line("Desk", JANUARY, JUNE)], [("Desk", "", None, None, 2)]),
        (
            [line("Desk", JANUARY, JUNE), line("Desk after", date(2026, 7, 31), DECEMBER, secured=False)],
            [("Desk", "Desk after", 30, False, 2), ("Desk after", "", None, None, 2)],
        ),
        ([line("Desk", JANUARY, JUNE), line("Licences", date(2025, 1, 1), None)], [("Desk", "", None, None, 2)]),
        ([line("Desk", JANUARY, JUNE), line("Longer", date(2026, 2, 1), None)], []),
        ([line("Desk", JANUARY, date(2026, 4, 1))], [("Desk", "", None, None, 1)]),
        ([line("Desk", JANUARY, date(2026, 3, 31))], []),
        ([line("Desk", JANUARY, date(2027, 2, 25))], []),
        ([line("Desk", JANUARY, date(2027, 2, 24))], [("Desk", "", None, None, 2)]),
        ([line("Desk", None, JUNE), line("Desk after", JULY, None)], []),
    ],
)
def test_gap_is_a_line_that_ends_after_a_go_live_with_nothing_behind_it(
    lines: list[FundingLine], expected: list[tuple[Any, ...]]
):
    programme = Programme(name="One record", refresher_days=300)

    found = gaps_of(programme, lines, LIVE)

    assert [
        (gap.text, gap.next, gap.days, gap.next_secured if gap.next else None, gap.live) for gap in found
    ] == expected
    assert gaps_of(programme, lines, []) == []


def test_money_counts_go_lives_that_come_and_lines_that_are_secured(programme: Programme):
    for name, go_live_on, stage in (
        ("A", date(2026, 4, 1), Stage.PREPARING),
        ("B", date(2026, 1, 1), Stage.DEFERRED),
        ("C", None, Stage.PREPARING),
    ):
        add_site(programme, name, go_live_on=go_live_on, stage=stage)
    for code, to_on, secured_on in (("1", date(2026, 3, 1), DAY), ("2", date(2026, 5, 1), DAY + timedelta(1))):
        FundingLine.objects.create(
            programme=programme, code=code, text=f"Line {code}", from_on=JANUARY, to_on=to_on, secured_on=secured_on
        )

    found = board(programme).money

    assert [(gap.text, gap.live) for gap in found.gaps] == [("Line 2", 1)]
    assert (found.lines, found.secured) == (2, 1)


# Questions -----------------------------------------------------------------------------------------------------------


def answers(*programmes: Programme, **asked: Any) -> list[list[str]]:
    return [question.evidence for question in board(*programmes, **asked).questions]


def test_questions_without_records_have_no_evidence(programme: Programme):
    assert answers(programme) == [[]] * 7


def test_questions_are_answered_from_records(programme: Programme, measure: Measure):
    site = add_site(programme, "Alder", declared_status=DeclaredStatus.GREEN)
    make.make_score(site, share=10)
    observe(measure, site, MONDAY, 1, 4)
    Pilot.objects.create(
        programme=programme,
        code="VOICE",
        question="Is it quicker?",
        ends_on=DAY - timedelta(9),
        outcome=PilotOutcome.STOP,
        decided_on=DAY,
        staff_experience=Decimal("3.44"),
        staff_answers=19,
        patient_experience=Decimal("4.6"),
        patient_answers=4,
    )
    FundingLine.objects.create(programme=programme, code="F", text="F", secured_on=DAY)
    partner = Partner.objects.create(code="SUP", name="Supplier")
    for number, (due_on, delivered_on) in enumerate(((DAY, DAY), (DAY, None), (DAY + timedelta(1), None))):
        described = {"partner": partner, "text": "C", "due_on": due_on, "delivered_on": delivered_on}
        Commitment.objects.create(programme=programme, code=f"C{number}", **described)
    agreement = Agreement.objects.create(programme=programme, deployment=site, code="A")
    for signed_on in (DAY, None, DAY + timedelta(1)):
        Signature.objects.create(agreement=agreement, organisation=make.make_organisation(), signed_on=signed_on)
    for code, kind, text in (("S", DecisionKind.STOP, "Faxes stop."), ("D", DecisionKind.DEFER, "Moves to wave 4.")):
        Decision.objects.create(
            programme=programme, code=code, kind=kind, text=text, reason="Network.", from_on=date(2025, 3, 1)
        )

    headline = board(programme).headline
    assert headline is not None
    assert answers(programme) == [
        ["Pilot “Is it quicker?”: staff 3.4 of 5 (19 answers)."],
        [headline.sentence],
        ["1 of 1 funding line is secured."],
        ["Of 1 site with a declared status, what we say and what we measure differ at 1."],
        ["1 of 3 signatures under agreements are given.", "Partners delivered 1 of 2 commitments that are due."],
        ["Whole programme, 1 March 2025: Faxes stop. Network.", "The pilot “Is it quicker?” was stopped."],
        ["Whole programme, 1 March 2025: Moves to wave 4. Network."],
    ]


def test_stages_answer_where_no_decision_does(programme: Programme):
    add_site(programme, "A", stage=Stage.DEFERRED)
    add_site(programme, "B", stage=Stage.DEFERRED)
    add_site(programme, "C", stage=Stage.STOPPED)

    assert answers(programme)[5:] == [["1 site is stopped."], ["2 sites are deferred. Why is not recorded."]]


def test_more_decisions_than_one_answer_carries_are_counted(programme: Programme):
    for number in range(5):
        Decision.objects.create(
            programme=programme,
            code=f"D{number}",
            kind=DecisionKind.DEFER,
            text=f"D{number}.",
            from_on=DAY - timedelta(number),
        )

    assert answers(programme)[6] == [
        "Whole programme, 14 March 2026: D0. No reason is recorded.",
        "Whole programme, 13 March 2026: D1. No reason is recorded.",
        "Whole programme, 12 March 2026: D2. No reason is recorded.",
        "And 2 more.",
    ]
