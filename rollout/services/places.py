"""Organisations, their sites, the sites' wards: made and described. Codes stay: files and addresses name them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Organisation, Site, User, Ward
from rollout.services.edits import held, save_edit
from rollout.services.refusals import CodeTaken, Refused

ORGANISATION = ("name", "kind", "region")
SITE = ("name", "kind", "postcode", "time_zone")
WARD = ("name", "specialty")


class WardTaken(Refused):
    """A ward of this code is there already; to be said at the field of the wards."""

    field = "wards"


class OrganisationTaken(Refused):
    """An organisation of this code is there already; to be said where a new one is named."""

    field = "organisation_code"


def make_organisation(*, code: str, name: str, by: User, kind: str = "", region: str = "") -> Organisation:
    """Make an organisation. Raises OrganisationTaken; the code is compared without regard to case."""
    with acting(by, "organisation made"):
        if Organisation.objects.filter(code__iexact=code).exists():
            raise OrganisationTaken(
                gettext("There is an organisation with the code %(code)s already.") % {"code": code}
            )
        return Organisation.objects.create(code=code, name=name, kind=kind, region=region)


def make_site(
    *,
    organisation_id: int,
    code: str,
    name: str,
    kind: str,
    postcode: str,
    time_zone: str,
    wards: Sequence[tuple[str, str]],
    by: User,
) -> Site:
    """Make a site with its wards, each (code, name). Raises CodeTaken, WardTaken, and Refused where it is closed."""
    with acting(by, "site made"):
        organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
        if organisation.retired_at is not None:
            raise Refused(gettext("The organisation is closed. Open it again first."))
        if Site.objects.filter(code__iexact=code).exists():
            raise CodeTaken(gettext("There is a site with the code %(code)s already.") % {"code": code})
        site = Site.objects.create(
            organisation_id=organisation_id, code=code, name=name, kind=kind, postcode=postcode, time_zone=time_zone
        )
        add_wards(site_id=site.pk, wards=wards, by=by)
        return site


def add_wards(*, site_id: int, wards: Sequence[tuple[str, str]], by: User) -> list[Ward]:
    """Add wards to a site, each (code, name). One that is there under the same name is left as it is.

    Raises WardTaken for a code that another ward of the site has, and Refused where the site is closed.
    """
    with acting(by, "wards added"):
        site = Site.objects.select_for_update(no_key=True).get(pk=site_id)
        if site.retired_at is not None:
            raise Refused(gettext("The site is closed. Open it again first."))
        known = {code.lower(): (code, name) for code, name in _wards_of(site_id)}
        taken = [code for code, name in wards if code.lower() in known and known[code.lower()] != (code, name)]
        if taken:
            raise WardTaken(gettext("These codes are in use already: %(codes)s.") % {"codes": ", ".join(taken)})
        new = [Ward(site_id=site_id, code=code, name=name) for code, name in wards if code.lower() not in known]
        return Ward.objects.bulk_create(new)


def _wards_of(site_id: int) -> list[tuple[str, str]]:
    return list(Ward.objects.filter(site=site_id).values_list("code", "name"))


def edit_organisation(*, organisation_id: int, mark: str, by: User, **values: Any) -> Organisation:
    """Describe an organisation anew, by the columns ORGANISATION. Raises RecordChanged."""
    with held(Organisation.objects.all(), organisation_id, by, "organisation described") as row:
        save_edit(row, mark=mark, names=ORGANISATION, values=values)
        return row


def edit_site(*, site_id: int, mark: str, by: User, **values: Any) -> Site:
    """Describe a site anew, by the columns SITE. Raises RecordChanged."""
    with held(Site.objects.all(), site_id, by, "site described") as row:
        save_edit(row, mark=mark, names=SITE, values=values)
        return row


def edit_ward(*, ward_id: int, mark: str, by: User, **values: Any) -> Ward:
    """Describe a ward anew, by the columns WARD. Raises RecordChanged."""
    with held(Ward.objects.all(), ward_id, by, "ward described") as row:
        save_edit(row, mark=mark, names=WARD, values=values)
        return row
