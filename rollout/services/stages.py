"""Where a deployment stands: its next stage, and the decisions to defer, stop and take up again."""

from datetime import date
from typing import Any

from django.utils.translation import gettext

from rollout.choices import ChangeWhat, DecisionKind, Stage
from rollout.models import Deployment, User
from rollout.services.decisions import record_decision
from rollout.services.deployments import (
    check_mark,
    held_deployment,
    keep_change,
    plan_dates,
    save_plan,
    today_at,
)
from rollout.services.refusals import Refused

# Where a deployment goes next by itself; deferring, stopping and coming back are decisions.
NEXT: dict[str, Stage] = {
    Stage.NOT_STARTED: Stage.PREPARING,
    Stage.PREPARING: Stage.TECHNICAL_LIVE,
    Stage.TECHNICAL_LIVE: Stage.LIVE,
    Stage.LIVE: Stage.HYPERCARE,
    Stage.HYPERCARE: Stage.EMBEDDED,
}
SET_ASIDE = frozenset({Stage.DEFERRED, Stage.STOPPED})


def move_stage(
    *, deployment_id: int, mark: str, to: Stage, happened_on: date, by: User, gate_passed: bool = False
) -> Deployment:
    """Take a deployment to its next stage; the technical go-live and the go-live note the day they happened.

    `live` needs a passed gate: who calls says that it was (readiness.services.going_live). Raises PlanChanged and
    Refused.
    """
    with held_deployment(deployment_id, by, "stage moved") as deployment:
        if deployment.stage == to:
            return deployment
        check_mark(deployment, mark)
        if NEXT.get(deployment.stage) != to:
            raise Refused(gettext("The site cannot go there from the stage it is in."))
        if to == Stage.LIVE and not gate_passed:
            raise Refused(gettext("A site goes live only after a go/no-go gate said go, or go with conditions."))
        if happened_on > today_at(deployment):
            raise Refused(gettext("The day must not be in the future."))
        noted = {
            Stage.TECHNICAL_LIVE: {"actual_technical_go_live_on": happened_on},
            Stage.LIVE: {"actual_go_live_on": happened_on},
        }.get(to, {})
        _move(deployment, by, to, "", **noted)
        return deployment


def defer(
    *,
    deployment_id: int,
    mark: str,
    reason: str,
    go_live_on: date | None,
    technical_go_live_on: date | None,
    by: User,
) -> Deployment:
    """Defer a deployment to new dates, or to none yet: a decision with its reason; the old dates are kept.

    Raises PlanChanged, and Refused where the site is live already, deferred or stopped.
    """
    with held_deployment(deployment_id, by, "deferred") as deployment:
        check_mark(deployment, mark)
        if deployment.stage not in (Stage.NOT_STARTED, Stage.PREPARING, Stage.TECHNICAL_LIVE):
            raise Refused(gettext("Only a site that is still to go live can be deferred."))
        plan_dates(deployment, by, reason, go_live_on=go_live_on, technical_go_live_on=technical_go_live_on)
        _move(deployment, by, Stage.DEFERRED, reason, stage_before=deployment.stage)
        _decide(deployment, by, DecisionKind.DEFER, gettext("Go-live deferred"), reason)
        return deployment


def stop(*, deployment_id: int, mark: str, reason: str, by: User) -> Deployment:
    """Stop a deployment: a decision with its reason. Raises PlanChanged, and Refused where it is stopped already."""
    with held_deployment(deployment_id, by, "stopped") as deployment:
        check_mark(deployment, mark)
        if deployment.stage == Stage.STOPPED:
            raise Refused(gettext("The site is stopped already."))
        before = deployment.stage_before if deployment.stage == Stage.DEFERRED else deployment.stage
        _move(deployment, by, Stage.STOPPED, reason, stage_before=before)
        _decide(deployment, by, DecisionKind.STOP, gettext("Stopped at this site"), reason)
        return deployment


def take_up_again(*, deployment_id: int, mark: str, reason: str, by: User) -> Deployment:
    """Bring a deferred or stopped deployment back to where it was: a decision. Raises PlanChanged and Refused."""
    with held_deployment(deployment_id, by, "taken up again") as deployment:
        check_mark(deployment, mark)
        if deployment.stage not in SET_ASIDE:
            raise Refused(gettext("The site is neither deferred nor stopped."))
        _move(deployment, by, Stage(deployment.stage_before or Stage.PREPARING), reason, stage_before="")
        _decide(deployment, by, DecisionKind.STANDARD, gettext("Taken up again at this site"), reason)
        return deployment


def _move(deployment: Deployment, by: User, to: Stage, reason: str, **values: Any) -> None:
    before = deployment.stage
    save_plan(deployment, stage=to, **values)
    keep_change(deployment, by, ChangeWhat.STAGE, before, to, reason)


def _decide(deployment: Deployment, by: User, kind: DecisionKind, text: str, reason: str) -> None:
    record_decision(
        programme_id=deployment.programme_id,
        deployment=deployment,
        kind=kind,
        text=text,
        reason=reason,
        from_on=today_at(deployment),
        by=by,
    )
