"""What one may ask of memberships."""

from django.db import models


class MembershipQuerySet(models.QuerySet):
    """Rights, past and present."""

    def current(self) -> "MembershipQuerySet":
        """Rights that have not been ended, of users who may log in."""
        return self.filter(ended_at=None, user__is_active=True)
