"""The golden packs hold what SCORING.md gives for each site: from their indicators, every other figure must follow."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from readiness.scoring import CODES, MODEL_2026_1, Judgement, Model, Reading, Situation, State, judge

GOLDEN = Path(__file__).parents[1] / "golden"
MODEL = Model.from_json(MODEL_2026_1)
WITHIN = {"score": Decimal("0.01"), "coverage": Decimal("0.0001"), "domain": Decimal("0.0001")}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def golden_sites() -> Iterator[Any]:
    for path in sorted(GOLDEN.glob("*.json")):
        pack, day, _suffix = path.name.split(".")
        programme = rows(GOLDEN / pack / "programme.csv")[0]
        stages = {row["site"]: row["stage"] for row in rows(GOLDEN / pack / "deployments.csv")}
        for site, figures in json.loads(path.read_text(), parse_float=Decimal).items():
            yield pytest.param(
                date.fromisoformat(day), programme["state"], stages[site], figures, id=f"{pack}-{day}-{site}"
            )


def golden_reading(code: str, figure: Decimal | int | str) -> Reading:
    if figure == "unknown":
        return Reading(code, State.UNKNOWN)
    if figure == "n/a":
        return Reading(code, State.NOT_APPLICABLE)
    return Reading(code, State.KNOWN, Fraction(figure), 1)


def golden_judgement(day: date, programme_state: str, stage: str, figures: dict[str, Any]) -> Judgement:
    caps, days = figures["caps"], figures["days"]
    situation = Situation(
        day=day,
        go_live_on=None if days is None else day + timedelta(days=days),
        stage=stage,
        programme_state=programme_state,
        overdue_blockers=int("blocker_overdue" in caps),
        blocked_blockers=int("blocker_blocked" in caps),
        unacceptable_hazards=int("hazard_unacceptable" in caps),
        unsigned_agreements=int("agreement_unsigned" in caps),
    )
    return judge(MODEL, {code: golden_reading(code, figures["indicators"][code]) for code in CODES}, situation)


def close(found: Decimal | None, wanted: Decimal | int | None, within: Decimal) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return abs(found - Decimal(wanted)) <= within


@pytest.mark.parametrize(("day", "programme_state", "stage", "figures"), list(golden_sites()))
def test_judge_gives_the_golden_figures(day: date, programme_state: str, stage: str, figures: dict[str, Any]) -> None:
    stored = golden_judgement(day, programme_state, stage, figures).stored()

    assert list(stored.caps) == figures["caps"]
    assert stored.band == figures["band"]
    assert stored.days == figures["days"]
    assert stored.domains.keys() == figures["domains"].keys()
    assert [d for d in stored.domains if not close(stored.domains[d], figures["domains"][d], WITHIN["domain"])] == []
    assert close(stored.raw, figures["raw"], WITHIN["score"])
    assert close(stored.score, figures["score"], WITHIN["score"])
    assert close(stored.expected, figures["expected"], WITHIN["score"])
    assert close(stored.coverage, figures["coverage"], WITHIN["coverage"])


def test_golden_packs_hold_every_band_and_every_cap() -> None:
    sites = [case.values[3] for case in golden_sites()]

    assert len(sites) == 194
    assert {figures["band"] for figures in sites} == {
        "ready",
        "on_track",
        "at_risk",
        "off_track",
        "unscheduled",
        "paused",
    }
    assert {cap for figures in sites for cap in figures["caps"]} == set(MODEL.caps)
