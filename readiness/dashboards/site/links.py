"""Where the records behind a line of a site's page are to be seen."""

from django.urls import NoReverseMatch, reverse

from readiness.scoring import Unit
from rollout.models import Deployment


def why_address(deployment: Deployment, anchor: str = "") -> str:
    """The page that explains the score, at one of its parts; "" where there is none."""
    path = _address("readiness:deployment-why", deployment)
    return f"{path}#{anchor}" if path and anchor else path


def records_address(deployment: Deployment, code: str, unit: Unit) -> str:
    """The page nearest to the record: the item, the rota of a slot, else the records of the indicator.

    An agreement stands behind a cap, and so is told of where the caps are.
    """
    if code.startswith("checklist."):
        path = _address("readiness:checklist-item", deployment, item=unit.facts["item"])
    elif code == "champions.cover":
        path = _address("readiness:deployment-rota", deployment)
    elif "." in code:
        path = _address("readiness:indicator-records", deployment, indicator=code)
    else:
        return why_address(deployment, "caps")
    return path or why_address(deployment, code)


def _address(name: str, deployment: Deployment, **more: str) -> str:
    address = {"programme": deployment.programme.code, "site": deployment.site.code, **more}
    try:
        return reverse(name, kwargs=address)
    except NoReverseMatch:
        return ""
