"""The headline goal of a board dashboard, the money after go-live, and the questions of a board."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from readiness.dashboards.board import headline_chart
from readiness.dashboards.board.headline import Rolled
from readiness.dashboards.board.money import gaps_of
from rollout.choices import DecisionKind, DeclaredStatus, Period, PilotOutcome, Stage
from rollout.models import (
    Agreement,
    Commitment,
    Decision,
    Deployment,
    FundingLine,
    Measure,
    Observation,
    Partner,
    Pilot,
    Programme,
    Signature,
)
from tests import factories as make
from tests.factories import DAY
from tests.readiness.board_world import add_site, board

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme(code="EPR", name="One record")


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
