"""When something that a person does is said to have happened."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

CLOCK_STEP = timedelta(minutes=10)


def now_after(events: "QuerySet[Any]") -> datetime:
    """Now, or just after the last of the events (by `at`) where the clock was set back a little.

    So two changes one after the other keep their order, and no two of one record share a moment.
    """
    now = timezone.now()
    just_now = events.filter(at__gte=now, at__lt=now + CLOCK_STEP)
    last = just_now.order_by("-at").values_list("at", flat=True).first()
    return now if last is None else last + timedelta(microseconds=1)
