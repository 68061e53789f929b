"""What waits because of shifts and the log: shifts given back, entries that were refused at their arrival."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from readiness.dashboards.work.declined import declined_duty, declined_shifts
from readiness.dashboards.work.duties import Duties, Duty
from readiness.dashboards.work.refused import refused_duty, refused_entries
from rollout.models import User

COLUMNS = (
    *("sort", "pk", "at", "until", "told", "kind", "place", "place_name"),
    *("programme_code", "programme_name", "site_code", "site_name", "zone"),
)
WORDS: Mapping[str, Callable[[Mapping[str, Any]], Duty]] = {"declined": declined_duty, "refused": refused_duty}


def from_champions(user: User, most: int) -> Duties:
    """Rows of both kinds: the shifts first, the next of them first, then entries by age. Two queries."""
    declined = declined_shifts(user).order_by().values_list(*COLUMNS)
    rows = declined.union(refused_entries(user).order_by().values_list(*COLUMNS), all=True).order_by("sort", "at", "pk")
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows[:most]]
    for row in found:
        zone = ZoneInfo(row["zone"])
        row["at"], row["until"] = row["at"].astimezone(zone), row["until"].astimezone(zone)
    duties = [WORDS[row["sort"]](row) for row in found]
    return Duties(duties, len(duties) if len(duties) < most else rows.count())
