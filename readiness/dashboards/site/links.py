"""Where the records behind a line of a site's page are to be seen."""

from collections.abc import Sequence

from django.urls import reverse

from readiness.dashboards.site.records import Named
from readiness.scoring import Unit
from rollout.models import Deployment


def records_address(deployment: Deployment, code: str, unit: Unit, behind: Sequence[Named]) -> str:
    """The page nearest to the record: the item, the hazard, the rota of a slot, else the records of the indicator.

    An agreement stands behind a cap, and so is told of where the caps are.
    """
    if code.startswith("checklist."):
        return _address("checklist-item", deployment, item=unit.facts["item"])
    if code == "governance.hazards" and behind and behind[0].code:
        hazard = {"programme": deployment.programme.code, "hazard": behind[0].code}
        return reverse("readiness:hazard-detail", kwargs=hazard)
    if code == "champions.cover":
        return _address("deployment-rota", deployment)
    if "." in code:
        return _address("indicator-records", deployment, indicator=code)
    return f"{_address('deployment-why', deployment)}#caps"


def _address(name: str, deployment: Deployment, **more: str) -> str:
    parts = {"programme": deployment.programme.code, "site": deployment.site.code, **more}
    return reverse(f"readiness:{name}", kwargs=parts)
