"""The indicators, domains and caps there are, and the scoring model the product ships with.

`MODEL_2026_1` is the JSON document a published ScoringModel row holds. Decimals travel as text ("0.95") so that no
number passes through a binary float on its way to an exact Fraction.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

DOMAINS = (
    "leadership",
    "goals",
    "engagement",
    "training",
    "champions",
    "governance",
    "technical",
    "continuity",
    "partnerships",
    "resourcing",
    "pilots",
)
CAPS = ("agreement_unsigned", "blocker_blocked", "blocker_overdue", "hazard_log_missing", "hazard_unacceptable")
PILOT_OUTCOMES = ("undecided", "scale", "iterate", "stop")
WINDOWS = ("reach_days", "confidence_days", "confidence_minimum", "agreement_days", "cover_days")


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """One row of SCORING.md's table of indicators; `share` is the one of the model the product ships with."""

    code: str
    domain: str
    share: int


INDICATORS = (
    *(IndicatorSpec(f"checklist.{domain}", domain, 1) for domain in DOMAINS),
    IndicatorSpec("training.completion", "training", 3),
    IndicatorSpec("training.managers", "training", 1),
    IndicatorSpec("champions.ratio", "champions", 1),
    IndicatorSpec("champions.cover", "champions", 2),
    IndicatorSpec("technical.access", "technical", 2),
    IndicatorSpec("engagement.reach", "engagement", 1),
    IndicatorSpec("engagement.confidence", "engagement", 1),
    IndicatorSpec("goals.targets", "goals", 1),
    IndicatorSpec("partnerships.commitments", "partnerships", 1),
    IndicatorSpec("pilots.outcome", "pilots", 1),
    IndicatorSpec("governance.hazards", "governance", 1),
)
CODES = tuple(indicator.code for indicator in INDICATORS)

MODEL_2026_1: Json = {
    "version": "2026.1",
    "domain_weights": {
        "leadership": 8,
        "goals": 3,
        "engagement": 9,
        "training": 18,
        "champions": 12,
        "governance": 12,
        "technical": 15,
        "continuity": 10,
        "partnerships": 4,
        "resourcing": 6,
        "pilots": 3,
    },
    "shares": {indicator.code: indicator.share for indicator in INDICATORS},
    "targets": {"training.completion": "0.95", "training.managers": 1, "technical.access": "0.98"},
    "caps": {
        "agreement_unsigned": 69,
        "blocker_blocked": 69,
        "blocker_overdue": 49,
        "hazard_log_missing": 49,
        "hazard_unacceptable": 49,
    },
    "off_track_caps": ["blocker_overdue", "hazard_unacceptable"],
    "expected_curve": [[120, 20], [90, 35], [60, 55], [30, 80], [14, 92], [0, 100]],
    "ready_at": 90,
    "on_track_margin": 5,
    "at_risk_margin": 15,
    "hazard_limit": 15,
    "windows": {
        "reach_days": 90,
        "confidence_days": 60,
        "confidence_minimum": 5,
        "agreement_days": 30,
        "cover_days": 14,
    },
    "staff_per_champion": 10,
    "cover_overlap": "0.5",
    "declared_credit": "0.8",
    "pilot_credits": {"undecided": 0, "scale": 1, "iterate": "0.5", "stop": 0},
    "unsecured_pilot_credit": "0.5",
}
