"""Leave to go on without something for a while: asked, approved or denied by somebody else, revoked, or lapsed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.utils.translation import gettext

from readiness.choices import WaiverState
from readiness.models import ChecklistItem, Waiver
from readiness.models.safety import COLLISION_PREFIX, WAIVED_CAP
from rollout.audit import acting
from rollout.models import Deployment, User
from rollout.services.codes import next_code
from rollout.services.deployments import today_at
from rollout.services.people import person_of
from rollout.services.refusals import Refused

WEEK = re.compile(rf"{COLLISION_PREFIX}[0-9]{{4}}-W[0-9]{{2}}")
LONGEST = timedelta(days=366)


def can_be_waived(deployment: Deployment, subject: str) -> bool:
    """Whether there is such a thing to waive here: an item of the checklist, the agreement cap, a week's collision."""
    if subject == WAIVED_CAP or WEEK.fullmatch(subject):
        return True
    return ChecklistItem.objects.current().filter(deployment=deployment, code=subject).exists()


def ask_waiver(*, deployment: Deployment, subject: str, reason: str, until_on: date, by: User) -> Waiver:
    """Ask for a waiver until a day. One that is asked for already, by whomever, is the one.

    Raises Refused for what cannot be waived, for a day that has passed, and for one more than a year away.
    """
    with acting(by, "waiver asked"):
        held = (
            Deployment.objects.select_for_update(of=("self",), no_key=True).select_related("site").get(pk=deployment.pk)
        )
        today = today_at(held)
        if not can_be_waived(held, subject):
            raise Refused(gettext("There is no such item at this site."))
        if until_on < today:
            raise Refused(gettext("The last day must not be in the past."))
        if until_on - today > LONGEST:
            raise Refused(gettext("A waiver lasts a year at most. Ask again when it lapses."))
        asked = Waiver.objects.filter(deployment=held, subject=subject, state=WaiverState.ASKED, retired_at=None)
        return asked.first() or Waiver.objects.create(
            programme_id=held.programme_id,
            deployment=held,
            code=next_code(Waiver.objects.all(), held.programme_id, "WAIVER"),
            subject=subject,
            reason=reason,
            asked_by=person_of(by),
            asked_on=today,
            from_on=today,
            until_on=until_on,
        )


def decide_waiver(*, waiver_id: int, approve: bool, by: User) -> Waiver:
    """Approve or deny a waiver. The same answer again changes nothing.

    Raises Refused for the person who asked, and where somebody has decided otherwise.
    """
    wanted = WaiverState.APPROVED if approve else WaiverState.DENIED
    with _held(waiver_id, by, "waiver decided") as waiver:
        if waiver.state == wanted:
            return waiver
        if waiver.state != WaiverState.ASKED:
            raise Refused(gettext("This waiver has been decided already."))
        if waiver.asked_by_id == person_of(by).pk:
            raise Refused(gettext("You asked for this waiver yourself. Somebody else has to decide."))
        waiver.state, waiver.decided_by, waiver.decided_on = wanted, person_of(by), today_at(waiver.deployment)
        waiver.save(update_fields=["state", "decided_by", "decided_on"])
        return waiver


def revoke_waiver(*, waiver_id: int, by: User) -> Waiver:
    """Take an approved waiver back from today on; one that is revoked stays as it is. Raises Refused for any other."""
    with _held(waiver_id, by, "waiver revoked") as waiver:
        if waiver.state == WaiverState.REVOKED:
            return waiver
        if waiver.state != WaiverState.APPROVED:
            raise Refused(gettext("Only an approved waiver can be revoked."))
        waiver.state, waiver.revoked_by = WaiverState.REVOKED, person_of(by)
        waiver.revoked_on = today_at(waiver.deployment)
        waiver.save(update_fields=["state", "revoked_by", "revoked_on"])
        return waiver


@contextmanager
def _held(waiver_id: int, by: User, reason: str) -> Iterator[Waiver]:
    """The waiver, held until the transaction ends."""
    with acting(by, reason):
        rows = Waiver.objects.select_for_update(of=("self",), no_key=True).select_related("deployment__site")
        yield rows.get(pk=waiver_id, retired_at=None)
