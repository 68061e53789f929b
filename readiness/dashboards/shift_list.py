"""The shifts of a site from a day on, as they are planned, with who takes them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from readiness.dashboards.champions import name_of
from readiness.dashboards.shift_words import when_words
from rollout.models import Deployment
from rollout.querysets.rights import Somebody
from training.choices import CANCELLABLE_SHIFT_STATES, ShiftState
from training.models import ChampionShift, StaffMember
from training.permissions import keep_rota_of


@dataclass(frozen=True)
class ShiftLine:
    """A shift in words. `name` is "" where the reader may not know it; `kept`: the reader may move or cancel it.

    `lost`: it is cancelled and still to come, and the reader may plan it again.
    """

    shift: ChampionShift
    when: str
    name: str
    kept: bool
    lost: bool


def shifts_at(deployment: Deployment, user: Somebody, *, since: date, ward_id: int | None = None) -> QuerySet:
    """The shifts of the programme at a site that end after a day begins there, the next first."""
    begins = datetime.combine(since, time(), ZoneInfo(deployment.site.time_zone))
    rows = ChampionShift.objects.visible_to(user).filter(
        programme=deployment.programme_id, ward__site=deployment.site_id, ends_at__gt=begins, retired_at=None
    )
    if ward_id is not None:
        rows = rows.filter(ward=ward_id)
    return rows.select_related("ward").order_by("starts_at", "ward__name", "pk")


def shift_lines(deployment: Deployment, user: Somebody, shifts: list[ChampionShift]) -> list[ShiftLine]:
    """The shifts in words, with the names that the reader may know. One query."""
    zone, now = ZoneInfo(deployment.site.time_zone), timezone.now()
    known = StaffMember.objects.visible_to(user).in_bulk({shift.staff_id for shift in shifts})
    return [
        ShiftLine(
            shift=shift,
            when=when_words(shift.starts_at, shift.ends_at, zone),
            name=name_of(known[shift.staff_id]) if shift.staff_id in known else "",
            kept=shift.state in CANCELLABLE_SHIFT_STATES and keep_rota_of(user, deployment, shift.ward_id),
            lost=shift.state == ShiftState.CANCELLED
            and shift.ends_at > now
            and keep_rota_of(user, deployment, shift.ward_id),
        )
        for shift in shifts
    ]
