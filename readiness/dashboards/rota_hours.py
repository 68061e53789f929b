"""A day of a site's rota by the hour: how many champions are there, how many are needed, what one no-show leaves bare.

An hour counts the fewest who are there at any moment of it, so half an hour without anybody shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from readiness.dashboards.champions import name_of
from readiness.dashboards.infrastructure import wards_in_scope
from rollout.models import Deployment, Ward
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import clock
from training.hours import DAY, HOUR, Span, moment_at, span_of
from training.models import ChampionShift, ShiftPattern, StaffMember
from training.presence import Alone, alone_during, least_there

MIDNIGHT = time()


@dataclass(frozen=True)
class HourCell:
    """An hour of a ward: the fewest champions at any moment of it, and how many the shift patterns ask for."""

    least: int
    need: int

    @property
    def state(self) -> str:
        """`gap`, `bare` (one no-show makes a gap), `covered`; "" where no shift asks for anybody."""
        if not self.need:
            return ""
        if self.least < self.need:
            return "gap"
        return "bare" if self.least == self.need else "covered"

    @property
    def label(self) -> str:
        """What the cell says: "1 of 2"; how many are there where nobody has to be."""
        if not self.need:
            return str(self.least) if self.least else ""
        return gettext("%(have)s of %(need)s") % {"have": self.least, "need": self.need}


@dataclass(frozen=True)
class AloneWords:
    """A stretch for which one champion is alone on a ward, in words."""

    ward: Ward
    times: str
    name: str


@dataclass(frozen=True)
class RotaHours:
    """A day by the clock of the site: what its hours are called, and each ward's hours."""

    day: date
    hours: tuple[str, ...]
    wards: tuple[tuple[Ward, tuple[HourCell, ...]], ...]
    alone: tuple[AloneWords, ...]

    @property
    def gaps(self) -> int:
        """Hours, over all wards, with fewer than needed."""
        return sum(cell.state == "gap" for _ward, cells in self.wards for cell in cells)

    @property
    def needed(self) -> int:
        """Hours, over all wards, in which anybody is needed."""
        return sum(bool(cell.need) for _ward, cells in self.wards for cell in cells)


def rota_hours(deployment: Deployment, user: Somebody, on: date) -> RotaHours:
    """A day of the rota by the hour; 23 or 25 hours where the clocks change. Five queries, however many shifts."""
    zone = ZoneInfo(deployment.site.time_zone)
    whole = Span(moment_at(on, MIDNIGHT, zone), moment_at(on + DAY, MIDNIGHT, zone))
    hours = hours_of(whole)
    wards = wards_in_scope(deployment)
    shifts = _shifts(deployment, wards, whole)
    needs = needs_of(list(deployment.programme.shift_patterns.filter(retired_at=None)), hours, on, zone)
    asked = [hour for hour, need in zip(hours, needs, strict=True) if need]
    alone = {ward.pk: _alone(shifts.get(ward.pk, []), asked) for ward in wards}
    known = StaffMember.objects.visible_to(user).in_bulk({each.who for found in alone.values() for each in found})
    return RotaHours(
        day=on,
        hours=hour_words(hours, zone),
        wards=tuple((ward, _cells(shifts.get(ward.pk, []), hours, needs)) for ward in wards),
        alone=tuple(
            AloneWords(ward, _times(each.span, zone), name_of(known[each.who]) if each.who in known else "")
            for ward in wards
            for each in alone[ward.pk]
        ),
    )


def hours_of(whole: Span) -> list[Span]:
    """The hours of a day, by real time."""
    number = round(whole.length / HOUR)
    return [Span(whole.starts_at + n * HOUR, whole.starts_at + (n + 1) * HOUR) for n in range(number)]


def hour_words(hours: Sequence[Span], zone: ZoneInfo) -> tuple[str, ...]:
    """What hours are called; one that comes twice says so the second time."""
    found: list[str] = []
    for hour in hours:
        words = clock(hour.starts_at.astimezone(zone).time())
        found.append(gettext("%(hour)s again") % {"hour": words} if words in found else words)
    return tuple(found)


def needs_of(patterns: Sequence[ShiftPattern], hours: Sequence[Span], on: date, zone: ZoneInfo) -> list[int]:
    """How many champions each hour needs on a ward: the most that a shift asks for which runs in it."""
    slots = [
        (span_of(day, pattern.starts, pattern.ends, zone), pattern.minimum)
        for pattern in patterns
        for day in (on - DAY, on)
    ]
    return [
        max(
            (need for slot, need in slots if slot.starts_at < hour.ends_at and slot.ends_at > hour.starts_at), default=0
        )
        for hour in hours
    ]


def _shifts(deployment: Deployment, wards: Sequence[Ward], whole: Span) -> Mapping[int, list[tuple[int, Span]]]:
    rows = ChampionShift.objects.live().between(whole.starts_at, whole.ends_at)
    rows = rows.filter(programme=deployment.programme_id, ward__in=wards).order_by("starts_at", "pk")
    found: dict[int, list[tuple[int, Span]]] = {}
    for ward, staff, starts, ends in rows.values_list("ward", "staff", "starts_at", "ends_at"):
        found.setdefault(ward, []).append((staff, Span(starts, ends)))
    return found


def _cells(shifts: Sequence[tuple[int, Span]], hours: Sequence[Span], needs: Sequence[int]) -> tuple[HourCell, ...]:
    spans = [span for _who, span in shifts]
    return tuple(HourCell(least_there(spans, hour), need) for hour, need in zip(hours, needs, strict=True))


def _alone(shifts: Sequence[tuple[int, Span]], asked: Sequence[Span]) -> list[Alone]:
    """Stretches with one champion in the hours that need somebody, those that touch put together."""
    found: list[Alone] = []
    for each in (each for hour in asked for each in alone_during(shifts, hour)):
        if found and found[-1].who == each.who and found[-1].span.ends_at == each.span.starts_at:
            found[-1] = Alone(each.who, Span(found[-1].span.starts_at, each.span.ends_at))
        else:
            found.append(each)
    return found


def _times(span: Span, zone: ZoneInfo) -> str:
    starts, ends = (at.astimezone(zone).time() for at in (span.starts_at, span.ends_at))
    return gettext("%(from)s to %(to)s") % {"from": clock(starts), "to": clock(ends)}


def day_shown(deployment: Deployment, today: date) -> date:
    """The day to begin with: today while the fortnight runs, else its first day; today without a go-live."""
    first = deployment.go_live
    if first is None:
        return today
    return today if first <= today < first + timedelta(days=14) else first
