"""The curves that the sample's sites plan to follow in training."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from readiness.sample.everyday import CURVE, STUMBLE, STUMBLE_WORDS, STUMBLING
from rollout.models import Deployment
from training.models import TrainingPlan, TrainingPlanPoint


def add_curves(deployments: Iterable[Deployment]) -> None:
    """Give each of these sites a curve of its own up to its go-live. To be called inside a transaction."""
    plans, points = [], []
    for deployment in deployments:
        go_live, stumbles = deployment.go_live, deployment.site.code in STUMBLING
        if go_live is None:
            continue
        plan = TrainingPlan(deployment=deployment, words=STUMBLE_WORDS if stumbles else "")
        plans.append(plan)
        shares = {**dict(CURVE), **(STUMBLE if stumbles else {})}
        points += [(plan, go_live - timedelta(days=before), share) for before, share in shares.items()]
    TrainingPlan.objects.bulk_create(plans)
    TrainingPlanPoint.objects.bulk_create(
        TrainingPlanPoint(plan=plan, on=on, share=Decimal(share) / 100) for plan, on, share in points
    )
