"""Log-in tests: whether a colleague could log in, and why not."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from rollout.audit import acting
from rollout.models import Deployment, User, Ward
from rollout.services.refusals import Refused
from training.choices import AccessReason
from training.models import AccessCheck, Posting, StaffMember
from training.permissions import keep_rota_of
from training.services.log_places import NotThatDay, check_day, check_open
from training.services.shift_log import Made

LONGEST_DEVICE = 120
# As many as one form of a drill records.
MOST_AT_ONCE = 500
TABLE = AccessCheck._meta.db_table


class WrongColleague(Refused):
    """The person is not one whose log-in the user may record; said there."""

    field = "staff"


class WrongPeople(Refused):
    """Somebody of those ticked is not one whose log-in the user may record there; said at the people."""

    field = "people"


class NewerTest(Refused):
    """Somebody of those ticked was tested after the page was shown; said at the people."""

    field = "people"


class NotThatDrill(NotThatDay):
    """The day of a drill cannot be recorded; said at the day."""

    field = "tested_on"


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
    check_open(by, deployment)
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


def newest_test(staff_ids: Collection[int], programme_id: int) -> int:
    """The id of the newest test of these people, 0 without any: what a page has seen of them."""
    tests = AccessCheck.objects.filter(staff__in=staff_ids, programme=programme_id)
    return tests.aggregate(newest=Max("pk"))["newest"] or 0


def record_access_checks(
    *,
    deployment: Deployment,
    ward: Ward,
    staff_ids: Collection[int],
    device: str,
    on: date,
    seen: int,
    by: User,
) -> int:
    """Record that people of a ward logged in there, at a drill on a day. Returns how many.

    Today's count as made now, those of a day before as the last of that day. `seen` is the newest test that the user
    was shown. Seven statements, however many people. Raises WrongPeople where one of them does not work on the ward
    that day, NewerTest, NotThatDrill, NoSuchPlace; then nothing is recorded.
    """
    check_open(by, deployment)
    try:
        check_day(by, deployment, on)
    except NotThatDay as refusal:
        raise NotThatDrill(str(refusal)) from refusal
    at = _moment_of(deployment, on)
    with acting(by, "log-ins tested at a drill"):
        people = StaffMember.objects.current().visible_to(by).filter(pk__in=staff_ids).order_by("pk")
        held = [person.pk for person in people.select_for_update(of=("self",), no_key=True)]
        posted = set(Posting.objects.on(on).filter(staff__in=held, ward=ward).values_list("staff", flat=True))
        if len(posted) < len(set(staff_ids)) or not keep_rota_of(by, deployment, ward.pk):
            raise WrongPeople(gettext("Select people who work there on that day"))
        tests = AccessCheck.objects.filter(staff__in=held, programme=deployment.programme_id)
        newer = tests.filter(pk__gt=seen).values("staff").distinct().count()
        if newer:
            raise NewerTest(
                ngettext(
                    "%(n)s of them was tested after this page was shown. See how it went, then save again.",
                    "%(n)s of them were tested after this page was shown. See how it went, then save again.",
                    newer,
                )
                % {"n": newer}
            )
        # No two tests of one person are at one moment.
        near = tests.filter(checked_at__gte=at, checked_at__lt=at + timedelta(minutes=1)).order_by()
        latest = dict(near.values("staff").annotate(last=Max("checked_at")).values_list("staff", "last"))
        after = {staff: moment + timedelta(microseconds=1) for staff, moment in latest.items()}
        rows = [
            AccessCheck(
                staff_id=staff,
                programme_id=deployment.programme_id,
                ward=ward,
                checked_at=after.get(staff, at),
                device=device,
                passed=True,
            )
            for staff in held
        ]
        return len(AccessCheck.objects.bulk_create(rows))


def _moment_of(deployment: Deployment, on: date) -> datetime:
    """Now for today at the site, the last minute of a day before."""
    zone = ZoneInfo(deployment.site.time_zone)
    now = timezone.now()
    return now if on == now.astimezone(zone).date() else datetime.combine(on, time(23, 59), zone)
