"""What one may ask of scores."""

from datetime import date

from django.db import models
from django.db.models import Expression, F, OuterRef, Subquery
from django.utils import timezone

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of


class ReadinessScoreQuerySet(models.QuerySet):
    """Scores: one deployment on one day, revision by revision."""

    def current(self) -> "ReadinessScoreQuerySet":
        """Scores that no later revision replaced."""
        return self.filter(superseded_at=None)

    def until(self, day: date | None) -> "ReadinessScoreQuerySet":
        """Scores of the day and the days before it; of every day where none is given."""
        return self if day is None else self.filter(day__lte=day)

    def seen_from(self, day: date | None) -> "ReadinessScoreQuerySet":
        """Scores that may be the newest one on a day: those until then. Of a day to come only its own count.

        Such a score is there where the day has begun at a site in the east; otherwise nothing is known of that day.
        """
        to_come = day is not None and day > timezone.localdate()
        return self.filter(day=day) if to_come else self.until(day)

    def newest_first(self) -> "ReadinessScoreQuerySet":
        """The newest day first, and of one day the score of the newest model."""
        return self.order_by("-day", "-model_id", "-revision")

    def visible_to(self, user: Somebody) -> "ReadinessScoreQuerySet":
        """Scores of the deployments that the user may know of."""
        return self.filter(deployments_in_scope(rights_of(user), "deployment__"))

    def latest_of_each(self, value: str | Expression, day: date | None = None) -> Subquery:
        """A column or expression of the newest current score, for a queryset of deployments; none without a score.

        One probe of the index `readiness_score_one_current` a deployment (35 ms for 10,000 of them): the days before
        the newest are never read.
        """
        newest = self.current().seen_from(day).filter(deployment=OuterRef("pk")).order_by("-day", "-model_id")
        expression = F(value) if isinstance(value, str) else value
        return Subquery(newest.annotate(wanted=expression).values("wanted")[:1])
