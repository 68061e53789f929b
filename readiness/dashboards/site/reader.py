"""What the reader of a site's page may be shown of people."""

from dataclasses import dataclass

from rollout.models import Deployment
from rollout.permissions import see_counts_of_few, see_names_at
from rollout.querysets.rights import Somebody


@dataclass(frozen=True)
class Reader:
    """`names`: of people who hold a seat, own an item or changed a date. `few`: counts of fewer than 5 people."""

    names: bool
    few: bool


def reader_of(user: Somebody, deployment: Deployment) -> Reader:
    """The rights of somebody at a site. Without names, roles stand in their place."""
    return Reader(names=see_names_at(user, deployment), few=see_counts_of_few(user, deployment))
