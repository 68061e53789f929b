import json
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from readiness import choices
from readiness.scoring import CODES, DOMAINS, INDICATORS, MODEL_2026_1, Band, Model, ModelError
from readiness.scoring.defaults import PILOT_OUTCOMES
from readiness.scoring.judging import HALTED_PROGRAMME_STATES, HALTED_STAGES
from rollout.choices import PilotOutcome, ProgrammeState, Stage


def test_default_model_holds_the_numbers_of_the_definition() -> None:
    model = Model.from_json(MODEL_2026_1)

    assert model.version == "2026.1"
    assert dict(model.domain_weights) == {
        "training": 18, "technical": 15, "champions": 12, "governance": 12, "continuity": 10, "engagement": 9,
        "leadership": 8, "resourcing": 6, "partnerships": 4, "goals": 3, "pilots": 3,
    }  # fmt: skip
    assert sum(model.domain_weights.values()) == 100
    assert {code: share for code, share in model.shares.items() if share != 1} == {
        "training.completion": 3, "champions.cover": 2, "technical.access": 2
    }  # fmt: skip
    assert {code: model.target(code) for code in CODES if model.target(code) != 1} == {
        "training.completion": Fraction(95, 100), "technical.access": Fraction(98, 100)
    }  # fmt: skip
    assert dict(model.caps) == {
        "blocker_overdue": 49, "hazard_log_missing": 49, "hazard_unacceptable": 49, "blocker_blocked": 69,
        "agreement_unsigned": 69,
    }  # fmt: skip
    assert model.expected_curve == ((120, 20), (90, 35), (60, 55), (30, 80), (14, 92), (0, 100))
    assert model.declared_credit == Fraction(4, 5)


def test_indicators_stand_in_the_order_of_the_table() -> None:
    assert [(spec.code, spec.domain) for spec in INDICATORS] == [
        *((f"checklist.{domain}", domain) for domain in DOMAINS),
        ("training.completion", "training"),
        ("training.managers", "training"),
        ("champions.ratio", "champions"),
        ("champions.cover", "champions"),
        ("technical.access", "technical"),
        ("engagement.reach", "engagement"),
        ("engagement.confidence", "engagement"),
        ("goals.targets", "goals"),
        ("partnerships.commitments", "partnerships"),
        ("pilots.outcome", "pilots"),
        ("governance.hazards", "governance"),
    ]


def test_model_survives_the_way_through_json() -> None:
    document = json.loads(json.dumps(MODEL_2026_1))

    model = Model.from_json(document)

    assert model.to_json() == document == MODEL_2026_1
    assert Model.from_json(model.to_json()) == model


def test_model_writes_thirds_as_fractions_and_decimals_as_decimals() -> None:
    document = deepcopy(MODEL_2026_1) | {"declared_credit": "1/3", "cover_overlap": "0.125"}

    written = Model.from_json(document).to_json()

    assert (written["declared_credit"], written["cover_overlap"]) == ("1/3", "0.125")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["version"], "", "version: a text is needed"),
        (["domain_weights", "training"], 0, "domain_weights.training: 0 is out of range"),
        (["domain_weights", "magic"], 1, "domain_weights: magic is not known"),
        (["domain_weights"], [1], "domain_weights: a table is needed"),
        (["shares", "training.completion"], "-1", "shares.training.completion: -1 is out of range"),
        (["shares", "training.completion"], 0.5, "shares.training.completion: a whole number, or a decimal"),
        (["shares", "training.completion"], True, "shares.training.completion: a whole number, or a decimal"),
        (["targets"], 1, "targets: a table is needed"),
        (["targets", "training.magic"], 1, "targets: training.magic is not known"),
        (["targets", "training.completion"], "1.01", "targets.training.completion: 1.01 is out of range"),
        (["targets", "training.completion"], "lots", "targets.training.completion: 'lots' is not a number"),
        (["targets", "training.completion"], "1/0", "targets.training.completion: '1/0' is not a number"),
        (["caps", "blocker_overdue"], 101, "caps.blocker_overdue: 101 is out of range"),
        (["off_track_caps"], ["blocker_overdue", "blocker_overdue"], "off_track_caps: a list of different caps"),
        (["off_track_caps"], [["blocker_overdue"]], "off_track_caps: a list of different caps"),
        (["off_track_caps"], "blocker_overdue", "off_track_caps: a list of different caps"),
        (["expected_curve"], [], "expected_curve: a list of"),
        (["expected_curve"], [[30, 80], [30, 90]], "expected_curve: days must fall"),
        (["expected_curve"], [["30", 80]], "expected_curve: each point is"),
        (["expected_curve"], [[30, 101]], "expected_curve: 101 is out of range"),
        (["windows", "reach_days"], "1.5", "windows.reach_days: a whole number is needed"),
        (["windows", "reach_days"], 0, "windows.reach_days: 0 is out of range"),
        (["extra"], 1, "model: extra is not known"),
    ],
)
def test_model_refuses_what_is_not_one(path: list[str], value: Any, message: str) -> None:
    document = deepcopy(MODEL_2026_1)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value

    with pytest.raises(ModelError) as refused:
        Model.from_json(document)

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("key", sorted(MODEL_2026_1))
def test_model_refuses_a_missing_entry(key: str) -> None:
    document = {name: value for name, value in MODEL_2026_1.items() if name != key}

    with pytest.raises(ModelError, match=f"^model: {key} is missing$"):
        Model.from_json(document)


def test_only_ratios_of_weights_matter() -> None:
    halves = deepcopy(MODEL_2026_1)
    halves["domain_weights"] = {domain: f"{weight}.5" for domain, weight in halves["domain_weights"].items()}

    layout = Model.from_json(halves).layout

    assert {part.domain: part.weight for part in layout}["training"] == 37
    assert all(type(part.weight) is int for part in layout)


def test_words_of_the_pure_modules_are_those_of_the_records() -> None:
    assert {band.value for band in Band} == set(choices.Band.values)
    assert set(Stage.values) >= HALTED_STAGES
    assert set(ProgrammeState.values) >= HALTED_PROGRAMME_STATES
    assert set(PILOT_OUTCOMES) == set(PilotOutcome.values)
