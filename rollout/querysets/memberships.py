"""What one may ask of memberships."""

from typing import Any

from django.db import models
from django.db.models import Q

from rollout.choices import Role


class MembershipQuerySet(models.QuerySet):
    """Rights, past and present."""

    def current(self) -> "MembershipQuerySet":
        """Rights that have not been ended, of users who may log in."""
        return self.filter(ended_at=None, user__is_active=True)

    def signing_for(self, programme: Any, site: Any) -> "MembershipQuerySet":
        """Rights to sign, in the name of a seat, for a programme at a site: ids of both, or references to columns."""
        there = Q(programme=programme) | Q(programme=None), Q(site=site) | Q(site=None)
        named = Q(programme__isnull=False) | Q(site__isnull=False)
        return self.current().filter(*there, named, role=Role.SIGNATORY)
