"""Events of checklist items written, many at once, and the items brought up to them. For services that hold them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Field, Max
from django.db.models.expressions import DatabaseDefault
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
    events = [
        ChecklistEvent(
            item=item,
            deployment_id=item.deployment_id,
            at=last[item.pk] + timedelta(microseconds=1) if item.pk in last else now,
            by=author,
            **fields,
        )
        for item, fields in said
    ]
    _insert(events)
    refresh_some(item_ids=[item.pk for item, _fields in said])
    return events


def _last_moments(items: Sequence[ChecklistItem], now: datetime) -> dict[int, datetime]:
    """Of items whose last event is of now or, where the clock was set back a little, of later: when that was."""
    events = ChecklistEvent.objects.filter(item__in=items, at__gte=now, at__lt=now + CLOCK_STEP)
    return dict(events.order_by().values("item").annotate(last=Max("at")).values_list("item", "last"))


def _insert(events: Sequence[ChecklistEvent]) -> None:
    """Write the events, of one item each, and set their ids.

    They go as one value: thousands of rows of parameters take longer to be spelled out than to be stored.
    """
    # What the database works out itself, as a moment of its own clock, is left to it.
    stored = [field for field in ChecklistEvent._meta.concrete_fields if not field.primary_key]
    fields = [field for field in stored if not hasattr(field.db_default, "resolve_expression")]
    names = ", ".join(f'"{field.column}"' for field in fields)
    types = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields)
    rows = [{field.column: _written(event, field) for field in fields} for event in events]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO readiness_checklistevent ({names}) "
            f"SELECT {names} FROM json_to_recordset(%s::json) AS said ({types}) RETURNING item_id, id",
            [json.dumps(rows, ensure_ascii=False)],
        )
        ids = dict(cursor.fetchall())
    for event in events:
        event.pk = ids[event.item_id]


def _written(event: ChecklistEvent, field: Field) -> Any:
    value = getattr(event, field.attname)
    if isinstance(value, DatabaseDefault):
        return field.db_default
    return value.isoformat() if isinstance(value, date) else value
