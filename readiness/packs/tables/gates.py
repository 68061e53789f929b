"""Hazards, gates, what was said and asked at them."""

from readiness.models import Condition, Gate, GateReview, Hazard, SignOff
from readiness.packs.cells import Day
from readiness.packs.lookups import DEPLOYMENT, GATE, REVIEW, SEAT_ROLE
from readiness.packs.spec import Check, Column, Links, Reference, Table, fields, names, same

_REVIEW = (Reference("review", REVIEW, ("gate", "site", "held_on")),)
_REVIEW_COLUMNS = (*names("gate", "site"), Column("held_on", kind=Day()))
_GATE_OF_PROGRAMME = "SELECT id FROM readiness_gate WHERE programme_id = %(programme)s"
_REVIEW_OF_PROGRAMME = f"t.review_id IN (SELECT id FROM readiness_gatereview WHERE gate_id IN ({_GATE_OF_PROGRAMME}))"

HAZARDS = Table(
    "hazards.csv",
    Hazard,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        Column("site", required=False),
        *same("text"),
        Column("likelihood", "likelihood", low=1, high=5),
        Column("severity", "severity", low=1, high=5),
        *same("mitigation", "raised_on", "closed_on", "accepted_on", "accepted_by"),
    ),
    references=(Reference("deployment", DEPLOYMENT, ("site",)),),
    warnings=(
        Check(("closed_on",), "n.closed_on < n.raised_on", "closed before it was raised"),
        Check(("accepted_on",), "n.accepted_on < n.raised_on", "accepted before it was raised"),
    ),
)

GATES = Table(
    "gates.csv",
    Gate,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code", "name", "kind", "due_days"),
        Column("minimum_score", "minimum_score", low=0, high=100),
        *same("seats"),
    ),
    links=(Links("seats", "seats", SEAT_ROLE),),
)

GATE_REVIEWS = Table(
    "gate_reviews.csv",
    GateReview,
    key=("gate", "site", "held_on"),
    identity=("gate", "deployment", "held_on"),
    columns=(*names("gate", "site"), *same("held_on", "outcome", "words")),
    references=(Reference("gate", GATE, ("gate",)), Reference("deployment", DEPLOYMENT, ("site",))),
)

CONDITIONS = Table(
    "conditions.csv",
    Condition,
    key=("gate", "site", "held_on", "code"),
    identity=("review", "code"),
    columns=(*_REVIEW_COLUMNS, *same("code", "text", "owner", "due_on", "done_on")),
    references=_REVIEW,
    scope=_REVIEW_OF_PROGRAMME,
)

SIGN_OFFS = Table(
    "sign_offs.csv",
    SignOff,
    key=("gate", "site", "held_on", "seat"),
    identity=("review", "seat_role"),
    columns=(*_REVIEW_COLUMNS, *fields(seat="seat_role"), *same("person", "answer", "words", "signed_on")),
    references=_REVIEW,
    scope=_REVIEW_OF_PROGRAMME,
)
