"""How a site stands, in the few lines above each of its pages: score, what holds it, declared, moved since."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from readiness.dashboards.declared import Declared, declared_of, with_declared
from readiness.dashboards.held import Cap, behind_caps, caps_of
from readiness.dashboards.judged import models_of
from readiness.models import ReadinessScore
from rollout.models import Deployment

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Since:
    """How the score moved since another day, in points; None where that day has no score."""

    day: date
    points: Decimal | None


@dataclass(frozen=True)
class Head:
    """A stored score and what stands beside it."""

    score: ReadinessScore
    caps: tuple[Cap, ...]
    declared: Declared
    since: Since

    @property
    def holding(self) -> list[Cap]:
        """The caps that keep the score where it is."""
        return [cap for cap in self.caps if cap.holds]

    @property
    def superseded(self) -> bool:
        """Whether a later revision replaced the score."""
        return self.score.superseded_at is not None


def score_shown(deployment: Deployment, day: date | None = None, revision: int | None = None) -> ReadinessScore | None:
    """The score a page shows: the newest current one, the current one of a day, or a revision of that day."""
    scores = ReadinessScore.objects.filter(deployment=deployment).newest_first()
    if day is not None:
        scores = scores.filter(day=day)
    return (scores.current() if revision is None else scores.filter(revision=revision)).first()


def head_of(deployment: Deployment, score: ReadinessScore, as_of: date | None = None) -> Head:
    """What stands beside a score. At most four queries, whatever stands behind it."""
    model = models_of([score])[score.model_id]
    behind = behind_caps(deployment.pk, model, score.day, score.caps) if score.superseded_at is None else ()
    present = with_declared(Deployment.objects.filter(pk=deployment.pk), as_of).get()
    return Head(score, caps_of(score, model, behind), declared_of(present, score.band), _since(score))


def _since(score: ReadinessScore) -> Since:
    before = ReadinessScore.objects.current().filter(deployment=score.deployment_id, day=score.day - WEEK)
    earlier = before.newest_first().values_list("score", flat=True).first()
    return Since(score.day - WEEK, None if earlier is None else score.score - earlier)
