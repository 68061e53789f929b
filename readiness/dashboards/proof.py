"""What a system check finds for one item, in words, with a link to the records."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from readiness.checks import CHECKS, Check, Finding, findings
from readiness.choices import ItemState
from readiness.dashboards.judged import model_in_use
from readiness.models import ChecklistItem
from rollout.models import Deployment


@dataclass(frozen=True)
class Proof:
    """A check of an item: what it asks, what it found ("" where that may not be known), what follows, its records."""

    label: Any
    words: str
    follows: str
    href: str
    holds: bool


def proof_of(item: ChecklistItem, day: date, *, few: bool) -> Proof | None:
    """What the item's check finds today; None without a check. `few`: the reader may know counts of few people.

    At most six queries.
    """
    deployment, code = item.deployment, item.template_item.check_code
    model = model_in_use(deployment.programme_id) if code in CHECKS else None
    if model is None:
        return None
    found = findings(model, ids=[deployment.pk], day=day, item_id=item.pk)
    if not found:
        return None
    finding = found[0]
    words = finding.words if few or not finding.check.of_people else ""
    return Proof(finding.check.label, words, _follows(finding), address_of(finding.check, deployment), finding.holds)


def address_of(check: Check, deployment: Deployment) -> str:
    """The page that shows the records of a check."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    if check.indicator:
        return reverse("readiness:indicator-records", kwargs={**address, "indicator": check.indicator})
    of_programme = check.page.startswith("readiness:programme-")
    page = reverse(check.page, kwargs={"programme": address["programme"]} if of_programme else address)
    return f"{page}#{check.anchor}" if check.anchor else page


def _follows(finding: Finding) -> str:
    """What the finding means for the item as it stands."""
    if finding.state == ItemState.NOT_APPLICABLE:
        return gettext("The item does not apply here, so the check changes nothing.")
    if finding.holds and finding.state == ItemState.BLOCKED:
        return gettext("The records show it. The item stays blocked until somebody says otherwise.")
    if finding.holds:
        return gettext("The records show it. Should they no longer do so, the item goes back to not started by itself.")
    if finding.state != ItemState.DONE:
        return gettext("The records do not show it yet. Once they do, the item becomes completed by itself.")
    if finding.proved_here:
        return gettext("The records no longer show it. The item goes back to not started within minutes.")
    return gettext(
        "The records here do not show it: the item counts as completed because somebody else vouches for it."
    )
