"""Going live: the one stage that asks what a gate decided."""

from datetime import date

from readiness.choices import PASSED, GateKind
from readiness.models import GateReview
from rollout.choices import Stage
from rollout.models import Deployment, User
from rollout.services.stages import move_stage


def gate_passed(deployment_id: int) -> bool:
    """Whether the latest go/no-go review of the deployment let it go."""
    reviews = GateReview.objects.filter(deployment=deployment_id, gate__kind=GateKind.GO_LIVE, retired_at=None)
    latest = reviews.exclude(outcome="").order_by("-held_on", "-pk").values_list("outcome", flat=True).first()
    return latest in PASSED


def take_next_stage(*, deployment_id: int, mark: str, to: Stage, happened_on: date, by: User) -> Deployment:
    """Take a deployment to its next stage; nothing goes live without a gate. Raises PlanChanged and Refused."""
    return move_stage(
        deployment_id=deployment_id,
        mark=mark,
        to=to,
        happened_on=happened_on,
        by=by,
        gate_passed=to == Stage.LIVE and gate_passed(deployment_id),
    )
