"""Where a site started from, assessment by assessment, beside how its domains stand today."""

from dataclasses import dataclass
from datetime import date

from readiness.dashboards.judged import judgement_of, models_of
from readiness.dashboards.site.domains import DomainPoints, points_of
from readiness.models import ReadinessScore
from rollout.choices import ReadinessDomain
from rollout.models import BaselineAssessment, Deployment

SHOWN = 6  # assessments side by side: the first, and the newest


@dataclass(frozen=True)
class DomainStart:
    """One domain: each day with how it was assessed (None: not then), and its points today (None: no score)."""

    name: str
    assessed: tuple[tuple[date, BaselineAssessment | None], ...]
    today: DomainPoints | None


@dataclass(frozen=True)
class Baseline:
    """The assessments of a site; `left_out` are those between the first and the newest that are not shown."""

    days: tuple[date, ...]
    domains: tuple[DomainStart, ...]
    left_out: int


def baseline_of(deployment: Deployment, score: ReadinessScore | None, *, few: bool) -> Baseline:
    """The assessments of a site and its domains in a score. Two queries at most.

    `few`: counts of fewer than 5 people may be shown, and what would tell them.
    """
    rows = BaselineAssessment.objects.filter(deployment=deployment, retired_at=None).order_by("assessed_on")
    by_day: dict[date, dict[str, BaselineAssessment]] = {}
    for row in rows:
        by_day.setdefault(row.assessed_on, {})[row.domain] = row
    days = list(by_day)
    shown = days if len(days) <= SHOWN else [days[0], *days[1 - SHOWN :]]
    today: dict[str, DomainPoints] = {}
    if score is not None:
        model = models_of([score])[score.model_id]
        today = {each.domain: each for each in points_of(judgement_of(score, deployment, model), few=few).domains}
    domains = tuple(
        DomainStart(
            str(domain.label), tuple((day, by_day[day].get(domain.value)) for day in shown), today.get(domain.value)
        )
        for domain in ReadinessDomain
    )
    return Baseline(tuple(shown), domains, len(days) - len(shown))
