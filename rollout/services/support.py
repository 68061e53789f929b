"""Issues raised on the wards: what is wrong, in the words of whoever stands there."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.choices import Stage
from rollout.models import Deployment, SupportIssue, User, Ward
from rollout.services.refusals import Refused

# Where issues are raised: from two weeks before a planned go-live until the site is embedded.
RAISING = (Stage.TECHNICAL_LIVE, Stage.LIVE, Stage.HYPERCARE)
DAYS_BEFORE = 14


class NobodyListens(Refused):
    """Nothing goes live at the ward, so nobody looks after issues; said at the ward."""

    field = "ward"


def takes_issues(deployment: Deployment, today: date) -> bool:
    """Whether somebody looks after the issues of a deployment: it is live, or goes live within 14 days."""
    if deployment.stage in RAISING:
        return True
    planned = deployment.go_live if deployment.stage == Stage.PREPARING else None
    return planned is not None and planned <= today + timedelta(days=DAYS_BEFORE)


def raise_issue(
    *,
    client_id: UUID,
    deployment: Deployment,
    ward: Ward,
    words: str,
    stops_work: bool,
    raised_at: datetime,
    today: date,
    by: User,
) -> SupportIssue:
    """Raise an issue of a ward; category, tier and severity are for the command centre. Raises NobodyListens."""
    if not takes_issues(deployment, today):
        raise NobodyListens(
            gettext("%(programme)s is not live here, and does not go live soon. Ask the site lead.")
            % {"programme": deployment.programme.name}
        )
    with acting(by, "issue raised"):
        return SupportIssue.objects.create(
            client_id=client_id,
            deployment=deployment,
            ward=ward,
            raised_at=raised_at,
            stops_work=stops_work,
            words=words,
        )
