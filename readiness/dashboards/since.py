"""The days a score can be compared with."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, Min, Q
from django.utils.translation import gettext_lazy as _

from readiness.models import ReadinessScore
from rollout.models import Deployment

# Comparisons people ask for most: days back from the day shown.
BACK = ((1, _("Since the day before")), (7, _("Since 7 days before")), (28, _("Since 28 days before")))


@dataclass(frozen=True)
class Days:
    """The first and the last day with a score, and the newest one before the day shown whose score was another."""

    first: date | None
    last: date | None
    changed: date | None


def days_of(deployment: Deployment, shown: ReadinessScore | None) -> Days:
    """The days of a deployment's scores. One query."""
    scores = ReadinessScore.objects.current().filter(deployment=deployment)
    other = Q(day__lt=shown.day) & ~Q(score=shown.score) if shown else Q(pk__in=[])
    found = scores.aggregate(first=Min("day"), last=Max("day"), changed=Max("day", filter=other))
    return Days(**found)


def quick_links(days: Days, shown: ReadinessScore | None, as_of: date | None) -> list[dict[str, Any]]:
    """Links of ?since= to the days that have a score to compare with."""
    if shown is None or days.first is None:
        return []
    found = [(shown.day - timedelta(days=back), words) for back, words in BACK]
    if days.changed is not None:
        found.append((days.changed, _("Since before the last change")))
    more = {"as_of": as_of.isoformat()} if as_of else {}
    return [
        {"label": words, "day": day, "href": f"?{urlencode({'since': day.isoformat(), **more})}"}
        for day, words in found
        if day >= days.first
    ]
