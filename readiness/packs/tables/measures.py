"""Measures, what sites agreed to reach of them, what was observed."""

from readiness.packs.lookups import DEPLOYMENT, MEASURE, WARD
from readiness.packs.spec import Check, Column, Reference, Table, fields, names, same
from rollout.models import Measure, Observation, SiteTarget

MEASURES = Table(
    "measures.csv",
    Measure,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code", "name", "unit", "portfolio", "direction", "baseline", "target", "target_date", "headline"),
        Column("dip_depth", "dip_depth", low=0),
        *same("dip_weeks"),
    ),
    checks=(
        Check(
            ("headline",),
            "n.headline AND (SELECT count(*) FROM pack_measures m WHERE m.headline) > 1",
            "a programme has one headline measure",
        ),
        Check(
            ("headline",),
            "n.headline AND EXISTS (SELECT FROM rollout_measure m WHERE m.programme_id = %(programme)s AND m.headline"
            " AND m.retired_at IS NULL AND m.id NOT IN (SELECT f.id FROM pack_measures f WHERE f.id IS NOT NULL))",
            "the programme already has another headline measure",
        ),
    ),
    # One headline at most, even while it passes from one measure to another.
    cleared={"headline": "FALSE"},
)

SITE_TARGETS = Table(
    "site_targets.csv",
    SiteTarget,
    key=("measure", "site"),
    identity=("measure", "deployment"),
    columns=(*names("measure", "site"), *same("target", "agreed_on")),
    references=(Reference("measure", MEASURE, ("measure",)), Reference("deployment", DEPLOYMENT, ("site",))),
)

OBSERVATIONS = Table(
    "observations.csv",
    Observation,
    key=("measure", "site", "ward", "period_start", "period"),
    identity=("measure", "deployment", "ward", "period_starts_on", "period"),
    columns=(
        *names("measure", "site"),
        Column("ward", required=False),
        *fields(period_start="period_starts_on"),
        *same("period", "numerator", "denominator", "value"),
    ),
    references=(
        Reference("measure", MEASURE, ("measure",)),
        Reference("deployment", DEPLOYMENT, ("site",)),
        Reference("ward", WARD, ("site", "ward")),
    ),
    checks=(
        Check(("numerator",), "n.numerator > n.denominator", "above the denominator"),
        Check(("denominator",), "n.denominator <= 0", "not above 0"),
        Check(("denominator",), "n.numerator IS NOT NULL AND n.denominator IS NULL", "missing beside a numerator"),
        Check(("numerator",), "n.numerator IS NULL AND n.denominator IS NOT NULL", "missing beside a denominator"),
        Check(
            ("value",),
            "(n.value IS NULL) = (n.numerator IS NULL AND n.denominator IS NULL)",
            "give either a value, or a numerator and a denominator",
        ),
    ),
)
