"""Decisions written down: what, from when, why, by whom."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.choices import DecisionKind
from rollout.models import Decision, Deployment, User
from rollout.services.codes import next_code
from rollout.services.people import person_of
from rollout.services.refusals import Refused

PREFIX = "DEC"


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
        code=next_code(Decision.objects.all(), programme_id, PREFIX),
        kind=kind,
        text=text,
        reason=reason,
        from_on=from_on,
        by=person_of(by),
    )


def record_standard(
    *, programme_id: int, text: str, reason: str, from_on: date, sites: Sequence[int] | None, by: User
) -> list[Decision]:
    """Write down what holds from a day on: everywhere in the programme (`sites` None), or at some of its deployments.

    Each site gets a decision of its own, so that it stands in the history of each. `sites` are ids of deployments.
    Raises Refused where none of them is a site of the programme. As many queries for one site as for a thousand.
    """
    with acting(by, "standard decided"):
        where: list[int | None] = [None]
        if sites is not None:
            there = Deployment.objects.current().filter(programme=programme_id, pk__in=sites)
            where = list(there.order_by("site__name", "pk").values_list("pk", flat=True))
        if not where:
            raise Refused(gettext("Select at least one site of the programme."))
        first = next_code(Decision.objects.all(), programme_id, PREFIX)
        number = int(first.removeprefix(f"{PREFIX}-"))
        person = person_of(by)
        return Decision.objects.bulk_create(
            Decision(
                programme_id=programme_id,
                deployment_id=deployment,
                code=f"{PREFIX}-{number + place}",
                kind=DecisionKind.STANDARD,
                text=text,
                reason=reason,
                from_on=from_on,
                by=person,
            )
            for place, deployment in enumerate(where)
        )
