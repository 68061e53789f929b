"""Decisions written down: what, from when, why, by whom."""

from datetime import date

from rollout.choices import DecisionKind
from rollout.models import Decision, Deployment, User
from rollout.services.codes import next_code
from rollout.services.people import person_of


def record_decision(
    *,
    programme_id: int,
    kind: DecisionKind,
    text: str,
    reason: str,
    from_on: date,
    by: User,
    deployment: Deployment | None = None,
) -> Decision:
    """Write a decision down under the programme's next number. To be called inside a transaction that says who acts."""
    return Decision.objects.create(
        programme_id=programme_id,
        deployment=deployment,
        code=next_code(Decision.objects.all(), programme_id, "DEC"),
        kind=kind,
        text=text,
        reason=reason,
        from_on=from_on,
        by=person_of(by),
    )
