"""Plans of many deployments changed at once, each change kept as a row of its own; and plans put back as they were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from rollout.audit import acting
from rollout.choices import ChangeWhat
from rollout.models import Deployment, DeploymentChange, User, Wave
from rollout.querysets.rights import deployments_kept, rights_of
from rollout.services.deployments import today_at
from rollout.services.moments import CLOCK_STEP
from rollout.services.people import person_of

# Columns whose changes are kept as rows, and as what.
KEPT: Mapping[str, ChangeWhat] = {
    "go_live_on": ChangeWhat.GO_LIVE,
    "technical_go_live_on": ChangeWhat.TECHNICAL_GO_LIVE,
    "wave_id": ChangeWhat.WAVE,
    "declared_status": ChangeWhat.DECLARED_STATUS,
}
Values = Mapping[str, Any]


class SitesChanged(Exception):
    """What was chosen is no longer as it was on the check page; nothing was changed."""


@dataclass(frozen=True)
class WaveWish:
    """The wave that the deployments are to be in, or none."""

    wave: Wave | None
    audited = "sites put in a wave"
    reason = ""

    def standing(self, deployment: Deployment) -> tuple[Any, ...]:
        """What of a deployment the wish is about."""
        return (deployment.wave_id,)

    def wanted(self, deployment: Deployment) -> Values:
        """How a deployment would stand."""
        return {"wave_id": self.wave.pk if self.wave else None}


@dataclass(frozen=True)
class StatusWish:
    """What is to be declared of the deployments today, each by the day at its site."""

    status: str
    words: str
    audited = "status of sites declared"

    @property
    def reason(self) -> str:
        """What the history keeps beside the colour."""
        return self.words

    def standing(self, deployment: Deployment) -> tuple[Any, ...]:
        """What of a deployment the wish is about."""
        return deployment.declared_status, deployment.declared_words, deployment.declared_on

    def wanted(self, deployment: Deployment) -> Values:
        """How a deployment would stand."""
        today = today_at(deployment)
        return {"declared_status": self.status, "declared_words": self.words, "declared_on": today}


PlanWish = WaveWish | StatusWish


@dataclass(frozen=True)
class PlanOutlook:
    """What a wish would do to the deployments chosen, and a mark of how they stand: 16 hexadecimal digits."""

    changing: tuple[Deployment, ...]
    already: tuple[Deployment, ...]
    forbidden: tuple[Deployment, ...]
    mark: str


def look_ahead(deployments: "QuerySet[Deployment]", wish: PlanWish, *, by: User) -> PlanOutlook:
    """What would change of the deployments, which are those that `by` may know of. Two queries; nothing is written."""
    kept = set(deployments.filter(deployments_kept(rights_of(by))).values_list("pk", flat=True))
    found: dict[str, list[Deployment]] = {"changing": [], "already": [], "forbidden": []}
    for each in deployments.select_related("site", "wave").order_by("pk"):
        same = wish.standing(each) == tuple(wish.wanted(each).values())
        found["forbidden" if each.pk not in kept else "already" if same else "changing"].append(each)
    written = repr(
        [(fate, [(each.pk, *map(str, wish.standing(each))) for each in rows]) for fate, rows in found.items()]
    )
    mark = blake2b(written.encode(), digest_size=8).hexdigest()
    return PlanOutlook(**{fate: tuple(rows) for fate, rows in found.items()}, mark=mark)


def change_sites(deployments: "QuerySet[Deployment]", wish: PlanWish, *, mark: str, by: User) -> PlanOutlook:
    """Do what `look_ahead` showed under this mark, in a few statements whatever the number.

    Raises SitesChanged where anything chosen stands otherwise by now, unless all of it stands as wished.
    """
    with acting(by, wish.audited):
        # Held in the order of their ids, so that two at once wait for each other instead of locking each other out.
        list(deployments.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
        outlook = look_ahead(deployments, wish, by=by)
        if outlook.changing and outlook.mark != mark:
            raise SitesChanged
        declares = {"declared_by_id": person_of(by).pk} if isinstance(wish, StatusWish) else {}
        save_plans([(each, {**wish.wanted(each), **declares}) for each in outlook.changing], by=by, reason=wish.reason)
        return outlook


def save_plans(plans: Sequence[tuple[Deployment, Values]], *, by: User, reason: str) -> None:
    """Set columns of each deployment, and keep what changes; at most five statements, whatever the number.

    A colour that is set is declared, and so kept, though it be the one before.
    To be called inside a transaction that holds the deployments and says who acts.
    """
    if not plans:
        return
    numbers = _wave_numbers(plans)
    changes = [
        DeploymentChange(deployment=each, what=KEPT[name], before=before, after=after, reason=reason)
        for each, values in plans
        for name, value in values.items()
        if name in KEPT
        and (
            (before := _written(name, getattr(each, name), numbers)) != (after := _written(name, value, numbers))
            or name == "declared_status"
        )
    ]
    for each, values in plans:
        for name, value in values.items():
            setattr(each, name, value)
    columns = {name.removesuffix("_id") for _each, values in plans for name in values}
    Deployment.objects.bulk_update([each for each, _values in plans], sorted(columns))
    now, author = timezone.now(), person_of(by)
    last = _last_moments([each for each, _values in plans], now)
    for change in changes:
        change.at, change.by = last.get(change.deployment_id, now), author
    DeploymentChange.objects.bulk_create(changes)


def _written(name: str, value: Any, numbers: Mapping[int, int]) -> str:
    """A date, a colour or the wave's number, as a change keeps it; "" for none."""
    if value is None:
        return ""
    return str(numbers[value] if name == "wave_id" else value)


def _wave_numbers(plans: Iterable[tuple[Deployment, Values]]) -> dict[int, int]:
    waves = {
        wave for each, values in plans if "wave_id" in values for wave in (each.wave_id, values["wave_id"]) if wave
    }
    return dict(Wave.objects.filter(pk__in=waves).values_list("pk", "number")) if waves else {}


def _last_moments(deployments: Sequence[Deployment], now: datetime) -> dict[int, datetime]:
    """Of deployments whose last change is of now or, where the clock was set back a little, of later: just after it."""
    changes = DeploymentChange.objects.filter(deployment__in=deployments, at__gte=now, at__lt=now + CLOCK_STEP)
    found = changes.order_by().values("deployment").annotate(last=Max("at")).values_list("deployment", "last")
    return {deployment: last + timedelta(microseconds=1) for deployment, last in found}
