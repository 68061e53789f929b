"""Which sites a programme comes to, and which part of each: wards, modules, how long the old system runs beside."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2b

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Deployment, DeploymentWard, Programme, Site, User, Ward
from rollout.services.deployments import held_deployment
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.leaving import put_site_back
from rollout.services.refusals import Refused

SCOPE = ("modules", "dual_running_until_on")


def add_deployments(
    *, programme_id: int, site_ids: Sequence[int], interest_on: date | None, wave_id: int | None, by: User
) -> list[Deployment]:
    """Bring sites into a programme, in the order of their names; those that are in it already stay as they are.

    A site that was taken out is put back, which its decisions tell. Raises Refused for a wave of another programme.
    """
    with acting(by, "sites added to the programme"):
        back = _put_back(programme_id, site_ids, by)
        programme = Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        if wave_id is not None and not programme.waves.filter(pk=wave_id, retired_at=None).exists():
            raise Refused(gettext("This wave is not of the programme."))
        # Held, so that nobody closes one of them meanwhile.
        sites = Site.objects.current().filter(pk__in=site_ids).order_by("pk").select_for_update(no_key=True)
        wanted = list(sites.values_list("pk", flat=True))
        Deployment.objects.filter(pk__in=back).update(interest_on=interest_on, wave=wave_id)
        there = set(Deployment.objects.filter(programme=programme, site__in=wanted).values_list("site", flat=True))
        Deployment.objects.bulk_create(
            Deployment(programme=programme, site_id=site, interest_on=interest_on, wave_id=wave_id)
            for site in wanted
            if site not in there
        )
        return list(Deployment.objects.filter(programme=programme, site__in=wanted).select_related("site"))


def _put_back(programme_id: int, site_ids: Sequence[int], by: User) -> list[int]:
    """Put back the sites that were taken out of the programme, and return their deployments.

    All are held before the first is written, since writing it down takes the programme. One by one: they are few.
    """
    out = Deployment.objects.filter(
        programme=programme_id, site__in=site_ids, site__retired_at=None, retired_at__isnull=False
    )
    held = [deployment.pk for deployment in out.order_by("pk").select_for_update(no_key=True, of=("self",))]
    for pk in held:
        put_site_back(deployment_id=pk, by=by)
    return held


def scope_mark(deployment: Deployment) -> str:
    """A mark of the scope as it stands, for a form to bring back: 16 hexadecimal digits."""
    wards = sorted(deployment.scope.values_list("ward_id", flat=True))
    return blake2b(f"{mark_of(deployment, SCOPE)}{wards}".encode(), digest_size=8).hexdigest()


def set_scope(
    *,
    deployment_id: int,
    mark: str,
    ward_ids: Iterable[int],
    modules: Sequence[str],
    dual_running_until_on: date | None,
    by: User,
) -> Deployment:
    """Say which wards (none: all of the site) and modules a deployment covers. Raises RecordChanged.

    Raises Refused for a ward of another site.
    """
    with held_deployment(deployment_id, by, "scope set") as deployment:
        wanted = set(
            Ward.objects.current().filter(site=deployment.site_id, pk__in=ward_ids).values_list("pk", flat=True)
        )
        if wanted != set(ward_ids):
            raise Refused(gettext("One of the wards is no longer there. Look again."))
        before = set(deployment.scope.values_list("ward_id", flat=True))
        same = (deployment.modules, deployment.dual_running_until_on) == (list(modules), dual_running_until_on)
        if same and wanted == before:
            return deployment
        if scope_mark(deployment) != mark:
            raise RecordChanged(deployment)
        deployment.modules, deployment.dual_running_until_on = list(modules), dual_running_until_on
        deployment.save(update_fields=["modules", "dual_running_until_on"])
        DeploymentWard.objects.filter(deployment=deployment, ward__in=before - wanted).delete()
        DeploymentWard.objects.bulk_create(
            DeploymentWard(deployment=deployment, ward_id=ward) for ward in sorted(wanted - before)
        )
        return deployment
