"""Who may keep champions and their rota: the programme's managers, the site's leads, ward managers of their wards."""

from collections.abc import Iterable

from rollout.models import Deployment, Ward
from rollout.permissions import see_champions_at, see_names_at, wards_with_names
from rollout.querysets.rights import Somebody


def keep_rota_at(user: Somebody, deployment: Deployment) -> bool:
    """Keep the champions and the rota of some ward of the site, and read the names of its champions."""
    return see_champions_at(user, deployment)


def keep_rota_of(user: Somebody, deployment: Deployment, ward_id: int | None) -> bool:
    """Keep the champions and the rota of a ward; None is no single ward: then of every one."""
    return see_names_at(user, deployment) or ward_id in wards_with_names(user, deployment)


def wards_kept(user: Somebody, deployment: Deployment, wards: Iterable[Ward]) -> list[Ward]:
    """Those of the wards whose champions and rota the user keeps."""
    every, own = see_names_at(user, deployment), wards_with_names(user, deployment)
    return [ward for ward in wards if every or ward.pk in own]
