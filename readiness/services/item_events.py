"""Events of checklist items written, many at once, and the items brought up to them. For services that hold them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from readiness.models import ChecklistEvent, ChecklistItem
from readiness.services.checklists import refresh_some
from rollout.models import User
from rollout.services.moments import CLOCK_STEP
from rollout.services.people import person_of

Said = Mapping[str, Any]


def add_events(said: Sequence[tuple[ChecklistItem, Said]], *, by: User | None) -> list[ChecklistEvent]:
    """Write an event of now for each item, with what is said of it, and bring the items up to them.

    Four statements, whatever the number. To be called inside a transaction that holds the items and says who acts.
    """
    if not said:
        return []
    now, author = timezone.now(), person_of(by) if by else None
    last = _last_moments([item for item, _fields in said], now)
    events = ChecklistEvent.objects.bulk_create(
        ChecklistEvent(
            item=item,
            deployment_id=item.deployment_id,
            at=last[item.pk] + timedelta(microseconds=1) if item.pk in last else now,
            by=author,
            **fields,
        )
        for item, fields in said
    )
    refresh_some(item_ids=[item.pk for item, _fields in said])
    return events


def _last_moments(items: Sequence[ChecklistItem], now: datetime) -> dict[int, datetime]:
    """Of items whose last event is of now or, where the clock was set back a little, of later: when that was."""
    events = ChecklistEvent.objects.filter(item__in=items, at__gte=now, at__lt=now + CLOCK_STEP)
    return dict(events.order_by().values("item").annotate(last=Max("at")).values_list("item", "last"))
