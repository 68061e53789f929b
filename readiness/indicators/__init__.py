"""Indicators: SQL in, units and their sums out, for a day and an id range. One module per domain of facts."""

from readiness.indicators.ages import Age, ages_of
from readiness.indicators.evidence import absent_staff, evidence_of, units_behind, units_of
from readiness.indicators.gather import BEHIND_CAPS, FAMILIES, Facts, facts_of_chunk, parameters, sums_sql, with_ctes

__all__ = [
    "BEHIND_CAPS",
    "FAMILIES",
    "Age",
    "Facts",
    "absent_staff",
    "ages_of",
    "evidence_of",
    "facts_of_chunk",
    "parameters",
    "sums_sql",
    "units_behind",
    "units_of",
    "with_ctes",
]
