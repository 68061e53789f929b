"""What one may ask of hazards."""

from django.db import models
from django.db.models import Q

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of


class HazardQuerySet(models.QuerySet):
    """Hazards of deployments, and of whole programmes."""

    def visible_to(self, user: Somebody) -> "HazardQuerySet":
        """Hazards of the deployments that the user may know of; those of a whole programme with any of them."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        anywhere = deployments_in_scope(rights, "programme__deployments__")
        of_programme = self.model._default_manager.filter(anywhere, deployment=None).values("pk")
        return self.filter(deployments_in_scope(rights, "deployment__") | Q(pk__in=of_programme))

    def current(self) -> "HazardQuerySet":
        """Hazards that nobody retired, of whole programmes and of sites that were not taken out of theirs."""
        here = Q(deployment__retired_at=None, deployment__site__retired_at=None)
        return self.filter(Q(deployment=None) | here, retired_at=None)

    def in_state(self, state: str) -> "HazardQuerySet":
        """Hazards that are `open`, `accepted` or `closed`; all of them for any other word."""
        if state == "open":
            return self.filter(closed_on=None, accepted_on=None)
        if state == "accepted":
            return self.filter(closed_on=None, accepted_on__isnull=False)
        return self.filter(closed_on__isnull=False) if state == "closed" else self
