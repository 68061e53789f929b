"""What one may ask of saved views of lists."""

from django.db import models
from django.db.models import Q

from rollout.querysets.rights import Somebody


class SavedViewQuerySet(models.QuerySet):
    """Lists of a programme as people keep them."""

    def current(self) -> "SavedViewQuerySet":
        """Views that nobody removed."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "SavedViewQuerySet":
        """The user's own views and all that are shared; whose programme it is, is asked before."""
        return self.filter(Q(owner=user.pk) | Q(shared=True))
