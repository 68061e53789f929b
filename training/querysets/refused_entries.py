"""The vocabulary of refused entries."""

from django.db import models
from django.db.models import Q

from rollout.querysets.rights import Somebody, rights_of


class RefusedEntryQuerySet(models.QuerySet):
    """Entries that were refused at their arrival."""

    def waiting(self) -> "RefusedEntryQuerySet":
        """Those that nobody has decided on."""
        return self.filter(outcome="")

    def visible_to(self, user: Somebody) -> "RefusedEntryQuerySet":
        """Those of the programmes that the user manages and of the sites that the user leads."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        return self.filter(Q(programme__in=rights.managed) | Q(site__in=rights.led))
