"""Release bundles as those who manage programmes keep them."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower

from rollout.models import Programme, ReleaseBundle
from rollout.querysets.rights import Somebody, rights_of


@dataclass(frozen=True)
class BundleLine:
    """A bundle with those of its programmes that the reader may see, by name."""

    bundle: ReleaseBundle
    programmes: tuple[Programme, ...]


def managed_programmes(user: Somebody) -> QuerySet:
    """The programmes that the user manages, by name; of an administrator all."""
    rights = rights_of(user)
    programmes = Programme.objects.current().visible_to(user)
    return (programmes if rights.administrator else programmes.filter(pk__in=rights.managed)).order_by(Lower("name"))


def bundles_of_manager(user: Somebody) -> QuerySet:
    """Bundles, taken out or not, that hold a programme which the user manages; an administrator keeps them all."""
    if rights_of(user).administrator:
        return ReleaseBundle.objects.all()
    return ReleaseBundle.objects.filter(
        pk__in=ReleaseBundle.programmes.through.objects.filter(
            programme__in=managed_programmes(user).values("pk")
        ).values("releasebundle")
    )


def bundle_lines(user: Somebody) -> list[BundleLine]:
    """The bundles that the user keeps, those in force first, the nearest first. Two queries."""
    seen = Programme.objects.current().visible_to(user).order_by(Lower("name"))
    rows = bundles_of_manager(user).prefetch_related(Prefetch("programmes", queryset=seen, to_attr="seen"))
    return [BundleLine(row, tuple(vars(row)["seen"])) for row in rows.order_by("planned_on", "code")]
