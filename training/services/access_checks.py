"""Log-in tests: whether a colleague could log in, and why not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Deployment, User, Ward
from rollout.services.refusals import Refused
from training.choices import AccessReason
from training.models import AccessCheck, Posting, StaffMember
from training.permissions import keep_rota_of
from training.services.log_places import check_day, check_open
from training.services.shift_log import Made

LONGEST_DEVICE = 120
TABLE = AccessCheck._meta.db_table


class WrongColleague(Refused):
    """The person is not one whose log-in the user may record; said there."""

    field = "staff"


class NoReason(Refused):
    """A test that failed needs to say why; said at the reason."""

    field = "reason"


def record_access_check(
    *,
    deployment: Deployment,
    ward: Ward,
    staff_id: int,
    passed: bool,
    reason: str,
    device: str,
    at: datetime,
    by: User,
) -> Made:
    """Record a try of somebody of the ward to log in, at a moment: passed, or why not.

    Raises WrongColleague for somebody who does not work on the ward that day, NoReason, NotThatDay, NoSuchPlace.
    """
    day = at.astimezone(ZoneInfo(deployment.site.time_zone)).date()
    check_open(deployment)
    check_day(by, deployment, day)
    if not passed and reason not in AccessReason.values:
        raise NoReason(gettext("Select why the log-in did not work"))
    with acting(by, "log-in tested"):
        # Held, so that two tests of one person are recorded one after the other.
        people = StaffMember.objects.current().visible_to(by).filter(pk=staff_id)
        held = people.select_for_update(of=("self",), no_key=True).first()
        posted = Posting.objects.on(day).filter(staff=staff_id, ward=ward)
        if held is None or not keep_rota_of(by, deployment, ward.pk) or not posted.exists():
            raise WrongColleague(gettext("Select somebody who works on this ward"))
        tests = AccessCheck.objects.filter(staff=staff_id, programme=deployment.programme_id)
        while tests.filter(checked_at=at).exists():
            at += timedelta(microseconds=1)
        made = AccessCheck.objects.create(
            staff_id=staff_id,
            programme_id=deployment.programme_id,
            ward=ward,
            checked_at=at,
            device=device,
            passed=passed,
            reason="" if passed else reason,
        )
        return Made(TABLE, made.pk)
