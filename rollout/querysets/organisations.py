"""What one may ask of sites and wards."""

from django.apps import apps
from django.db import models
from django.db.models import Q

from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of


class SiteQuerySet(models.QuerySet):
    """Sites: places where people work."""

    def current(self) -> "SiteQuerySet":
        """Sites that nobody retired."""
        return self.filter(retired_at=None)

    def to_add(self, user: Somebody, programme_id: int) -> "SiteQuerySet":
        """Sites that the user may bring into a programme: of organisations they work with, and not in it yet."""
        known = OrganisationQuerySet(apps.get_model("rollout", "Organisation")).visible_to(user)
        deployments = apps.get_model("rollout", "Deployment")._base_manager
        there = deployments.filter(programme=programme_id, retired_at=None)
        return (
            self.current()
            .filter(organisation__in=known.values("pk"), organisation__retired_at=None)
            .exclude(pk__in=there.values("site"))
        )

    def visible_to(self, user: Somebody) -> "SiteQuerySet":
        """Sites of the deployments the user may know of, and those a right names before any programme comes."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        deployed = self.model._base_manager.filter(
            deployments_in_scope(rights, "deployments__"), deployments__retired_at=None
        )
        outright = rights.led | rights.ward_sites | rights.signed_sites
        return self.filter(
            Q(pk__in=outright) | Q(organisation__in=rights.board_organisations) | Q(pk__in=deployed.values("pk"))
        )


class OrganisationQuerySet(models.QuerySet):
    """Organisations: bodies that run sites or sign agreements."""

    def current(self) -> "OrganisationQuerySet":
        """Organisations that nobody retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "OrganisationQuerySet":
        """Organisations whose sites the user may know of, and those whose board the user sits on."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        sites = SiteQuerySet(apps.get_model("rollout", "Site")).visible_to(user)
        return self.filter(Q(pk__in=sites.values("organisation")) | Q(pk__in=rights.board_organisations))


class WardQuerySet(models.QuerySet):
    """Wards: parts of a site with staff of their own."""

    def current(self) -> "WardQuerySet":
        """Wards that nobody retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "WardQuerySet":
        """Wards of the sites the user may know of. That is their names: people are another matter."""
        sites = SiteQuerySet(apps.get_model("rollout", "Site")).visible_to(user)
        return self.filter(site__in=sites.values("pk"))
