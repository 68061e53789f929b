"""Where a person may log: which wards, for which programmes, and for how long back."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from rollout.choices import ProgrammeState, Stage
from rollout.models import Deployment, User, Ward
from rollout.permissions import manage_programme
from rollout.querysets.deployments import DeploymentQuerySet
from rollout.querysets.organisations import WardQuerySet
from rollout.querysets.rights import rights_of
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.models import Champion, ChampionShift, Posting

# What is older than this a programme's managers may still log, and nobody else.
DAYS_BACK = 30
OVER = (ProgrammeState.CLOSED, ProgrammeState.STOPPED)


class NoSuchPlace(Refused):
    """The ward, or the programme at it, is not one that the person may log for; said at the ward."""

    field = "ward"


class NotThatDay(Refused):
    """The day cannot be logged; said at the day."""

    field = "on"


def log_wards(user: User) -> WardQuerySet:
    """The wards a person may log something for: those near them, and those of the programmes they manage."""
    wards = Ward.objects.current()
    rights = rights_of(user)
    if rights.administrator:
        return wards
    managed = Deployment.objects.current().filter(programme__in=rights.managed)
    return wards.filter(near(user) | Q(site__in=managed.values("site")))


def near_wards(user: User) -> WardQuerySet:
    """The wards a person stands on."""
    return Ward.objects.current().filter(near(user))


def near(user: User) -> Q:
    """The wards a person stands on: managed, led, and as a champion those of the site and of own shifts."""
    rights, today = rights_of(user), timezone.localdate()
    own = Champion.objects.current().filter(Q(to_on=None) | Q(to_on__gte=today), staff__user=user)
    posted = Posting.objects.on(today).filter(staff__in=own.values("staff"))
    planned = ChampionShift.objects.filter(staff__in=own.values("staff"), retired_at=None)
    return (
        Q(pk__in=list(rights.wards))
        | Q(site__in=rights.led)
        | Q(site__in=posted.values("ward__site"))
        | Q(pk__in=planned.values("ward"))
    )


def find_ward(user: User, ward_id: int) -> Ward:
    """One of these wards, with its site. Raises NoSuchPlace, which tells not whether there is such a ward."""
    ward = log_wards(user).select_related("site").filter(pk=ward_id).first()
    if ward is None:
        raise NoSuchPlace(gettext("You cannot log for this ward."))
    return ward


def deployments_at(wards: Iterable[Ward]) -> DeploymentQuerySet:
    """The deployments that have one of the wards in their scope, with programme and site; a site's may come twice."""
    ids = [ward.pk for ward in wards]
    sites = {ward.site_id for ward in wards}
    deployments = Deployment.objects.current().filter(site__in=sites, programme__retired_at=None)
    return deployments.filter(Q(scope=None) | Q(scope__ward__in=ids)).select_related("programme", "site").distinct()


def deployment_at(ward: Ward, *, programme_id: int | None = None, code: str = "") -> Deployment:
    """The deployment of a programme at a ward; without one named, the only one. Raises NoSuchPlace."""
    found = deployments_at([ward]).order_by("pk")
    if programme_id is not None:
        found = found.filter(programme=programme_id)
    if code:
        found = found.filter(programme__code=code)
    rows = list(found[:2])
    if not rows:
        raise NoSuchPlace(gettext("The programme does not come to this ward."))
    if len(rows) > 1:
        raise NoSuchPlace(gettext("Say which programme this is about."))
    return rows[0]


def check_open(user: User, deployment: Deployment) -> None:
    """Raise NoSuchPlace for a programme that is over, as a whole or at this site; its managers may still log."""
    over = deployment.programme.state in OVER or deployment.stage == Stage.STOPPED
    if over and not manage_programme(user, deployment.programme):
        raise NoSuchPlace(gettext("The programme is over here. Ask its manager to log this."))


def check_day(user: User, deployment: Deployment, day: date) -> None:
    """Raise NotThatDay for a day to come at the site, and for one that is too long ago for this person."""
    today = timezone.localdate(timezone=ZoneInfo(deployment.site.time_zone))
    if day > today:
        raise NotThatDay(gettext("%(day)s is still to come. Log it once it has begun.") % {"day": day_words(day)})
    if day < today - timedelta(days=DAYS_BACK) and not manage_programme(user, deployment.programme):
        words = {"day": day_words(day), "n": DAYS_BACK}
        raise NotThatDay(gettext("%(day)s is more than %(n)s days ago. Ask the programme's manager to log it.") % words)
