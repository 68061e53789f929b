"""Checklist items proved, and no longer proved, by what the records show: events of the program itself.

The checks are asked for today, of sites whose records changed and of every site once a night. A score reads the events
like any other, so that it stays a function of records effective on its day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from readiness.checks import Finding, findings
from readiness.choices import Assurance, ItemState
from readiness.models import ChecklistItem
from readiness.services.item_events import add_events
from readiness.services.scores import models_of
from rollout.audit import acting

TO_PROVE = frozenset({ItemState.NOT_STARTED, ItemState.IN_PROGRESS})

# Today at each site. An embedded deployment is not scored any more.
_TODAY = """
    SELECT (%s AT TIME ZONE s.time_zone)::date AS today, array_agg(d.id ORDER BY d.id)
    FROM rollout_deployment d
    JOIN rollout_site s ON s.id = d.site_id
    WHERE d.id = ANY(%s) AND d.retired_at IS NULL AND d.stage <> 'embedded'
    GROUP BY today
    ORDER BY today
"""


def by_today(ids: Sequence[int], now: datetime | None = None) -> list[tuple[date, list[int]]]:
    """The deployments that are scored, by the day that it is at their sites. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, [now or timezone.now(), list(ids)])
        return cursor.fetchall()


@transaction.atomic
def prove_items(*, ids: Sequence[int]) -> int:
    """Write what the checks of these deployments' items find today; how many events that took. Repeating adds none.

    An item that the records prove becomes done; one that a check proved, and no longer does, goes back to not started.
    What the records do not show and somebody else vouches for is left alone (a person's word, another system's proof),
    and so is what people say is blocked or does not apply.
    """
    return sum(_prove(members, model, day) for day, there in by_today(ids) for _id, model, members in models_of(there))


def _prove(ids: Sequence[int], model: Any, day: date) -> int:
    found = findings(model, ids=sorted(ids), day=day)
    wanted = {finding.item_id: (finding, said) for finding in found if (said := said_of(finding))}
    if not wanted:
        return 0
    with acting(None, "system check"):
        held = (
            ChecklistItem.objects.current()
            .select_for_update(of=("self",), no_key=True)
            .filter(pk__in=wanted)
            .order_by("pk")
        )
        # Somebody may have said something else since the check was asked: then it is asked again.
        events = [(item, wanted[item.pk][1]) for item in held if _stands(item, wanted[item.pk][0])]
        return len(add_events(events, by=None))


def said_of(finding: Finding) -> Mapping[str, Any]:
    """What an event has to say after a finding; empty where the item stands as it should."""
    done = finding.state == ItemState.DONE and not finding.stale
    if finding.holds and (finding.state in TO_PROVE or finding.stale):
        return {
            "state": ItemState.DONE,
            "assurance": Assurance.PROVED,
            "check_code": finding.code,
            "reason": gettext("The records show it. %(found)s") % {"found": told(finding)},
        }
    if finding.holds and done and not finding.proved_here:
        return {"assurance": Assurance.PROVED, "check_code": finding.code}
    if not finding.holds and finding.state == ItemState.DONE and finding.proved_here:
        return {
            "state": ItemState.NOT_STARTED,
            "check_code": finding.code,
            "reason": gettext("The records no longer show it. %(found)s") % {"found": told(finding)},
        }
    return {}


def told(finding: Finding) -> str:
    """The finding as an event keeps it: without numbers of people, since everybody reads the history of an item."""
    return str(finding.check.label) + "." if finding.check.of_people else finding.words


def _stands(item: ChecklistItem, finding: Finding) -> bool:
    return (item.state, item.assurance) == (finding.state, finding.assurance)
