"""Values and the scores they must give, then the properties that hold for any values."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.scoring import (
    CODES,
    MODEL_2026_1,
    Band,
    Model,
    Reading,
    Situation,
    State,
    Unit,
    band_of,
    expected_on,
    judge,
    reading_from_sums,
    reading_from_units,
    rounded,
)
from tests.readiness.draws import CREDITS, Draws, draw_readings, draw_units, draws

MODEL = Model.from_json(MODEL_2026_1)
DAY = date(2026, 3, 14)
QUIET = Situation(day=DAY, go_live_on=date(2026, 4, 25), stage="preparing", programme_state="rolling_out")
CAPPING: dict[str, dict[str, Any]] = {
    "agreement_unsigned": {"unsigned_agreements": 1, "go_live_on": DAY + timedelta(days=30)},
    "blocker_blocked": {"blocked_blockers": 2},
    "blocker_overdue": {"overdue_blockers": 1},
    "hazard_unacceptable": {"unacceptable_hazards": 1},
}


def known(code: str, numerator: Fraction | int, denominator: int = 100) -> Reading:
    return Reading(code, State.KNOWN, numerator, denominator, MODEL.target(code))


def all_at(percent: int, **others: Reading) -> dict[str, Reading]:
    readings = {code: known(code, percent * MODEL.target(code)) for code in CODES}
    return readings | {reading.code: reading for reading in others.values()}


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "value"),
    [
        (0, 10, Fraction(1), Fraction(0)),
        (7, 10, Fraction(1), Fraction(7, 10)),
        (19, 20, Fraction(95, 100), Fraction(1)),
        (20, 20, Fraction(95, 100), Fraction(1)),
        (19, 40, Fraction(95, 100), Fraction(1, 2)),
        (Fraction(9, 5), 3, Fraction(1), Fraction(3, 5)),
    ],
)
def test_value_is_the_share_of_the_target(
    numerator: Fraction | int, denominator: int, target: Fraction, value: Fraction
) -> None:
    assert Reading("training.completion", State.KNOWN, numerator, denominator, target).value == value


def test_reading_adds_up_weights_and_credits() -> None:
    units = [Unit((1,), 5, Fraction(1)), Unit((2,), 3, Fraction(4, 5)), Unit((3,), 2, Fraction(0))]

    assert reading_from_units("checklist.goals", units, MODEL) == Reading(
        "checklist.goals", State.KNOWN, Fraction(37, 5), 10, Fraction(1)
    )


def test_reading_from_sums_equals_the_reading_from_units() -> None:
    units = [Unit((1,), 5, Fraction(1)), Unit((2,), 3, Fraction(4, 5)), Unit((3,), 2, Fraction(0))]
    sums = [(2, 7, 5, 1), (1, 3, 12, 5)]

    assert reading_from_sums("checklist.goals", sums, MODEL) == reading_from_units("checklist.goals", units, MODEL)


def test_reading_without_units_is_unknown_unless_empty_means_not_applicable() -> None:
    assert reading_from_units("checklist.goals", [], MODEL).state is State.UNKNOWN
    assert reading_from_units("checklist.goals", [], MODEL, empty=State.NOT_APPLICABLE).state is State.NOT_APPLICABLE


def test_reading_left_out_by_decision_keeps_its_counts() -> None:
    reading = reading_from_units("goals.targets", [Unit((1,), 1, Fraction(1))], MODEL, excluded=True)

    assert reading == Reading("goals.targets", State.NOT_APPLICABLE, 1, 1)
    assert reading.value == 0


@pytest.mark.parametrize(("answers", "state"), [(4, State.UNKNOWN), (5, State.KNOWN)])
def test_confidence_needs_five_answers(answers: int, state: State) -> None:
    units = [Unit((number,), 1, Fraction(3, 4)) for number in range(answers)]

    reading = reading_from_units("engagement.confidence", units, MODEL)

    assert (reading.state, reading.numerator, reading.denominator) == (state, Fraction(3 * answers, 4), answers)


def test_reading_of_an_unheard_of_indicator_is_refused() -> None:
    with pytest.raises(ValueError, match="'training\\.magic' is not an indicator"):
        reading_from_units("training.magic", [], MODEL)
    with pytest.raises(ValueError, match="not an indicator: training\\.magic"):
        judge(MODEL, {"training.magic": known("training.magic", 1)}, QUIET)


def test_perfect_site_scores_100_and_is_ready() -> None:
    judgement = judge(MODEL, all_at(100), QUIET)

    assert (judgement.score, judgement.raw, judgement.coverage) == (100, 100, 1)
    assert (judgement.caps, judgement.band) == ((), Band.READY)


def test_site_without_any_reading_scores_0_on_no_evidence() -> None:
    judgement = judge(MODEL, {}, QUIET)

    assert (judgement.score, judgement.raw, judgement.coverage) == (0, 0, 0)
    assert judgement.caps == ("hazard_log_missing",)
    assert judgement.domains == dict.fromkeys(MODEL.domain_weights, Fraction(0))


def test_site_where_nothing_applies_scores_0() -> None:
    judgement = judge(MODEL, {code: Reading(code, State.NOT_APPLICABLE) for code in CODES}, QUIET)

    assert (judgement.score, judgement.raw, judgement.coverage) == (0, 0, 0)
    assert judgement.caps == ()
    assert judgement.domains == dict.fromkeys(MODEL.domain_weights)
    assert {judged.worth for judged in judgement.indicators.values()} == {0}


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        ("checklist.leadership", Fraction(8)),
        ("checklist.goals", Fraction(3, 2)),
        ("checklist.engagement", Fraction(3)),
        ("checklist.training", Fraction(18, 5)),
        ("checklist.champions", Fraction(3)),
        ("checklist.governance", Fraction(6)),
        ("checklist.technical", Fraction(5)),
        ("checklist.continuity", Fraction(10)),
        ("checklist.partnerships", Fraction(2)),
        ("checklist.resourcing", Fraction(6)),
        ("checklist.pilots", Fraction(3, 2)),
        ("training.completion", Fraction(54, 5)),
        ("training.managers", Fraction(18, 5)),
        ("champions.ratio", Fraction(3)),
        ("champions.cover", Fraction(6)),
        ("technical.access", Fraction(10)),
        ("engagement.reach", Fraction(3)),
        ("engagement.confidence", Fraction(3)),
        ("goals.targets", Fraction(3, 2)),
        ("partnerships.commitments", Fraction(2)),
        ("pilots.outcome", Fraction(3, 2)),
        ("governance.hazards", Fraction(6)),
    ],
)
def test_each_indicator_weighs_what_the_definition_says(code: str, lost: Fraction) -> None:
    judgement = judge(MODEL, all_at(100, gone=known(code, 0)), QUIET)

    assert judgement.raw == 100 - lost
    assert judgement.indicators[code].lost == lost


def test_not_applicable_gives_its_share_to_its_domain_and_unknown_keeps_it() -> None:
    unknown = judge(MODEL, all_at(100, gone=Reading("pilots.outcome", State.UNKNOWN)), QUIET)
    excluded = judge(MODEL, all_at(100, gone=Reading("pilots.outcome", State.NOT_APPLICABLE)), QUIET)

    assert (unknown.raw, unknown.coverage) == (Fraction(197, 2), Fraction(197, 200))
    assert (excluded.raw, excluded.coverage) == (100, 1)
    assert excluded.indicators["checklist.pilots"].worth == 3


def test_domain_that_does_not_apply_gives_its_weight_to_the_others() -> None:
    readings = all_at(100, managers=known("training.managers", 0)) | {
        code: Reading(code, State.NOT_APPLICABLE) for code in ("checklist.technical", "technical.access")
    }

    judgement = judge(MODEL, readings, QUIET)

    assert judgement.domains["technical"] is None
    assert judgement.raw == 100 - 100 * Fraction(18, 85) / 5


def test_hazard_log_missing_does_not_hold_where_hazards_do_not_apply() -> None:
    excluded = all_at(100, hazards=Reading("governance.hazards", State.NOT_APPLICABLE))

    assert judge(MODEL, excluded, QUIET).caps == ()
    assert judge(MODEL, excluded, replace(QUIET, unacceptable_hazards=1)).caps == ("hazard_unacceptable",)


@pytest.mark.parametrize(
    ("cap", "score", "band"),
    [
        ("agreement_unsigned", 69, Band.AT_RISK),
        ("blocker_blocked", 69, Band.ON_TRACK),
        ("blocker_overdue", 49, Band.OFF_TRACK),
        ("hazard_unacceptable", 49, Band.OFF_TRACK),
    ],
)
def test_cap_holds_the_score_down(cap: str, score: int, band: Band) -> None:
    judgement = judge(MODEL, all_at(100), replace(QUIET, **CAPPING[cap]))

    assert (judgement.raw, judgement.score, judgement.caps, judgement.band) == (100, score, (cap,), band)


def test_caps_are_alphabetical_and_the_lowest_decides() -> None:
    changes = {name: value for cap in CAPPING.values() for name, value in cap.items()}

    judgement = judge(MODEL, {}, replace(QUIET, **changes))

    assert judgement.caps == (
        "agreement_unsigned", "blocker_blocked", "blocker_overdue", "hazard_log_missing", "hazard_unacceptable"
    )  # fmt: skip


def test_cap_above_raw_takes_nothing() -> None:
    assert judge(MODEL, all_at(40), replace(QUIET, overdue_blockers=1)).score == 40


@pytest.mark.parametrize(
    ("days", "waived", "caps"),
    [
        (31, False, ()),
        (30, False, ("agreement_unsigned",)),
        (30, True, ()),
        (-200, False, ("agreement_unsigned",)),
        (None, False, ()),
    ],
)
def test_agreement_counts_from_30_days_before_go_live(days: int | None, waived: bool, caps: tuple[str, ...]) -> None:
    go_live_on = None if days is None else DAY + timedelta(days=days)
    situation = replace(QUIET, go_live_on=go_live_on, unsigned_agreements=1, agreement_waived=waived)

    assert judge(MODEL, all_at(100), situation).caps == caps


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (400, 20), (121, 20), (120, 20), (105, Fraction(55, 2)), (90, 35), (61, Fraction(163, 3)), (60, 55),
        (45, Fraction(135, 2)), (30, 80), (22, 86), (14, 92), (7, 96), (0, 100), (-1, 100), (-300, 100), (None, None),
    ],
)  # fmt: skip
def test_expected_is_linear_between_the_points(days: int | None, expected: Fraction | None) -> None:
    assert expected_on(MODEL, days) == expected


@pytest.mark.parametrize(
    ("score", "caps", "expected", "band"),
    [
        (Fraction(90), (), 100, Band.READY),
        (Fraction(90), ("blocker_blocked",), 80, Band.ON_TRACK),
        (Fraction(90) - Fraction(1, 10**9), (), 94, Band.ON_TRACK),
        (Fraction(75), (), 80, Band.ON_TRACK),
        (Fraction(75) - Fraction(1, 10**9), (), 80, Band.AT_RISK),
        (Fraction(65), (), 80, Band.AT_RISK),
        (Fraction(65) - Fraction(1, 10**9), (), 80, Band.OFF_TRACK),
        (Fraction(49), ("blocker_overdue",), 20, Band.OFF_TRACK),
        (Fraction(49), ("hazard_unacceptable",), 20, Band.OFF_TRACK),
        (Fraction(49), ("hazard_log_missing",), 20, Band.ON_TRACK),
        (Fraction(49), ("agreement_unsigned", "hazard_log_missing"), 60, Band.AT_RISK),
        (Fraction(100), (), None, Band.UNSCHEDULED),
    ],
)
def test_band_is_the_first_that_fits(score: Fraction, caps: tuple[str, ...], expected: int | None, band: Band) -> None:
    assert band_of(MODEL, score, caps, None if expected is None else Fraction(expected)) == band


@pytest.mark.parametrize(
    ("stage", "programme_state", "paused"),
    [
        ("preparing", "rolling_out", False),
        ("live", "embedding", False),
        ("deferred", "rolling_out", True),
        ("stopped", "rolling_out", True),
        ("preparing", "paused", True),
        ("preparing", "stopped", True),
        ("live", "closed", True),
    ],
)
@pytest.mark.parametrize("go_live_on", [None, QUIET.go_live_on])
def test_halted_site_is_paused_but_scored(
    stage: str, programme_state: str, paused: bool, go_live_on: date | None
) -> None:
    situation = replace(QUIET, stage=stage, programme_state=programme_state, go_live_on=go_live_on, overdue_blockers=1)

    judgement = judge(MODEL, all_at(100), situation)

    assert judgement.score == 49
    assert (judgement.band == Band.PAUSED) is paused


def test_stored_figures_are_rounded_halves_up() -> None:
    readings = {
        **{code: Reading(code, State.NOT_APPLICABLE) for code in CODES},
        "pilots.outcome": known("pilots.outcome", Fraction(1, 2), 10_000),
        "governance.hazards": Reading("governance.hazards", State.UNKNOWN),
    }

    stored = judge(MODEL, readings, replace(QUIET, go_live_on=DAY + timedelta(days=61))).stored()

    assert (stored.score, stored.raw) == (Decimal("0.00"), Decimal("0.00"))
    assert (stored.expected, stored.coverage) == (Decimal("54.33"), Decimal("0.2000"))
    assert (stored.band, stored.days, stored.caps) == ("off_track", 61, ("hazard_log_missing",))
    assert stored.domains == dict.fromkeys(MODEL.domain_weights) | {
        "pilots": Decimal("0.0001"), "governance": Decimal("0.0000")
    }  # fmt: skip
    assert {code: figures for code, figures in stored.indicators.items() if figures.value is not None} == {
        "pilots.outcome": (State.KNOWN, Decimal("0.0001"), "1/2", 10_000, "1"),
        "governance.hazards": (State.UNKNOWN, Decimal("0.0000"), "0", 0, "1"),
    }


def test_stored_json_gives_back_every_reading_exactly() -> None:
    readings = all_at(100, reach=known("engagement.reach", Fraction(1, 3), 7)) | {
        "pilots.outcome": Reading("pilots.outcome", State.UNKNOWN),
        "goals.targets": Reading("goals.targets", State.NOT_APPLICABLE, 1, 2),
    }
    stored = judge(MODEL, readings, QUIET).stored()

    figures = stored.indicators_json()

    assert {code: Reading.from_json(code, figures[code]) for code in CODES} == readings
    assert figures["engagement.reach"] == ["known", "1/3", 7, "1", "0.0476"]
    assert figures["training.completion"] == ["known", "95", 100, "19/20", "1.0000"]
    assert figures["goals.targets"] == ["not_applicable", "1", 2, "1", None]
    assert stored.domains_json()["leadership"] == "1.0000"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Fraction(5, 1000), 2, "0.01"), (Fraction(-5, 1000), 2, "-0.01"), (Fraction(4, 1000), 2, "0.00"),
        (Fraction(-4, 1000), 2, "0.00"), (Fraction(2, 3), 4, "0.6667"), (100, 2, "100.00"), (Fraction(7, 2), 0, "4"),
    ],
)  # fmt: skip
def test_rounded_sends_halves_away_from_zero(value: Fraction | int, places: int, shown: str) -> None:
    assert str(rounded(value, places)) == shown


situations = st.builds(
    Situation,
    day=st.just(DAY),
    go_live_on=st.none() | st.integers(-200, 200).map(lambda days: DAY + timedelta(days=days)),
    stage=st.sampled_from(["not_started", "preparing", "live", "deferred"]),
    programme_state=st.sampled_from(["rolling_out", "paused"]),
    overdue_blockers=st.integers(0, 1),
    blocked_blockers=st.integers(0, 1),
    unacceptable_hazards=st.integers(0, 1),
    unsigned_agreements=st.integers(0, 1),
    agreement_waived=st.booleans(),
)


@given(draw=draws(160), situation=situations)
def test_score_lies_between_0_and_100_and_under_every_cap(draw: Draws, situation: Situation) -> None:
    judgement = judge(MODEL, draw_readings(draw, MODEL), situation)

    assert 0 <= judgement.score <= judgement.raw <= 100
    assert 0 <= judgement.coverage <= 1
    assert judgement.score == min([judgement.raw, *(MODEL.caps[cap] for cap in judgement.caps)])
    assert judgement.band != Band.READY or (judgement.score >= 90 and not judgement.caps)


@given(draw=draws(160), situation=situations)
def test_parts_add_up_to_the_score(draw: Draws, situation: Situation) -> None:
    judgement = judge(MODEL, draw_readings(draw, MODEL), situation)
    parts = judgement.indicators.values()
    applicable = any(value is not None for value in judgement.domains.values())
    weights = {d: MODEL.domain_weights[d] for d, value in judgement.domains.items() if value is not None}

    assert sum(part.contribution for part in parts) == judgement.raw
    assert sum(part.lost for part in parts) == (100 - judgement.raw if applicable else 0)
    assert all(part.worth == part.contribution + part.lost for part in parts)
    assert judgement.raw * sum(weights.values()) == 100 * sum(
        weight * (judgement.domains[domain] or 0) for domain, weight in weights.items()
    )


@given(draw=draws(160), situation=situations, shuffle=st.randoms(use_true_random=False))
def test_score_does_not_depend_on_any_order(draw: Draws, situation: Situation, shuffle: Random) -> None:
    units = draw_units(draw)
    shuffled = {code: shuffle.sample(units[code], len(units[code])) for code in shuffle.sample(CODES, len(CODES))}

    one = judge(MODEL, {code: reading_from_units(code, units[code], MODEL) for code in units}, situation)
    other = judge(MODEL, {code: reading_from_units(code, shuffled[code], MODEL) for code in shuffled}, situation)

    assert one == other
    assert one.stored() == other.stored()


@given(draw=draws(160), situation=situations, code=st.sampled_from(CODES), rank=st.integers(0, 7))
def test_better_record_never_lowers_the_score(draw: Draws, situation: Situation, code: str, rank: int) -> None:
    units = draw_units(draw)
    units[code] = units[code] or (Unit((0,), 1, Fraction(0)),)
    before = judge(MODEL, {c: reading_from_units(c, units[c], MODEL) for c in units}, situation)
    worse = units[code][rank % len(units[code])]
    ladder = sorted({worse.credit, *(credit for credit in CREDITS if credit > worse.credit)})

    scores = []
    for credit in ladder:
        better = [replace(unit, credit=credit) if unit is worse else unit for unit in units[code]]
        readings = {c: reading_from_units(c, units[c], MODEL) for c in units} | {
            code: reading_from_units(code, better, MODEL)
        }
        scores.append(judge(MODEL, readings, situation).score)

    assert scores[0] == before.score
    assert all(lower <= higher for lower, higher in pairwise(scores))


@given(draw=draws(160), situation=situations, code=st.sampled_from(CODES))
def test_indicator_without_any_record_never_raises_the_score(draw: Draws, situation: Situation, code: str) -> None:
    units = draw_units(draw)
    readings = {c: reading_from_units(c, units[c], MODEL) for c in units}
    nothing = reading_from_units(code, [], MODEL)
    untouched = reading_from_units(code, [replace(unit, credit=Fraction(0)) for unit in units[code]], MODEL)

    before = judge(MODEL, readings, situation)

    assert judge(MODEL, readings | {code: nothing}, situation).raw <= before.raw
    assert judge(MODEL, readings | {code: nothing}, situation).score <= before.score
    assert judge(MODEL, readings | {code: untouched}, situation).score <= before.score


@given(draw=draws(160), situation=situations, field=st.sampled_from(sorted(CAPPING)))
def test_one_reason_more_to_hold_the_score_down_never_raises_it(draw: Draws, situation: Situation, field: str) -> None:
    readings = draw_readings(draw, MODEL)
    worse = replace(situation, **(CAPPING[field] | {"go_live_on": situation.go_live_on}))

    assert judge(MODEL, readings, worse).score <= judge(MODEL, readings, situation).score


@given(days=st.integers(-400, 400))
def test_expected_never_falls_as_go_live_comes_nearer(days: int) -> None:
    today, tomorrow = expected_on(MODEL, days), expected_on(MODEL, days - 1)

    assert today is not None
    assert tomorrow is not None
    assert 20 <= today <= tomorrow <= 100
