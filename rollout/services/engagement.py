"""Events at which people meet: a champions' forum, a visit between sites."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.choices import EngagementKind
from rollout.models import Deployment, EngagementEvent, User
from rollout.services.codes import next_code
from rollout.services.edits import held
from rollout.services.refusals import Refused

PREFIX = "EVENT"


class NotASite(Refused):
    """No such site is in the programme, as far as the user may know; said at the other site."""

    field = "other_site"


class DayToCome(Refused):
    """What has not happened yet reached nobody; said at the day."""

    field = "held_on"


def record_event(
    *,
    deployment: Deployment,
    kind: EngagementKind,
    held_on: date,
    today: date,
    other_site: str,
    groups: Collection[int],
    people: int | None,
    words: str,
    by: User,
) -> EngagementEvent:
    """Write down an event of a site, and of another one of the programme by its code ("": of none).

    `today` is the site's. Raises DayToCome, and NotASite for a code that names no site the user may know of.
    """
    if held_on > today:
        raise DayToCome(gettext("The day must not be in the future."))
    with acting(by, "event recorded"):
        sites = [deployment.site_id]
        if other_site:
            there = Deployment.objects.current().visible_to(by).filter(programme=deployment.programme_id)
            found = there.filter(site__code__iexact=other_site).values_list("site", flat=True).first()
            if found is None:
                raise NotASite(gettext("No site of the programme that you know of has this code."))
            sites.append(found)
        event = EngagementEvent.objects.create(
            programme_id=deployment.programme_id,
            code=next_code(EngagementEvent.objects.all(), deployment.programme_id, PREFIX),
            kind=kind,
            held_on=held_on,
            people=people,
            words=words,
        )
        event.sites.set(sites)
        event.groups.set(groups)
        return event


def retire_event(*, event_id: int, by: User) -> EngagementEvent:
    """Take back an event that was recorded by mistake; it stays in the history."""
    with held(EngagementEvent.objects.all(), event_id, by, "event taken back") as event:
        if event.retired_at is None:
            event.retired_at, event.retired_by = timezone.now(), by
            event.save(update_fields=["retired_at", "retired_by"])
        return event
