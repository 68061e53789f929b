"""What was counted on a ward: devices, Wi-Fi, log-in, printers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.choices import Infrastructure
from rollout.models import Deployment, User, Ward, WardCount
from rollout.services.deployments import today_at
from rollout.services.edits import RecordChanged
from rollout.services.people import person_of
from rollout.services.refusals import Refused


@dataclass(frozen=True)
class WardCounts:
    """All that was counted on one ward for a deployment, by kind: (needed, ready, on which day)."""

    deployment: Deployment
    ward: Ward
    counts: Mapping[str, tuple[int, int, date]]

    @property
    def mark(self) -> str:
        """A mark of the counts, for a form to bring back: 16 hexadecimal digits."""
        return blake2b(repr(sorted(self.counts.items())).encode(), digest_size=8).hexdigest()


def counts_at(deployment: Deployment, ward: Ward) -> WardCounts:
    """What was counted on a ward. One query."""
    rows = WardCount.objects.filter(deployment=deployment, ward=ward, retired_at=None)
    found = {row.kind: (row.needed, row.ready, row.counted_on) for row in rows}
    return WardCounts(deployment, ward, found)


def count_ward(
    *,
    deployment: Deployment,
    ward: Ward,
    mark: str,
    counts: Mapping[Infrastructure, tuple[int, int]],
    counted_on: date,
    by: User,
) -> WardCounts:
    """Record how many of each kind are needed and ready on a ward; kinds that are not named stay as they are.

    A count that says the same keeps its day, so that a form sent twice counts once. Raises RecordChanged, and Refused
    for a day that has not come and for more ready than needed.
    """
    with acting(by, "ward counted"):
        held = (
            Deployment.objects.select_for_update(of=("self",), no_key=True).select_related("site").get(pk=deployment.pk)
        )
        now = counts_at(held, ward)
        new = {kind: pair for kind, pair in counts.items() if now.counts.get(kind, ())[:2] != pair}
        if not new:
            return now
        if now.mark != mark:
            raise RecordChanged(now)
        if counted_on > today_at(held):
            raise Refused(gettext("The day of the count must not be in the future."))
        if any(ready > needed for needed, ready in new.values()):
            raise Refused(gettext("No more can be ready than are needed."))
        for kind, (needed, ready) in new.items():
            values = {"needed": needed, "ready": ready, "counted_on": counted_on, "by": person_of(by)}
            WardCount.objects.update_or_create(deployment=held, ward=ward, kind=kind, defaults=values)
        return counts_at(held, ward)
