"""What one may ask of checklist items."""

from django.db import models

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of


class ChecklistItemQuerySet(models.QuerySet):
    """Items of the checklists of deployments."""

    def current(self) -> "ChecklistItemQuerySet":
        """Items that nobody retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "ChecklistItemQuerySet":
        """Items of the deployments that the user may know of."""
        return self.filter(deployments_in_scope(rights_of(user), "deployment__"))
