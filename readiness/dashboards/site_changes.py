"""What changed at the sites of a programme since another day: points, bands, who came and who went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from readiness.choices import Band
from readiness.dashboards.programmes import BAND_ORDER
from readiness.models import ReadinessScore
from rollout.choices import ChangeWhat, Stage
from rollout.models import DeploymentChange

NAMED = 5  # as many sites that left as one sentence names
_STANDING = Concat(Cast("score", CharField()), Value(" "), F("band"))
# Bands that can be held against each other, the furthest behind first.
_RANK = {band.value: rank for rank, band in enumerate(BAND_ORDER[:4])}


@dataclass(frozen=True)
class Change:
    """How a score moved: `points` is None where there was none then, `band_before` "" where the band is the same."""

    points: Decimal | None
    band_before: str = ""

    @property
    def new(self) -> bool:
        """Whether the site had no score then."""
        return self.points is None

    @property
    def band_words(self) -> str:
        """The band it had, as it stands in a sentence; "" where it is the same."""
        return str(Band(self.band_before).label).lower() if self.band_before else ""


def change_of(score: ReadinessScore, before: ReadinessScore | None) -> Change:
    """The change from one stored score to another."""
    if before is None:
        return Change(None)
    return Change(score.score - before.score, "" if before.band == score.band else before.band)


@dataclass(frozen=True)
class Changes:
    """All of a list: sites whose score rose and fell, whose band is better and worse, that are new, that left."""

    since: date
    risen: int = 0
    fallen: int = 0
    better: int = 0
    worse: int = 0
    new: int = 0
    left: Sequence[str] = ()
    left_count: int = 0

    @property
    def more_left(self) -> int:
        """How many more left than are named."""
        return self.left_count - len(self.left)


def with_standing(deployments: QuerySet, since: date, day: date | None) -> QuerySet:
    """Annotate `standing` and `stood`: score and band as one text, now and on the other day; None without a score."""
    newest = ReadinessScore.objects.newest_of_each
    return newest(newest(deployments, day, standing=_STANDING), since, via="before", stood=_STANDING)


def only_changed(deployments: QuerySet, since: date, day: date | None) -> QuerySet:
    """Deployments whose score or band is another than on the other day, and those that are new."""
    marked = with_standing(deployments, since, day).filter(standing__isnull=False)
    return marked.exclude(stood__isnull=False, stood=F("standing"))


def changes_since(current: QuerySet, everything: QuerySet, since: date, day: date | None) -> Changes:
    """What changed among the current deployments, in three queries; `everything` holds the retired ones too."""
    counts = dict.fromkeys(("risen", "fallen", "better", "worse", "new"), 0)
    for now, then in with_standing(current, since, day).order_by().values_list("standing", "stood"):
        if now is None:
            continue
        if then is None:
            counts["new"] += 1
            continue
        for kind in _kinds(now.split(" "), then.split(" ")):
            counts[kind] += 1
    gone = left_since(everything, since, day)
    names = list(gone.order_by("site__name", "pk").values_list("site__name", flat=True)[:NAMED])
    return Changes(since=since, left=names, left_count=gone.count() if len(names) == NAMED else len(names), **counts)


def left_since(deployments: QuerySet, since: date, day: date | None) -> QuerySet:
    """Deployments that were retired or embedded after the one day, and by the other if one is given."""
    embedded = DeploymentChange.objects.filter(
        what=ChangeWhat.STAGE, after=Stage.EMBEDDED, retired_at=None, at__date__gt=since
    )
    retired = Q(retired_at__date__gt=since)
    if day is not None:
        embedded = embedded.filter(at__date__lte=day)
        retired &= Q(retired_at__date__lte=day)
    return deployments.filter(retired | Q(retired_at=None, stage=Stage.EMBEDDED, pk__in=embedded.values("deployment")))


def _kinds(now: Sequence[str], then: Sequence[str]) -> list[str]:
    (score, band), (score_then, band_then) = now, then
    kinds = []
    if score != score_then:
        kinds.append("risen" if Decimal(score) > Decimal(score_then) else "fallen")
    if band != band_then and band in _RANK and band_then in _RANK:
        kinds.append("better" if _RANK[band] > _RANK[band_then] else "worse")
    return kinds
