"""Where the page of a gate leads: to the records behind what it asks, to who may sign it, to the next stage."""

from collections.abc import Mapping
from datetime import date

from django.urls import reverse

from readiness.choices import PASSED, GateKind
from readiness.models import Gate, GateReview
from rollout.choices import Role, Stage
from rollout.models import Deployment, SeatRole
from rollout.services.stages import NEXT


def records_behind(deployment: Deployment, day: date, *, today: date) -> Mapping[str, str]:
    """The address behind each criterion of a gate, by its code, as of the day whose figures it shows."""
    as_of = f"?as_of={day.isoformat()}" if day < today else ""
    here = {"programme": deployment.programme.code, "site": deployment.site.code}
    why = reverse("readiness:deployment-why", kwargs=here)
    hazards = reverse("readiness:hazard-list", kwargs={"programme": deployment.programme.code})
    return {
        "cap": f"{why}{as_of}#caps",
        "collision": f"{reverse('readiness:programme-list')}?view=calendar",
        "score": f"{why}{as_of}",
        "training": reverse("readiness:deployment-training", kwargs=here) + as_of,
        "log_in_tests": reverse("readiness:indicator-records", kwargs={**here, "indicator": "technical.access"})
        + as_of,
        "hazards": f"{hazards}?site={deployment.site.code}",
        "cover": reverse("readiness:deployment-rota", kwargs=here) + as_of,
        "differs": f"{why}{as_of}",
        "stale": reverse("readiness:checklist", kwargs=here) + as_of,
    }


def add_signatory(deployment: Deployment, seat: SeatRole, *, back: str) -> str:
    """Where a person is added who signs for a seat of this site; from there one comes `back`."""
    query = {
        "role": Role.SIGNATORY.value,
        "programme": deployment.programme.code,
        "site": deployment.site.code,
        "seat": seat.code,
        "next": back,
    }
    return reverse("rollout:person-new", query=query)


def stage_after(deployment: Deployment, gate: Gate, review: GateReview | None) -> str:
    """Where the stage is taken that a gate has just let through; "" where it let none through, or it is taken."""
    lets = {GateKind.TECHNICAL: Stage.TECHNICAL_LIVE, GateKind.GO_LIVE: Stage.LIVE}.get(GateKind(gate.kind))
    passed = review is not None and review.outcome in PASSED
    if not passed or lets is None or NEXT.get(deployment.stage) != lets:
        return ""
    here = {"programme": deployment.programme.code, "site": deployment.site.code}
    return reverse("readiness:deployment-plan", kwargs={**here, "step": "stage"})
