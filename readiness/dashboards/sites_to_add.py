"""Sites that a programme may still come to, found by what people call them."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from rollout.models import Programme, Site
from rollout.querysets.rights import Somebody


def sites_to_add(user: Somebody, programme: Programme, q: str = "") -> "QuerySet[Site]":
    """Sites of organisations that the user works with, not in the programme yet, with their organisations.

    `q` narrows them to those whose name, code, postcode or organisation holds it.
    """
    sites = Site.objects.to_add(user, programme.pk).select_related("organisation")
    if not q:
        return sites
    words = Q(name__icontains=q) | Q(code__icontains=q) | Q(postcode__icontains=q)
    return sites.filter(words | Q(organisation__name__icontains=q))


def sites_chosen(user: Somebody, programme: Programme, ids: Iterable[int]) -> "QuerySet[Site]":
    """Those of some sites that may be added, or that are in the programme since the form was opened."""
    there = programme.deployments.filter(retired_at=None)
    to_add = Site.objects.to_add(user, programme.pk)
    chosen = Site.objects.current().filter(Q(pk__in=to_add.values("pk")) | Q(pk__in=there.values("site")), pk__in=ids)
    return chosen.select_related("organisation")
