"""What was counted on the wards of a site, ward by ward, and how far it is."""

from dataclasses import dataclass
from datetime import date

from rollout.choices import Infrastructure
from rollout.models import Deployment, Ward, WardCount


@dataclass(frozen=True)
class Counted:
    """A kind on a ward; None where nothing was counted."""

    label: str
    row: WardCount | None

    @property
    def missing(self) -> int:
        """How many are still missing."""
        return self.row.needed - self.row.ready if self.row else 0


@dataclass(frozen=True)
class WardLine:
    """A ward in scope with a count for each kind, and the oldest day of them."""

    ward: Ward
    kinds: tuple[Counted, ...]

    @property
    def whole(self) -> bool:
        """Whether every kind was counted and nothing is missing."""
        return all(kind.row is not None and not kind.missing for kind in self.kinds)

    @property
    def oldest(self) -> date | None:
        """The day of the oldest count."""
        return min((kind.row.counted_on for kind in self.kinds if kind.row), default=None)


@dataclass(frozen=True)
class InfrastructureShown:
    """The wards in scope, and of each kind how many wards have all of it."""

    lines: tuple[WardLine, ...]
    kinds: tuple[tuple[str, int], ...]

    @property
    def whole(self) -> int:
        """Wards that have everything."""
        return sum(line.whole for line in self.lines)

    @property
    def counted(self) -> bool:
        """Whether anything was counted on any ward: without that nothing is known, good or bad."""
        return any(line.oldest for line in self.lines)


def wards_in_scope(deployment: Deployment) -> list[Ward]:
    """The wards of the deployment's scope; all wards of the site where none is given. Two queries."""
    chosen = set(deployment.scope.values_list("ward_id", flat=True))
    wards = Ward.objects.filter(site=deployment.site_id, retired_at=None).order_by("name", "pk")
    return [ward for ward in wards if not chosen or ward.pk in chosen]


def infrastructure_of(deployment: Deployment) -> InfrastructureShown:
    """The counts of a site. Three queries, however many wards."""
    rows = {(row.ward_id, row.kind): row for row in WardCount.objects.filter(deployment=deployment, retired_at=None)}
    lines = tuple(
        WardLine(ward, tuple(Counted(str(kind.label), rows.get((ward.pk, kind.value))) for kind in Infrastructure))
        for ward in wards_in_scope(deployment)
    )
    whole = [
        sum(line.kinds[n].row is not None and not line.kinds[n].missing for line in lines)
        for n in range(len(Infrastructure))
    ]
    return InfrastructureShown(
        lines, tuple((str(kind.label), n) for kind, n in zip(Infrastructure, whole, strict=True))
    )
