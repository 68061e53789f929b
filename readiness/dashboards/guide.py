"""What the help page says of the score: the numbers of the model that the product ships with, in words."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from readiness.dashboards.held import LIFTED_BY
from readiness.dashboards.words import domain_name
from readiness.explain import cap_words
from readiness.scoring import Model
from readiness.scoring.defaults import MODEL_2026_1
from readiness.scoring.document import number_text


@dataclass(frozen=True)
class CapLine:
    """A cap in words: the score it holds at (0–100, as written in the model), why, and what lifts it."""

    limit: str
    text: str
    lifted_by: Any


@cache
def shipped_model() -> Model:
    """The scoring model that the product ships with."""
    return Model.from_json(MODEL_2026_1)


def cap_lines(model: Model) -> list[CapLine]:
    """Every cap of a model, the lowest first."""
    codes = sorted(model.caps, key=lambda code: (model.caps[code], code))
    return [CapLine(str(number_text(model.caps[code])), cap_words(code), LIFTED_BY[code]) for code in codes]


def curve_points(model: Model) -> list[tuple[int, str]]:
    """What is expected how many days before go-live, the furthest day first: (days, points)."""
    return [(days, str(number_text(points))) for days, points in model.expected_curve]


def domain_weights(model: Model) -> list[tuple[str, str]]:
    """The domains with the most points each can bring, the heaviest first."""
    whole = sum(model.domain_weights.values())
    heaviest = sorted(model.domain_weights.items(), key=lambda each: -each[1])
    return [(domain_name(domain), str(number_text(100 * weight / whole))) for domain, weight in heaviest]
