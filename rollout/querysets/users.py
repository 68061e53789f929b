"""What one may ask of users."""

from django.apps import apps
from django.db import models

from rollout.querysets.memberships import memberships_within
from rollout.querysets.rights import Somebody, rights_of


class UserQuerySet(models.QuerySet):
    """People who may log in, or once could."""

    def visible_to(self, user: Somebody) -> "UserQuerySet":
        """Everybody for administrators; for a programme's managers those who hold, or held, a role within it."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        held = apps.get_model("rollout", "Membership")._base_manager.filter(memberships_within(rights))
        return self.filter(pk__in=held.values("user"))
