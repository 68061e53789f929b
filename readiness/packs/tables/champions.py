"""Champions, their shifts, the patterns that shifts should cover."""

from readiness.packs.lookups import STAFF, WARD
from readiness.packs.spec import Check, Column, Reference, Table, before, fields, names, same
from training.models import Champion, ChampionShift, ShiftPattern

CHAMPIONS = Table(
    "champions.csv",
    Champion,
    key=("organisation", "number", "from"),
    identity=("programme", "staff", "from_on"),
    columns=(
        *names("organisation", "number"),
        *fields(from_="from_on", to="to_on"),
        *same("level", "volunteered"),
        Column("protected_hours", "protected_hours", low=0),
        *same("nominated_by"),
    ),
    references=(Reference("staff", STAFF, ("organisation", "number")),),
    checks=(before("to", "from", "to_on", "from_on"),),
)

SHIFT_PATTERNS = Table(
    "shift_patterns.csv",
    ShiftPattern,
    key=("name",),
    identity=("programme", "name"),
    columns=(*same("name", "starts", "ends"), Column("minimum", "minimum", low=1)),
)

SHIFTS = Table(
    "shifts.csv",
    ChampionShift,
    key=("client_id",),
    identity=("client_id",),
    columns=(
        *same("client_id"),
        *names("organisation", "number", "site", "ward"),
        *same("starts_at", "ends_at", "state", "planned_on", "ended_on", "staff_helped", "notes"),
    ),
    references=(Reference("staff", STAFF, ("organisation", "number")), Reference("ward", WARD, ("site", "ward"))),
    checks=(
        before("ends_at", "starts_at"),
        Check(("ends_at",), "n.ends_at = n.starts_at", "the same as starts_at"),
        Check(("ends_at",), "n.ends_at > n.starts_at + interval '24 hours'", "more than 24 hours after starts_at"),
    ),
    warnings=(
        Check(("planned_on",), "n.planned_on > (n.starts_at AT TIME ZONE n.zone)::date", "planned after it began"),
    ),
    zone="r_ward.time_zone",
    foreign="t.programme_id <> %(programme)s",
    # Live shifts of a person never overlap, not even while they change places.
    cleared={"state": "'cancelled'"},
)
