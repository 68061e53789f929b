"""A champion's own shifts of the next two weeks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from rollout.models import User
from rollout.templatetags.formats import clock, day
from training.choices import ShiftState
from training.models import ChampionShift

AHEAD = timedelta(days=14)
MOST = 20


@dataclass(frozen=True)
class OwnShift:
    """A shift by the clock of its site: when, on which ward, and whether the person said that they will be there."""

    when: str
    ward: str
    site: str
    pk: int = 0
    confirmed: bool = False


def shifts_of(user: User, now: datetime) -> list[OwnShift]:
    """The person's planned and confirmed shifts that have not ended, the next first. One query."""
    shifts = ChampionShift.objects.visible_to(user).filter(
        staff__user=user,
        state__in=(ShiftState.PLANNED, ShiftState.CONFIRMED),
        ends_at__gte=now,
        starts_at__lt=now + AHEAD,
        retired_at=None,
    )
    columns = ("pk", "state", "starts_at", "ends_at", "ward__name", "ward__site__name", "ward__site__time_zone")
    rows = shifts.order_by("starts_at", "pk").values_list(*columns)[:MOST]
    return [
        OwnShift(_when(starts, ends, zone), ward, site, pk, state == ShiftState.CONFIRMED)
        for pk, state, starts, ends, ward, site, zone in rows
    ]


def _when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    local = ZoneInfo(zone)
    starts, ends = timezone.localtime(starts_at, local), timezone.localtime(ends_at, local)
    words = {"day": day(starts.date()), "start": clock(starts), "end": clock(ends)}
    return gettext("%(day)s, %(start)s to %(end)s") % words
