"""Sites come into a programme: each with its checklist, so that it is scored at once."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext

from readiness.models import GateReview
from readiness.services.checklists import add_checklists
from rollout.audit import acting
from rollout.models import Deployment, User
from rollout.services import leaving
from rollout.services.deployments import held_deployment
from rollout.services.places import make_organisation, make_site
from rollout.services.refusals import Refused
from rollout.services.scope import add_deployments


def add_sites(
    *, programme_id: int, site_ids: Sequence[int], interest_on: date | None, wave_id: int | None, by: User
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


def take_site_out(*, deployment_id: int, mark: str, reason: str, by: User) -> Deployment:
    """Take a site out of its programme. Its checklist, hazards and gates go out of sight with it, and are kept.

    Raises RecordChanged, and Refused as rollout.services.leaving does and while a gate's meeting is open.
    """
    with held_deployment(deployment_id, by, "site taken out of the programme") as deployment:
        reviews = GateReview.objects.filter(deployment=deployment, outcome="", pack__isnull=False, retired_at=None)
        gate = reviews.order_by("held_on", "pk").values_list("gate__name", flat=True).first()
        if gate is not None:
            raise Refused(
                gettext("The meeting of the gate %(gate)s is open here. Record its outcome first.") % {"gate": gate}
            )
        return leaving.take_site_out(deployment_id=deployment_id, mark=mark, reason=reason, by=by)


def put_site_back(*, deployment_id: int, by: User) -> Deployment:
    """Put a site back into its programme, with the checklist it had, or a new one. Raises Refused."""
    with acting(by, "site put back into the programme"):
        deployment = leaving.put_site_back(deployment_id=deployment_id, by=by)
        add_checklists(programme_id=deployment.programme_id)
        return deployment
