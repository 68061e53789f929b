"""The standard gates: what a new programme starts from. A site passes each of them so many days before its go-live."""

from typing import NamedTuple

from readiness.choices import GateKind

LEADS = ("sro", "clinical_lead", "operational_lead")
ALL_SEATS = (*LEADS, "clinical_safety_officer", "ccio", "cnio", "ig_lead")


class StandardGate(NamedTuple):
    """A gate as the programme pack writes it: `due_days` before go-live (below 0: after it), codes of its seats."""

    code: str
    name: str
    kind: str
    due_days: int
    minimum_score: int | None
    seats: tuple[str, ...]


# The minimum scores of the checkpoints are those that the expected curve asks for on the day.
STANDARD_GATES = (
    StandardGate("T-120", "120 days before", GateKind.CHECKPOINT.value, 120, 20, LEADS),
    StandardGate("T-90", "90 days before", GateKind.CHECKPOINT.value, 90, 35, LEADS),
    StandardGate("T-60", "60 days before", GateKind.CHECKPOINT.value, 60, 55, LEADS),
    StandardGate("T-30", "30 days before", GateKind.CHECKPOINT.value, 30, 80, (*LEADS, "clinical_safety_officer")),
    # Two days before the technical go-live, which is two weeks before the users'.
    StandardGate("TECHNICAL", "Technical go/no-go", GateKind.TECHNICAL.value, 16, 85, (*LEADS, "ccio", "ig_lead")),
    StandardGate("GO-LIVE", "Go/no-go", GateKind.GO_LIVE.value, 3, 90, ALL_SEATS),
    StandardGate("DAY-30", "Review at day 30", GateKind.REVIEW.value, -30, None, LEADS),
    StandardGate("DAY-90", "Review at day 90", GateKind.REVIEW.value, -90, None, LEADS),
    StandardGate("DAY-300", "Review at day 300", GateKind.REVIEW.value, -300, None, LEADS),
)
