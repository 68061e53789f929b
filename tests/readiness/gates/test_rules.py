"""The rule table of a gate, row by row, and that facts come back from a frozen pack as they were."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.choices import Answer, GateKind, GateOutcome
from readiness.gates import Effect, GateFacts, Said, judge_gate
from readiness.gates.facts import StaleSoon
from readiness.gates.rules import DECISIVE

GOOD = GateFacts(
    day=date(2026, 3, 14),
    score=Decimal("93.00"),
    trained=(Fraction(190), Fraction(200)),
    tested=(Fraction(200), Fraction(200)),
    hazards_open=0,
    uncovered=0,
    slots=42,
)
SEATS = ("sro", "clinical_safety_officer", "ccio")
YES = tuple(Said(seat, Answer.YES) for seat in SEATS)
GO, CONDITIONS, NO_GO, DEFER = (
    GateOutcome.GO,
    GateOutcome.GO_WITH_CONDITIONS,
    GateOutcome.NO_GO,
    GateOutcome.DEFER,
)


def saying(seat: str, answer: str) -> tuple[Said, ...]:
    return tuple(Said(name, answer if name == seat else Answer.YES) for name in SEATS)


def test_gate_with_nothing_to_find_may_say_anything():
    verdict = judge_gate(GateKind.GO_LIVE, None, GOOD, YES)

    assert (verdict.findings, verdict.may) == ((), {GO, CONDITIONS, NO_GO, DEFER})


@pytest.mark.parametrize(
    ("code", "facts", "answers"),
    [
        ("seat_silent", GOOD, saying("ccio", "")),
        ("decisive_no", GOOD, saying("sro", Answer.NO)),
        ("decisive_no", GOOD, saying("clinical_safety_officer", Answer.NO)),
        ("cap", replace(GOOD, caps=("hazard_unacceptable",)), YES),
        ("collision", replace(GOOD, collisions=("2026-W14",)), YES),
    ],
)
def test_what_forbids_a_go_only_warns_at_other_gates(code: str, facts: GateFacts, answers: tuple[Said, ...]):
    here = judge_gate(GateKind.GO_LIVE, 90, facts, answers)
    elsewhere = judge_gate(GateKind.CHECKPOINT, 90, facts, answers)

    assert [(finding.code, finding.effect) for finding in here.findings] == [(code, Effect.FORBIDS)]
    assert here.may == {NO_GO, DEFER}
    assert [(finding.code, finding.effect) for finding in elsewhere.findings] == [(code, Effect.WARNS)]
    assert elsewhere.may == {GO, CONDITIONS, NO_GO, DEFER}


@pytest.mark.parametrize(
    ("code", "facts", "answers"),
    [
        ("seat_no", GOOD, saying("ccio", Answer.NO)),
        ("seat_conditions", GOOD, saying("sro", Answer.WITH_CONDITIONS)),
        ("score", replace(GOOD, score=Decimal("89.99")), YES),
        ("score", replace(GOOD, score=None), YES),
        ("training", replace(GOOD, trained=(Fraction(159), Fraction(200))), YES),
        ("training", replace(GOOD, trained=None), YES),
        ("log_in_tests", replace(GOOD, tested=(Fraction(195), Fraction(200))), YES),
        ("log_in_tests", replace(GOOD, tested=(Fraction(0), Fraction(0))), YES),
        ("hazards", replace(GOOD, hazards_open=1), YES),
        ("hazards", replace(GOOD, hazards_open=None), YES),
    ],
)
def test_what_asks_for_conditions(code: str, facts: GateFacts, answers: tuple[Said, ...]):
    verdict = judge_gate(GateKind.GO_LIVE, None, facts, answers)

    assert [(finding.code, finding.effect) for finding in verdict.findings] == [(code, Effect.CONDITIONS)]
    assert verdict.may == {CONDITIONS, NO_GO, DEFER}


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("cover", replace(GOOD, uncovered=3)),
        ("cover", replace(GOOD, uncovered=None, slots=None)),
        ("differs", replace(GOOD, declared="green", band="off_track", differs=True)),
        ("stale", replace(GOOD, stale_soon=(StaleSoon("PLAN", "Downtime plan", date(2026, 3, 20)),))),
    ],
)
def test_what_only_warns(code: str, facts: GateFacts):
    verdict = judge_gate(GateKind.GO_LIVE, None, facts, YES)

    assert [(finding.code, finding.effect) for finding in verdict.findings] == [(code, Effect.WARNS)]
    assert verdict.may == {GO, CONDITIONS, NO_GO, DEFER}


def test_limits_themselves_pass():
    at_the_limit = replace(
        GOOD, score=Decimal(90), trained=(Fraction(160), Fraction(200)), tested=(Fraction(196), Fraction(200))
    )

    assert judge_gate(GateKind.GO_LIVE, None, at_the_limit, YES).findings == ()


def test_what_a_decision_left_out_is_not_asked():
    unknown = replace(GOOD, trained=None, tested=None, hazards_open=None)
    codes = ("training.completion", "technical.access", "governance.hazards")

    assert judge_gate(GateKind.GO_LIVE, None, replace(unknown, left_out=codes), YES).findings == ()
    assert [each.code for each in judge_gate(GateKind.GO_LIVE, None, unknown, YES).findings] == [
        "training",
        "log_in_tests",
        "hazards",
    ]


def test_checkpoint_without_a_minimum_asks_for_no_score():
    low = replace(GOOD, score=Decimal(10))

    assert judge_gate(GateKind.CHECKPOINT, None, low, YES).findings == ()
    assert [each.code for each in judge_gate(GateKind.CHECKPOINT, 20, low, YES).findings] == ["score"]


counts = st.none() | st.tuples(st.integers(0, 50).map(Fraction), st.integers(0, 50).map(Fraction))
facts_drawn = st.builds(
    GateFacts,
    day=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    score=st.none() | st.decimals(0, 100, places=2),
    expected=st.none() | st.decimals(0, 100, places=2),
    coverage=st.none() | st.decimals(0, 1, places=4),
    band=st.sampled_from(["ready", "off_track", ""]),
    days_to_go=st.none() | st.integers(-400, 400),
    score_id=st.none() | st.integers(1, 10**9),
    caps=st.lists(st.sampled_from(["blocker_overdue", "hazard_unacceptable"]), unique=True).map(tuple),
    collisions=st.lists(st.sampled_from(["2026-W14", "2026-W15"]), unique=True).map(tuple),
    trained=counts,
    tested=counts,
    hazards_open=st.none() | st.integers(0, 9),
    uncovered=st.none() | st.integers(0, 42),
    slots=st.none() | st.integers(0, 42),
    declared=st.sampled_from(["", "green"]),
    declared_on=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    differs=st.booleans(),
    stale_soon=st.lists(st.builds(StaleSoon, st.text(max_size=5), st.text(max_size=5), st.dates())).map(tuple),
)


def said_by(seat: str) -> st.SearchStrategy[Said]:
    return st.builds(Said, st.just(seat), st.sampled_from(["", *Answer.values]))


answers_drawn = st.tuples(*map(said_by, SEATS))


@given(facts_drawn)
def test_facts_come_back_from_a_pack_as_they_were(facts: GateFacts):
    assert GateFacts.from_json(facts.to_json()) == facts


@given(facts_drawn, answers_drawn)
def test_no_go_without_every_answer_and_never_against_a_decisive_no(facts: GateFacts, answers: tuple[Said, ...]):
    verdict = judge_gate(GateKind.GO_LIVE, None, facts, answers)

    if any(not said.answer or (said.seat in DECISIVE and said.answer == Answer.NO) for said in answers):
        assert verdict.may == {NO_GO, DEFER}
    assert {NO_GO, DEFER} <= verdict.may
    assert (GO in verdict.may) <= (CONDITIONS in verdict.may)
