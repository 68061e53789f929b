"""Decisions written down: what, from when, why, by whom."""

from datetime import date

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from rollout.choices import DecisionKind
from rollout.models import Decision, Deployment, Programme, User
from rollout.services.people import person_of

PREFIX = "DEC-"


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
    """Write a decision down under the programme's next number. To be called inside a transaction that says who acts.

    Two decisions at once get two numbers: the programme's row is held until the transaction ends.
    """
    Programme.objects.select_for_update().get(pk=programme_id)
    return Decision.objects.create(
        programme_id=programme_id,
        deployment=deployment,
        code=_next_code(programme_id),
        kind=kind,
        text=text,
        reason=reason,
        from_on=from_on,
        by=person_of(by),
    )


def _next_code(programme_id: int) -> str:
    """The number after the highest of ours; codes that an import brought are left alone."""
    ours = Decision.objects.filter(programme=programme_id, code__regex=rf"^{PREFIX}[0-9]{{1,8}}$")
    number = Cast(Substr("code", len(PREFIX) + 1), IntegerField())
    last = ours.aggregate(last=Max(number))["last"] or 0
    return f"{PREFIX}{last + 1}"
