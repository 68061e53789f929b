"""What one may ask of deployments."""

from django.db import models


class DeploymentQuerySet(models.QuerySet):
    """Deployments: one programme at one site."""

    def current(self) -> "DeploymentQuerySet":
        """Deployments that nobody retired, of programmes and sites that nobody retired."""
        return self.filter(retired_at=None, programme__retired_at=None, site__retired_at=None)
