"""What a person plans and declares of a deployment. Every change is kept with who, when and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from rollout.audit import acting
from rollout.choices import ChangeWhat, DeclaredStatus
from rollout.models import Deployment, DeploymentChange, User
from rollout.services.moments import now_after
from rollout.services.people import person_of

PLAN = (
    "stage",
    "stage_before",
    "wave_id",
    "go_live_on",
    "technical_go_live_on",
    "actual_go_live_on",
    "actual_technical_go_live_on",
    "dual_running_until_on",
    "declared_status",
    "declared_on",
    "declared_words",
)


class PlanChanged(Exception):
    """Somebody else changed the deployment since the form was opened; `deployment` is how it stands now."""

    def __init__(self, deployment: Deployment) -> None:
        """Keep the deployment as it stands now."""
        super().__init__(str(deployment))
        self.deployment = deployment


def plan_mark(deployment: Deployment) -> str:
    """A mark of the plan as it stands, for a form to bring back: 16 hexadecimal digits."""
    written = "\x1f".join(str(getattr(deployment, name)) for name in PLAN)
    return blake2b(written.encode(), digest_size=8).hexdigest()


def declare_status(*, deployment_id: int, mark: str, status: DeclaredStatus, words: str, by: User) -> Deployment:
    """Declare green, amber or red, in words. Raises PlanChanged if somebody was there first.

    Declaring the same again today with the same words changes nothing; on a later day it renews the date.
    """
    with held_deployment(deployment_id, by, "status declared") as deployment:
        if _declared(deployment) == (status, words, today_at(deployment)):
            return deployment
        check_mark(deployment, mark)
        _declare(deployment, by, status, words)
        return deployment


def _declared(deployment: Deployment) -> tuple[str, str, date | None]:
    return deployment.declared_status, deployment.declared_words, deployment.declared_on


def _declare(deployment: Deployment, by: User, status: str, words: str) -> None:
    """Declare a colour today, and keep the one before."""
    before = deployment.declared_status
    save_plan(
        deployment,
        declared_status=status,
        declared_words=words,
        declared_on=today_at(deployment),
        declared_by=person_of(by),
    )
    keep_change(deployment, by, ChangeWhat.DECLARED_STATUS, before, status, words)


def set_standing(
    *, deployment_id: int, mark: str, wave_id: int | None, status: str, words: str, by: User
) -> Deployment:
    """Say in one go which wave a deployment is in and what is declared of it. Raises PlanChanged.

    What stands so already stays as it is: a colour and words that do not change keep the day they were declared on.
    `status` is "" only where nobody has declared one.
    """
    with held_deployment(deployment_id, by, "wave and status set") as deployment:
        to_declare = bool(status) and _declared(deployment)[:2] != (status, words)
        if deployment.wave_id == wave_id and not to_declare:
            return deployment
        check_mark(deployment, mark)
        if deployment.wave_id != wave_id:
            plan_dates(deployment, by, "", wave_id=wave_id)
        if to_declare:
            _declare(deployment, by, status, words)
        return deployment


def set_dates(
    *,
    deployment_id: int,
    mark: str,
    go_live_on: date | None,
    technical_go_live_on: date | None,
    dual_running_until_on: date | None,
    wave_id: int | None,
    reason: str,
    by: User,
) -> Deployment:
    """Plan a deployment's dates and wave; what changes is kept with the reason. Raises PlanChanged."""
    with held_deployment(deployment_id, by, "dates planned") as deployment:
        wanted = {
            "go_live_on": go_live_on,
            "technical_go_live_on": technical_go_live_on,
            "dual_running_until_on": dual_running_until_on,
            "wave_id": wave_id,
        }
        if all(getattr(deployment, name) == value for name, value in wanted.items()):
            return deployment
        check_mark(deployment, mark)
        plan_dates(deployment, by, reason, **wanted)
        return deployment


@contextmanager
def held_deployment(deployment_id: int, by: User, reason: str) -> Iterator[Deployment]:
    """The deployment, held until the transaction ends; the audit says who and why."""
    with acting(by, reason):
        rows = Deployment.objects.select_for_update(of=("self",), no_key=True).select_related("site")
        yield rows.get(pk=deployment_id)


def check_mark(deployment: Deployment, mark: str) -> None:
    """Raises PlanChanged if the plan is no longer the one that the mark was made of."""
    if plan_mark(deployment) != mark:
        raise PlanChanged(deployment)


def today_at(deployment: Deployment) -> date:
    """Today at the deployment's site."""
    return timezone.localdate(timezone=ZoneInfo(deployment.site.time_zone))


def save_plan(deployment: Deployment, **values: Any) -> None:
    """Set columns of the deployment, and write no others."""
    for name, value in values.items():
        setattr(deployment, name, value)
    deployment.save(update_fields=[name.removesuffix("_id") for name in values])


def plan_dates(deployment: Deployment, by: User, reason: str, **dates: Any) -> None:
    """Set dates and wave; those that DeploymentChange knows are kept as changes."""
    kept = {
        "go_live_on": ChangeWhat.GO_LIVE,
        "technical_go_live_on": ChangeWhat.TECHNICAL_GO_LIVE,
        "wave_id": ChangeWhat.WAVE,
    }
    before = {name: _written(deployment, name) for name in kept if name in dates}
    save_plan(deployment, **dates)
    if "wave_id" in dates:
        deployment.refresh_from_db(fields=["wave"])
    for name, was in before.items():
        if was != (now := _written(deployment, name)):
            keep_change(deployment, by, kept[name], was, now, reason)


def _written(deployment: Deployment, name: str) -> str:
    """A date or the wave's number, as a change keeps it; "" for none."""
    value = deployment.wave.number if name == "wave_id" and deployment.wave else getattr(deployment, name)
    return "" if value is None else str(value)


def keep_change(deployment: Deployment, by: User, what: ChangeWhat, before: str, after: str, reason: str) -> None:
    """Keep a change of the plan as a row of its own."""
    DeploymentChange.objects.create(
        deployment=deployment,
        at=now_after(DeploymentChange.objects.filter(deployment=deployment)),
        what=what,
        before=before,
        after=after,
        reason=reason,
        by=person_of(by),
    )
