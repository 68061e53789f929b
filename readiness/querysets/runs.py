"""What one may ask of the runs that work out scores."""

from django.db import models

from readiness.choices import RunKind, RunState
from rollout.querysets.rights import Somebody, rights_of

OPEN = (RunState.WAITING, RunState.RUNNING)


class RecomputeRunQuerySet(models.QuerySet):
    """Runs: nightly ones, asked-for ones, the history of an import."""

    def visible_to(self, user: Somebody) -> "RecomputeRunQuerySet":
        """All runs for administrators; for programme managers those of their programmes."""
        rights = rights_of(user)
        return self if rights.administrator else self.filter(programme__in=rights.managed)

    def under_way(self) -> "RecomputeRunQuerySet":
        """Runs that wait or work."""
        return self.filter(state__in=OPEN)

    def nightly(self) -> "RecomputeRunQuerySet":
        """Runs that the end of a day started."""
        return self.filter(kind=RunKind.NIGHTLY)
