"""What one may ask of deployments."""

from django.db import models

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of


class DeploymentQuerySet(models.QuerySet):
    """Deployments: one programme at one site."""

    def current(self) -> "DeploymentQuerySet":
        """Deployments that nobody retired, of programmes and sites that nobody retired."""
        return self.filter(retired_at=None, programme__retired_at=None, site__retired_at=None)

    def visible_to(self, user: Somebody) -> "DeploymentQuerySet":
        """Deployments that the user may know of, read and see the score of."""
        return self.filter(deployments_in_scope(rights_of(user)))
