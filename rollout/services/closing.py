"""Organisations, sites and wards that are closed, and opened again. Nothing that was recorded of them goes."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext

from rollout.choices import Stage
from rollout.models import Deployment, Organisation, Site, User, Ward
from rollout.services.edits import held
from rollout.services.refusals import Refused
from rollout.services.retiring import put_back, take_out

NAMED = 3  # programmes in a sentence


def under_way(site_id: int) -> "QuerySet[Deployment]":
    """The deployments at a site that go on: neither stopped nor embedded, nor taken out of their programme."""
    here = Deployment.objects.filter(site=site_id, retired_at=None, programme__retired_at=None)
    return here.exclude(stage__in=(Stage.STOPPED, Stage.EMBEDDED)).order_by("programme__name", "pk")


def close_organisation(*, organisation_id: int, reason: str, by: User) -> Organisation:
    """Close an organisation. Raises Refused while a site of it is open. Closed twice is closed once."""
    with held(Organisation.objects.all(), organisation_id, by, "organisation closed") as row:
        number = row.sites.filter(retired_at=None).count()
        if row.retired_at is None and number:
            words = ngettext(
                "%(n)s site of it is open. Close it first.", "%(n)s sites of it are open. Close them first.", number
            )
            raise Refused(words % {"n": number})
        take_out(row, by=by, reason=reason)
        return row


def close_site(*, site_id: int, reason: str, by: User) -> Site:
    """Close a site with its wards as they are. Raises Refused while a programme is under way there."""
    with held(Site.objects.all(), site_id, by, "site closed") as row:
        if row.retired_at is None:
            _refuse(
                under_way(site_id), gettext("%(programmes)s is under way here. Stop it or take the site out first.")
            )
        take_out(row, by=by, reason=reason)
        return row


def close_ward(*, ward_id: int, reason: str, by: User) -> Ward:
    """Close a ward. Raises Refused while a programme under way has it in its scope, by name or with the whole site."""
    with held(Ward.objects.all(), ward_id, by, "ward closed") as row:
        if row.retired_at is None:
            covering = under_way(row.site_id).filter(Q(scope=None) | Q(scope__ward=row)).distinct()
            _refuse(covering, gettext("It is in the scope of %(programmes)s. Take it out of the scope first."))
        take_out(row, by=by, reason=reason)
        return row


def open_organisation(*, organisation_id: int, by: User) -> Organisation:
    """Open an organisation again; its sites stay closed until each is opened."""
    with held(Organisation.objects.all(), organisation_id, by, "organisation opened again") as row:
        put_back(row)
        return row


def open_site(*, site_id: int, by: User) -> Site:
    """Open a site again. Raises Refused while its organisation is closed."""
    with held(Site.objects.select_related("organisation"), site_id, by, "site opened again") as row:
        if row.organisation.retired_at is not None:
            raise Refused(gettext("Its organisation is closed. Open that first."))
        put_back(row)
        return row


def open_ward(*, ward_id: int, by: User) -> Ward:
    """Open a ward again. Raises Refused while its site is closed."""
    with held(Ward.objects.select_related("site"), ward_id, by, "ward opened again") as row:
        if row.site.retired_at is not None:
            raise Refused(gettext("Its site is closed. Open that first."))
        put_back(row)
        return row


def _refuse(deployments: "QuerySet[Deployment]", words: str) -> None:
    """Raises Refused with the programmes of the deployments, if there are any."""
    names = list(deployments.values_list("programme__name", flat=True)[: NAMED + 1])
    if names:
        raise Refused(words % {"programmes": _listed(names)})


def _listed(names: Iterable[Any]) -> str:
    """Three programmes at most by name."""
    named = list(names)
    shown = named[:NAMED] + ([gettext("others")] if len(named) > NAMED else [])
    return get_text_list(shown, gettext("and"))
