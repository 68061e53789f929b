"""The hazard log: what could harm a patient, how likely and how badly, what is done about it, who accepts the rest."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from readiness.models import Hazard
from readiness.services.gates import seats_of
from rollout.audit import acting
from rollout.models import Deployment, Membership, Programme, User
from rollout.permissions import keep_checklist, manage_programme
from rollout.querysets.rights import deployments_kept, rights_of
from rollout.services.codes import next_code
from rollout.services.deployments import today_at
from rollout.services.edits import held, save_edit
from rollout.services.people import person_of
from rollout.services.refusals import Refused

# What people write of a hazard; each rating is 1 to 5.
HAZARD = ("text", "likelihood", "severity", "mitigation")
PREFIX = "HAZ"
# The seat that keeps the log beside managers and site leads.
SAFETY = "clinical_safety_officer"


def today_of(deployment: Deployment | None) -> date:
    """Today at the site; of a hazard of the whole programme, today here."""
    return timezone.localdate() if deployment is None else today_at(deployment)


def seats_here(user: Any, programme: Programme, deployment: Deployment | None) -> frozenset[str]:
    """The seats that the user signs for there: at the site, or for the whole programme."""
    if deployment is not None:
        return frozenset(seats_of(user, deployment).values_list("code", flat=True))
    held = Membership.objects.signing_for(programme.pk, None).filter(user=user)
    return frozenset(held.values_list("seat_role__code", flat=True))


def keep_hazards(user: Any, programme: Programme, deployment: Deployment | None) -> bool:
    """Enter, rate and close: who manages the programme or leads the site, and its clinical safety officer."""
    keeps = manage_programme(user, programme) if deployment is None else keep_checklist(user, deployment)
    return keeps or SAFETY in seats_here(user, programme, deployment)


def kept_by(user: Any, programme: Programme) -> "QuerySet[Deployment]":
    """The sites of a programme where the user keeps the log."""
    deployments = Deployment.objects.current().visible_to(user).filter(programme=programme)
    if keep_hazards(user, programme, None):
        return deployments
    signed = Membership.objects.current().filter(user=user, seat_role__code=SAFETY, site__isnull=False)
    signed = signed.filter(Q(programme=programme) | Q(programme=None))
    return deployments.filter(deployments_kept(rights_of(user)) | Q(site__in=signed.values("site")))


def raise_hazard(
    *,
    programme: Programme,
    deployment: Deployment | None,
    text: str,
    likelihood: int,
    severity: int,
    mitigation: str,
    by: User,
) -> Hazard:
    """Enter a hazard of a site, or (no deployment) of the whole programme, under the programme's next number."""
    with acting(by, "hazard raised"):
        return Hazard.objects.create(
            programme=programme,
            deployment=deployment,
            code=next_code(Hazard.objects.all(), programme.pk, PREFIX),
            text=text,
            likelihood=likelihood,
            severity=severity,
            mitigation=mitigation,
            raised_on=today_of(deployment),
        )


def change_hazard(
    *, hazard_id: int, mark: str, text: str, likelihood: int, severity: int, mitigation: str, by: User
) -> Hazard:
    """Describe or rate a hazard anew. One that is rated higher than what was accepted has to be accepted again.

    Raises RecordChanged.
    """
    with held(Hazard.objects.filter(retired_at=None), hazard_id, by, "hazard changed") as hazard:
        before = hazard.likelihood * hazard.severity
        values = {"text": text, "likelihood": likelihood, "severity": severity, "mitigation": mitigation}
        changed = save_edit(hazard, mark=mark, names=HAZARD, values=values)
        if changed and hazard.accepted_on is not None and likelihood * severity > before:
            hazard.accepted_on, hazard.accepted_by = None, None
            hazard.save(update_fields=["accepted_on", "accepted_by"])
        return hazard


def accept_hazard(*, hazard_id: int, by: User) -> Hazard:
    """Accept what is left of a hazard, from today on. One that is accepted stays so.

    Raises Refused for one that is closed, and where nothing is written about what is done about it.
    """
    with held(Hazard.objects.filter(retired_at=None), hazard_id, by, "hazard accepted") as hazard:
        if hazard.closed_on is not None:
            raise Refused(gettext("This hazard is closed: nothing is left to accept."))
        if not hazard.mitigation.strip():
            raise Refused(gettext("Write first what is done about it, so that it is plain what you accept."))
        if hazard.accepted_on is None:
            hazard.accepted_on, hazard.accepted_by = today_of(hazard.deployment), person_of(by)
            hazard.save(update_fields=["accepted_on", "accepted_by"])
        return hazard


def close_hazard(*, hazard_id: int, by: User) -> Hazard:
    """Record that a hazard is gone from today on. One that is closed stays so."""
    with held(Hazard.objects.filter(retired_at=None), hazard_id, by, "hazard closed") as hazard:
        if hazard.closed_on is None:
            hazard.closed_on = today_of(hazard.deployment)
            hazard.save(update_fields=["closed_on"])
        return hazard


def reopen_hazard(*, hazard_id: int, by: User) -> Hazard:
    """Take a hazard up again that was closed or accepted. One that is open stays so."""
    with held(Hazard.objects.filter(retired_at=None), hazard_id, by, "hazard opened again") as hazard:
        if hazard.closed_on is not None or hazard.accepted_on is not None:
            hazard.closed_on, hazard.accepted_on, hazard.accepted_by = None, None, None
            hazard.save(update_fields=["closed_on", "accepted_on", "accepted_by"])
        return hazard
