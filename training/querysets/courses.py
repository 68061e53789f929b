"""What one may ask of courses' sessions."""

from django.db import models
from django.db.models import Q

from rollout.querysets.rights import Somebody, rights_of


class TrainingSessionQuerySet(models.QuerySet):
    """Courses held at a time."""

    def visible_to(self, user: Somebody) -> "TrainingSessionQuerySet":
        """Sessions of the programme for its managers and trainers; those at the site for its lead and ward managers."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        return self.filter(
            Q(programme__in=rights.managed | rights.trained) | Q(site__in=rights.led | rights.ward_sites)
        )
