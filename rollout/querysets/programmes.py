"""What one may ask of programmes."""

from django.db import models
from django.db.models import Q

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of


class ProgrammeQuerySet(models.QuerySet):
    """Programmes: the bringing of one product to many sites."""

    def current(self) -> "ProgrammeQuerySet":
        """Programmes that nobody retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "ProgrammeQuerySet":
        """Programmes named by a right of the user, and those at a site that a right of the user names."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        outright = rights.managed | rights.trained | rights.signed | rights.boards
        by_site = self.model._base_manager.filter(
            deployments_in_scope(rights, "deployments__"),
            deployments__retired_at=None,
            deployments__site__retired_at=None,
        )
        return self.filter(Q(pk__in=outright) | Q(pk__in=by_site.values("pk")))
