"""Organisations, sites, wards: shared by every programme of the database."""

from readiness.packs.cells import Zone
from readiness.packs.lookups import ORGANISATION, SITE
from readiness.packs.spec import Column, Reference, Table, names, same
from rollout.models import Organisation, Site, Ward

OTHERS_AT_SITE = (
    "EXISTS (SELECT FROM rollout_deployment o WHERE o.site_id = {site} AND o.programme_id <> %(programme)s)"
)

ORGANISATIONS = Table(
    "organisations.csv",
    Organisation,
    key=("code",),
    identity=("code",),
    columns=(*same("code", "name", "kind", "region"),),
    scope="t.id IN (SELECT id FROM pack_organisations)",
    shared="EXISTS (SELECT FROM rollout_deployment o JOIN rollout_site x ON x.id = o.site_id"
    " WHERE x.organisation_id = t.id AND o.programme_id <> %(programme)s)",
)

SITES = Table(
    "sites.csv",
    Site,
    key=("code",),
    identity=("code",),
    columns=(
        *same("code"),
        *names("organisation"),
        *same("name", "kind", "postcode"),
        Column("time_zone", "time_zone", Zone()),
    ),
    references=(Reference("organisation", ORGANISATION, ("organisation",)),),
    scope="t.id IN (SELECT id FROM pack_sites)",
    shared=OTHERS_AT_SITE.format(site="t.id"),
)

WARDS = Table(
    "wards.csv",
    Ward,
    key=("site", "code"),
    identity=("site", "code"),
    columns=(*names("site"), *same("code", "name", "specialty")),
    references=(Reference("site", SITE, ("site",)),),
    scope="t.site_id IN (SELECT id FROM pack_sites)",
    shared=OTHERS_AT_SITE.format(site="t.site_id"),
)
