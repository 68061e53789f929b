"""The records behind a site's score, read once for every part of its page."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from readiness.explain import Evidence
from readiness.indicators import evidence_of
from readiness.scoring import Model, Situation
from rollout.models import Deployment


@dataclass(frozen=True)
class Known:
    """What is known now of one day at a site, and the scoring model that reads it."""

    model: Model
    evidence: Evidence
    situation: Situation

    @property
    def day(self) -> date:
        """The day it is known of."""
        return self.situation.day


def today_at(deployment: Deployment) -> date:
    """Today by the site's clock."""
    return timezone.localdate(timezone=ZoneInfo(deployment.site.time_zone))


def known_of(deployment: Deployment, model: Model, day: date) -> Known | None:
    """The records of a day; None where the site is not scored any more. Two queries at most."""
    try:
        evidence, situation = evidence_of(model, deployment.pk, day=day)
    except LookupError:
        return None
    return Known(model, evidence, situation)
