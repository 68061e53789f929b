"""The readiness score, judged: indicator readings in, score, caps, band and ledger out.

Pure and exact. No database, no clock, no settings; every ratio is a Fraction and only `Judgement.stored` rounds.
The definition is SCORING.md, the numbers are data of a `Model`. Everything that shows a score calls this package.
"""

from readiness.scoring.defaults import CAPS, CODES, DOMAINS, INDICATORS, MODEL_2026_1, IndicatorSpec
from readiness.scoring.document import ModelError
from readiness.scoring.judging import (
    Band,
    Judged,
    Judgement,
    Situation,
    band_of,
    caps_holding,
    expected_on,
    judge,
    weigh,
)
from readiness.scoring.model import Model
from readiness.scoring.numbers import rounded, rounded_ratio
from readiness.scoring.readings import Reading, State, Unit, reading_from_sums, reading_from_units
from readiness.scoring.stored import Stored, StoredIndicator

__all__ = [
    "CAPS",
    "CODES",
    "DOMAINS",
    "INDICATORS",
    "MODEL_2026_1",
    "Band",
    "IndicatorSpec",
    "Judged",
    "Judgement",
    "Model",
    "ModelError",
    "Reading",
    "Situation",
    "State",
    "Stored",
    "StoredIndicator",
    "Unit",
    "band_of",
    "caps_holding",
    "expected_on",
    "judge",
    "reading_from_sums",
    "reading_from_units",
    "rounded",
    "rounded_ratio",
    "weigh",
]
