"""Sites come into a programme: each with its checklist, so that it is scored at once."""

from collections.abc import Iterable, Sequence
from datetime import date

from readiness.services.checklists import add_checklists
from rollout.audit import acting
from rollout.models import Deployment, User
from rollout.services.places import make_organisation, make_site
from rollout.services.scope import add_deployments


def add_sites(
    *, programme_id: int, site_ids: Iterable[int], interest_on: date | None, wave_id: int | None, by: User
) -> list[Deployment]:
    """Bring sites into a programme, each with a checklist of the template in force, if one is published."""
    with acting(by, "sites added to the programme"):
        added = add_deployments(
            programme_id=programme_id, site_ids=site_ids, interest_on=interest_on, wave_id=wave_id, by=by
        )
        add_checklists(programme_id=programme_id)
        return added


def add_new_site(
    *,
    programme_id: int,
    organisation_id: int | None,
    organisation_code: str,
    organisation_name: str,
    code: str,
    name: str,
    kind: str,
    postcode: str,
    time_zone: str,
    wards: Sequence[tuple[str, str]],
    interest_on: date | None,
    wave_id: int | None,
    by: User,
) -> Deployment:
    """Make a site, of a new organisation where no id is given, and bring it into the programme.

    Raises OrganisationTaken, CodeTaken and WardTaken.
    """
    with acting(by, "site made and added to the programme"):
        if organisation_id is None:
            organisation_id = make_organisation(code=organisation_code, name=organisation_name, by=by).pk
        site = make_site(
            organisation_id=organisation_id,
            code=code,
            name=name,
            kind=kind,
            postcode=postcode,
            time_zone=time_zone,
            wards=wards,
            by=by,
        )
        (added,) = add_sites(
            programme_id=programme_id, site_ids=[site.pk], interest_on=interest_on, wave_id=wave_id, by=by
        )
        return added
