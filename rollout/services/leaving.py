"""A site taken out of a programme, where nothing was ever live, and put back."""

from django.utils.translation import gettext

from rollout.choices import DecisionKind, PilotOutcome, Stage
from rollout.models import Deployment, Pilot, User
from rollout.services.decisions import record_decision
from rollout.services.deployments import held_deployment, plan_mark, today_at
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from rollout.services.retiring import put_back, take_out

# Stages in which nothing is live; a site that was live once has it written in its dates or in the stage before.
BEFORE_LIVE = frozenset({"", Stage.NOT_STARTED, Stage.PREPARING, Stage.DEFERRED, Stage.STOPPED})


def was_live(deployment: Deployment) -> bool:
    """Whether anything is live at the site, or was: its technical part or its users."""
    stages = {deployment.stage, deployment.stage_before}
    dates = deployment.actual_go_live_on, deployment.actual_technical_go_live_on
    return not stages <= BEFORE_LIVE or any(dates)


def take_site_out(*, deployment_id: int, mark: str, reason: str, by: User) -> Deployment:
    """Take a site out of its programme: void on every day, kept with who, when and why. Twice is once.

    The decision log keeps it. Raises RecordChanged where the plan is another by now, and Refused for a site that is
    or was live, whose history is the programme's, and while a pilot runs there.
    """
    with held_deployment(deployment_id, by, "site taken out of the programme") as deployment:
        if deployment.retired_at is not None:
            return deployment
        if plan_mark(deployment) != mark:
            raise RecordChanged(deployment)
        if was_live(deployment):
            raise Refused(gettext("Something is live here, or was. Stop the site instead: its history stays."))
        if pilots_under_way(deployment):
            raise Refused(gettext("A pilot of the programme runs here. Record its outcome first."))
        take_out(deployment, by=by, reason=reason)
        decide(deployment, by, DecisionKind.STOP, gettext("Taken out of the programme"), reason)
        return deployment


def pilots_under_way(deployment: Deployment) -> bool:
    """Whether a pilot of the programme has begun at the site and has no outcome yet."""
    pilots = Pilot.objects.filter(programme=deployment.programme_id, site=deployment.site_id, retired_at=None)
    return pilots.filter(outcome=PilotOutcome.UNDECIDED, starts_on__lte=today_at(deployment)).exists()


def put_site_back(*, deployment_id: int, by: User) -> Deployment:
    """Put a site back into its programme as it was; a wave that was taken out meanwhile is left. Twice is once.

    Raises Refused where the site itself is closed.
    """
    with held_deployment(deployment_id, by, "site put back into the programme") as deployment:
        if deployment.site.retired_at is not None:
            raise Refused(gettext("This site is closed. Ask an administrator to open it again first."))
        if not put_back(deployment):
            return deployment
        if deployment.wave and deployment.wave.retired_at is not None:
            deployment.wave = None
            deployment.save(update_fields=["wave"])
        decide(deployment, by, DecisionKind.STANDARD, gettext("Put back into the programme"), "")
        return deployment


def decide(deployment: Deployment, by: User, kind: DecisionKind, text: str, reason: str) -> None:
    """Write down in the decision log what was done with the site."""
    record_decision(
        programme_id=deployment.programme_id,
        deployment=deployment,
        kind=kind,
        text=text,
        reason=reason,
        from_on=today_at(deployment),
        by=by,
    )
