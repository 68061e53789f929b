"""The ledger and the rounding of parts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.explain import CONTRACT, missing_facts, present_readings, readings_of, shown, why
from readiness.scoring import CODES, DOMAINS, INDICATORS, Reading, State, Unit, judge, rounded
from tests.readiness.draws import Draws, draws
from tests.readiness.worlds import (
    MODEL,
    WHOLE,
    agreement,
    draw_evidence,
    evidence,
    hazard,
    item,
    login,
    pair,
    situation_of,
)


@pytest.mark.parametrize(
    ("parts", "places", "total", "expected"),
    [
        ([], 1, None, []),
        ([Fraction(1, 3)] * 3, 1, None, ["0.4", "0.3", "0.3"]),
        ([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)], 2, Decimal("1.00"), ["0.34", "0.33", "0.33"]),
        ([Fraction(6, 5), Fraction(-4, 5), Fraction(-2, 5)], 1, None, ["1.2", "-0.8", "-0.4"]),
        ([Fraction(-1, 20), Fraction(1, 20)], 1, None, ["0.0", "0.0"]),
        ([Fraction(0), Fraction(4, 100), Fraction(4, 100)], 1, None, ["0.0", "0.1", "0.0"]),
        ([Fraction(0), Fraction(0)], 1, Decimal("0.1"), ["0.1", "0.0"]),
        ([Fraction(1, 10)], 1, Decimal("0.3"), ["0.3"]),
        ([Fraction(1, 10), Fraction(1, 10)], 1, Decimal("-0.1"), ["0.0", "-0.1"]),
        ([7, Fraction(1, 2)], 0, None, ["7", "1"]),
    ],
)
def test_shown_parts_add_up(
    parts: list[Fraction | int], places: int, total: Decimal | None, expected: list[str]
) -> None:
    assert [str(part) for part in shown(parts, places, total)] == expected


@pytest.mark.parametrize(
    ("parts", "total", "message"),
    [([], Decimal("0.1"), "0.1 has no parts"), ([Fraction(1)], Decimal("0.15"), "0.15 has more than 1 decimals")],
)
def test_shown_refuses_a_total_nobody_can_make(parts: list[Fraction], total: Decimal, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        shown(parts, 1, total)


@given(parts=st.lists(st.fractions(-50, 50, max_denominator=997), max_size=12), places=st.integers(0, 3))
def test_shown_parts_add_up_to_the_rounded_sum_each_within_one_step(parts: list[Fraction], places: int) -> None:
    found = shown(parts, places)

    assert sum(found, Decimal(0)) == rounded(sum(parts, Fraction(0)), places)
    assert all(abs(Fraction(one) - part) < Fraction(1, 10**places) for one, part in zip(found, parts, strict=True))
    assert all(one == 0 for one, part in zip(found, parts, strict=True) if part == 0)


def test_why_gives_every_indicator_its_ledger() -> None:
    known = evidence(
        {
            "checklist.training": [item(1, WHOLE, weight=3), item(2, weight=1)],
            "training.completion": [pair(1, 1, WHOLE), pair(2, 1), pair(3, 1), pair(4, 1)],
            "training.managers": [pair(1, 1, WHOLE, line_manager=True)],
            "governance.hazards": [hazard(1, 20)],
        },
        only=True,
    )
    judgement = judge(MODEL, readings_of(known, MODEL), situation_of(known))

    ledger = why(judgement)

    completion = next(row for row in ledger.rows if row.code == "training.completion")
    assert [row.code for row in ledger.rows] == list(CODES)
    assert (completion.numerator, completion.denominator, completion.target) == (1, 4, Fraction(95, 100))
    assert (completion.value, completion.worth) == (Fraction(5, 19), 36)
    assert completion.contribution == Fraction(180, 19)
    assert (completion.shown_contribution, completion.shown_lost) == (Decimal("9.47"), Decimal("26.53"))
    assert ledger.raw == Fraction(180, 19) + 12 + 9
    assert {row.code for row in ledger.rows if row.state is State.NOT_APPLICABLE} == known.not_applicable
    assert [(d.domain, d.value, d.worth) for d in ledger.domains if d.worth] == [
        ("training", judgement.domains["training"], 60), ("governance", 0, 40)
    ]  # fmt: skip
    assert [(cap.code, cap.limit, cap.count, cap.costs) for cap in ledger.caps] == [("hazard_unacceptable", 49, 1, 0)]


def test_why_says_what_each_cap_costs_alone() -> None:
    known = evidence(
        {
            "checklist.goals": [item(1, WHOLE, weight=3), item(2, blocking=True, state="blocked")],
            "governance.hazards": [hazard(1, 25, closed=True)],
        },
        only=True,
        agreements=[agreement(1, 7), agreement(2, 7)],
    )

    ledger = why(judge(MODEL, readings_of(known, MODEL), situation_of(known)))

    assert (ledger.raw, ledger.score, ledger.held_back) == (95, 69, 26)
    assert [(cap.code, cap.count, cap.costs) for cap in ledger.caps] == [
        ("agreement_unsigned", 2, 0), ("blocker_blocked", 1, 0)
    ]  # fmt: skip


def test_why_of_a_cap_that_stands_alone_is_what_it_holds_back() -> None:
    known = evidence(
        {"checklist.goals": [item(1, WHOLE), item(2, blocking=True, state="blocked")], "goals.targets": []},
    )
    readings = readings_of(known, MODEL) | {code: Reading(code, State.KNOWN, 1, 1) for code in CODES[11:]}

    ledger = why(judge(MODEL, readings, situation_of(known)))

    assert [(cap.code, cap.costs) for cap in ledger.caps] == [("blocker_blocked", ledger.held_back)]
    assert ledger.held_back == ledger.raw - 69 > 0


def test_why_where_nothing_applies_has_nothing_to_win() -> None:
    ledger = why(judge(MODEL, readings_of(evidence({}, only=True), MODEL), situation_of(evidence({}))))

    assert (ledger.raw, ledger.score, ledger.caps) == (0, 0, ())
    assert {(row.contribution, row.lost, row.shown_lost) for row in ledger.rows} == {(0, 0, Decimal("0.00"))}


def test_present_staff_are_a_second_basis_of_training_and_access() -> None:
    known = evidence(
        {
            "training.completion": [pair(1, 1, WHOLE), pair(2, 1), pair(2, 2)],
            "training.managers": [pair(2, 1, line_manager=True)],
            "technical.access": [login(1, WHOLE), login(2)],
            "goals.targets": [Unit((1,), 1, WHOLE)],
        }
    )

    readings = present_readings(known, {2}, MODEL)

    assert {code: (reading.numerator, reading.denominator) for code, reading in readings.items()} == {
        "training.completion": (1, 1), "training.managers": (0, 0), "technical.access": (1, 1)
    }  # fmt: skip
    assert readings["training.managers"].state is State.UNKNOWN


@given(draw=draws(300))
def test_ledger_adds_up_exactly_and_as_shown(draw: Draws) -> None:
    known = draw_evidence(draw)
    judgement = judge(MODEL, readings_of(known, MODEL), situation_of(known))
    stored = judgement.stored()

    ledger = why(judgement)

    whole = 100 if any(row.worth for row in ledger.rows) else 0
    assert sum(row.contribution for row in ledger.rows) == judgement.raw
    assert sum(row.lost for row in ledger.rows) == (100 - judgement.raw if whole else 0)
    assert sum((row.shown_contribution for row in ledger.rows), Decimal(0)) == stored.raw
    assert sum((row.shown_lost for row in ledger.rows), Decimal(0)) == (100 - stored.raw if whole else 0)
    assert sum((row.shown_contribution for row in ledger.domains), Decimal(0)) == stored.raw
    assert sum(row.worth for row in ledger.domains) == whole
    for domain, lost in judgement.domains_lost.items():
        assert (lost or 0) == sum(judgement.indicators[spec.code].lost for spec in INDICATORS if spec.domain == domain)
    assert ledger.raw - ledger.held_back == ledger.score == judgement.score
    assert all(cap.costs <= ledger.held_back for cap in ledger.caps)


def test_contract_knows_every_indicator_and_names_what_is_missing() -> None:
    whole, bare = pair(1, 1), Unit((1,), 1, WHOLE, {"ward_id": 1})

    assert set(CONTRACT) == {*CODES, "agreement"}
    assert missing_facts("training.completion", whole) == frozenset()
    assert missing_facts("training.completion", bare) == {"key", "line_manager", "valid_days"}


@given(draw=draws(300))
def test_worlds_of_these_tests_keep_the_contract(draw: Draws) -> None:
    known = draw_evidence(draw)

    assert {missing_facts(code, unit) for code in CODES for unit in known.of(code)} <= {frozenset()}
    assert {missing_facts("agreement", unit) for unit in known.agreements} <= {frozenset()}


def test_checklist_without_items_is_unknown_only_without_a_template() -> None:
    with_template = readings_of(evidence({}), MODEL)
    without = readings_of(evidence({}, has_template=False), MODEL)

    assert {with_template[f"checklist.{domain}"].state for domain in DOMAINS} == {State.NOT_APPLICABLE}
    assert {without[f"checklist.{domain}"].state for domain in DOMAINS} == {State.UNKNOWN}
    assert with_template["goals.targets"].state is State.UNKNOWN
