"""What one may ask of memberships."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from rollout.choices import Role
from rollout.querysets.rights import Rights, Somebody, rights_of


def memberships_within(rights: Rights) -> Q:
    """The memberships that a programme's managers give and end: of the programmes, of their sites and wards.

    A right over a whole organisation, and that of an administrator, is an administrator's to give.
    """
    deployments = apps.get_model("rollout", "Deployment")._base_manager
    sites = deployments.filter(programme__in=rights.managed, retired_at=None).values("site")
    return (
        Q(programme__in=rights.managed)
        | Q(role=Role.SITE_LEAD, site__in=sites)
        | Q(role=Role.WARD_MANAGER, ward__site__in=sites)
    )


class MembershipQuerySet(models.QuerySet):
    """Rights, past and present."""

    def visible_to(self, user: Somebody) -> "MembershipQuerySet":
        """All for administrators; for a programme's managers those within it."""
        rights = rights_of(user)
        return self if rights.administrator else self.filter(memberships_within(rights))

    def current(self) -> "MembershipQuerySet":
        """Rights that have not been ended, of users who may log in."""
        return self.filter(ended_at=None, user__is_active=True)

    def signing_for(self, programme: Any, site: Any) -> "MembershipQuerySet":
        """Rights to sign, in the name of a seat, for a programme at a site: ids of both, or references to columns."""
        there = Q(programme=programme) | Q(programme=None), Q(site=site) | Q(site=None)
        named = Q(programme__isnull=False) | Q(site__isnull=False)
        return self.current().filter(*there, named, role=Role.SIGNATORY)
