"""What one may ask of scores."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.db import models
from django.db.models import Case, Expression, F, FilteredRelation, OuterRef, Q, Subquery, When
from django.utils import timezone

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of

# Of the newest scores this many are passed over to find the day that most deployments were scored last: in the day,
# those that an import or a person touched are a day ahead of the others.
PASSED_OVER = 1_000


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

    def newest_of_each(
        self, deployments: models.QuerySet, day: date | None = None, *, via: str = "newest", **wanted: str | Expression
    ) -> models.QuerySet:
        """Deployments annotated with columns or expressions of the newest current score of each; None without a score.

        The same as `latest_of_each`, for lists of thousands: the scores that one night gave to nearly all of them come
        by a join, in the order of an index (7 ms for 10,000 sites instead of 24), and a deployment that has a newer
        one, or none of that night, by a probe of its own. `via` names the join: another one for another day.
        """
        return self._joined(deployments, day, via).annotate(**self._either(day, via, wanted))

    def newest_as_alias(
        self, deployments: models.QuerySet, day: date | None = None, *, via: str = "newest", **wanted: str | Expression
    ) -> models.QuerySet:
        """The same for filters and orders alone: `wanted` does not leave the database."""
        return self._joined(deployments, day, via).alias(**self._either(day, via, wanted))

    def _joined(self, deployments: models.QuerySet, day: date | None, via: str) -> models.QuerySet:
        """Deployments with a join to their score of the night that most have their newest score from, if it is that."""
        seen = self.current().seen_from(day)
        night = Subquery(seen.order_by("-day").values("day")[PASSED_OVER : PASSED_OVER + 1])
        model = Subquery(seen.filter(day=night).order_by("-model_id").values("model")[:1])
        newer = Subquery(seen.filter(day__gt=night).order_by().values("deployment"))
        condition = Q(
            ~Q(readiness_scores__deployment__in=newer),
            readiness_scores__superseded_at=None,
            readiness_scores__day=night,
            readiness_scores__model=model,
        )
        return deployments.alias(**{via: FilteredRelation("readiness_scores", condition=condition)})

    def _either(self, day: date | None, via: str, wanted: Mapping[str, str | Expression]) -> dict[str, Case]:
        """Each of the columns and expressions from the join, or else by a probe."""
        joined = Q(**{f"{via}__isnull": False})
        return {
            name: Case(
                When(joined, then=through(F(value) if isinstance(value, str) else value, via)),
                default=self.latest_of_each(value, day),
            )
            for name, value in wanted.items()
        }


def through(part: Any, relation: str) -> Any:
    """An expression or condition over a model's columns, over those of a relation to that model."""
    if isinstance(part, F):
        return F(f"{relation}__{cast(Any, part).name}")
    if isinstance(part, Q):
        children: list[Any] = [
            (f"{relation}__{each[0]}", each[1]) if isinstance(each, tuple) else through(each, relation)
            for each in part.children
        ]
        return Q(*children, _connector=part.connector, _negated=part.negated)
    copied = part.copy()
    copied.set_source_expressions([each and through(each, relation) for each in part.get_source_expressions()])
    return copied
