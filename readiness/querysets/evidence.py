"""What one may ask of evidence files."""

from django.db import models

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of


class EvidenceFileQuerySet(models.QuerySet):
    """Files given as evidence for checklist items."""

    def current(self) -> "EvidenceFileQuerySet":
        """Files that nobody retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "EvidenceFileQuerySet":
        """Files of the deployments that the user may know of; who may open one is asked beside."""
        return self.filter(deployments_in_scope(rights_of(user), "item__deployment__"))
