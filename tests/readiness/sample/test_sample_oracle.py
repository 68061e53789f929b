"""The score worked out from CSV files agrees with the golden packs, so it may judge the sample."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.readiness.sample.scoring_oracle import score_pack

GOLDEN = Path(__file__).parents[2] / "golden"
ANSWERS = sorted(GOLDEN.glob("*.json"))


@pytest.mark.parametrize("answer", ANSWERS, ids=[path.stem for path in ANSWERS])
def test_oracle_agrees_with_golden_pack(answer):
    name, day, _ = answer.name.split(".")
    wanted = json.loads(answer.read_text(encoding="utf-8"))

    scores = score_pack(GOLDEN / name, date.fromisoformat(day))

    assert scores.keys() == wanted.keys()
    for site, expected in wanted.items():
        got = scores[site]
        assert (got.band, got.caps, got.days) == (expected["band"], expected["caps"], expected["days"]), site
        assert float(got.score) == pytest.approx(expected["score"], abs=0.01), site
        assert float(got.raw) == pytest.approx(expected["raw"], abs=0.01), site
        assert float(got.coverage) == pytest.approx(expected["coverage"], abs=0.0001), site


def test_golden_packs_are_there():
    assert len(ANSWERS) >= 10
