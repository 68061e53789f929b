"""Champions at a site: every slot of the rota from go-live, the champions of each ward; the figures are the score's.

Read-only. Names come in only as far as the reader may know them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from readiness.choices import Band
from readiness.dashboards.few import hides
from readiness.dashboards.judged import models_of
from readiness.dashboards.slots import UTC, Slot, Stretch, WardRota, rotas, runs_of
from readiness.indicators.evidence import units_of
from readiness.indicators.slots import SlotKey, staff_of_slots
from readiness.models import ReadinessScore
from rollout.models import Deployment, Ward
from rollout.permissions import see_champions_at
from rollout.querysets.rights import Somebody
from training.models import ShiftPattern, StaffMember

COVER, RATIO = "champions.cover", "champions.ratio"


@dataclass(frozen=True)
class WardChampions:
    """The champions of a ward: `have` are active and trained for it, `untrained` active and not yet, of `need`."""

    ward: Ward
    staff: int
    need: int
    have: int
    untrained: int

    @property
    def active(self) -> int:
        """All that are active, trained or not."""
        return self.have + self.untrained

    @property
    def short(self) -> int:
        """How many more it needs."""
        return max(self.need - self.have, 0)


@dataclass(frozen=True)
class ChampionCover:
    """The rota of a site on a day. `few`: counts of fewer than 5 people may be shown; `named`: names may be known.

    `hidden`: nothing about people may be shown, which leaves the slots: they are no people.
    """

    day: date
    go_live: date | None
    paused: bool
    embedded: bool
    few: bool
    hidden: bool
    named: bool
    slots: tuple[Slot, ...]
    champions: tuple[WardChampions, ...]
    patterns: tuple[ShiftPattern, ...]
    staff_per_champion: int
    stored: tuple[int, int] | None = None
    wards_in_rota: tuple[WardRota, ...] = field(default=())

    @cached_property
    def ahead(self) -> list[Slot]:
        """Slots that are not over."""
        return [slot for slot in self.slots if not slot.over]

    @cached_property
    def past(self) -> list[Slot]:
        """Slots that are over."""
        return [slot for slot in self.slots if slot.over]

    @cached_property
    def gaps(self) -> list[Slot]:
        """Slots that are not filled and can still be, the nearest first."""
        return sorted(
            (slot for slot in self.slots if slot.is_gap),
            key=lambda slot: (slot.starts_at.astimezone(UTC), slot.ward.name, slot.ward.code),
        )

    @cached_property
    def bare(self) -> list[Stretch]:
        """What one no-show makes a gap, by ward and pattern."""
        found = []
        for each in self.wards_in_rota:
            for pattern, slots in each.rows:
                days = [slot.date for slot in slots if slot.state == "bare"]
                if days:
                    found.append(Stretch(each.ward, pattern, len(days), tuple(runs_of(days))))
        return found

    @property
    def bare_slots(self) -> int:
        """How many slots those are."""
        return sum(stretch.slots for stretch in self.bare)

    @property
    def dates(self) -> list[date]:
        """The days of the rota, in order."""
        return sorted({slot.date for slot in self.slots})

    @property
    def late(self) -> bool:
        """Whether the stored score counted otherwise, since records came in after it."""
        filled = sum(slot.filled for slot in self.slots)
        return not self.embedded and self.stored not in (None, (filled, len(self.slots)))

    @cached_property
    def clock_changes(self) -> list[Slot]:
        """One slot for each day and pattern that really lasts longer or shorter than by the clock."""
        found = {(slot.date, slot.pattern.pk): slot for slot in self.slots if slot.length != slot.usual}
        return [found[key] for key in sorted(found)]


def seen_at(day: date | None, zone: ZoneInfo) -> datetime:
    """The moment from which a page of a day looks ahead: now, or when that day ended at the site."""
    now = timezone.now()
    return now if day is None else min(now, datetime.combine(day + timedelta(days=1), time(), zone))


def champion_cover(
    deployment: Deployment, score: ReadinessScore, user: Somebody, *, few: bool, at: datetime
) -> ChampionCover:
    """The champions of a site on the day of a stored score, on the records as they are known now.

    What has ended by the moment `at` is over, and no gap. At most seven queries, whatever the number of wards and
    shifts.
    """
    model, day = models_of([score])[score.model_id], score.day
    cover = units_of(model, deployment.pk, COVER, day=day)
    ratio = units_of(model, deployment.pk, RATIO, day=day)
    wards = Ward.objects.in_bulk({unit.key[0] for unit in [*cover, *ratio]})
    patterns = list(ShiftPattern.objects.filter(programme=deployment.programme, retired_at=None))
    by_id = {pattern.pk: pattern for pattern in patterns}
    named = see_champions_at(user, deployment)
    names = names_of_slots(staff_of_slots(model, deployment.pk, day=day), user) if named and cover else {}
    zone = ZoneInfo(deployment.site.time_zone)
    slots = [
        Slot(
            ward=wards[unit.key[0]],
            pattern=by_id[unit.key[2]],
            date=unit.key[1],
            minimum=unit.facts["minimum"],
            have=unit.facts["have"],
            starts_at=unit.facts["starts_at"].astimezone(zone),
            ends_at=unit.facts["ends_at"].astimezone(zone),
            names=names.get(unit.key, ()),
            few=few,
            over=unit.facts["ends_at"] <= at,
        )
        for unit in cover
    ]
    slots.sort(key=lambda slot: (slot.ward.name, slot.ward.code, slot.date, slot.pattern.starts, slot.pattern.name))
    figures = score.indicators.get(COVER)
    return ChampionCover(
        day=day,
        go_live=deployment.go_live,
        paused=score.band == Band.PAUSED,
        embedded=deployment.stage == "embedded",
        few=few,
        hidden=not few and hides(score.indicators),
        named=named,
        slots=tuple(slots),
        champions=tuple(sorted((_champions(wards, unit.key[0], unit.facts) for unit in ratio), key=_shortest)),
        patterns=tuple(patterns),
        staff_per_champion=model.staff_per_champion,
        stored=(int(figures[1]), figures[2]) if figures else None,
        wards_in_rota=tuple(rotas(slots)),
    )


def names_of_slots(standing: Mapping[SlotKey, Sequence[int]], user: Somebody) -> dict[tuple[Any, ...], tuple[str, ...]]:
    """The names of those who stand in each slot, as far as the user may read them today. One query."""
    staff = {pk for each in standing.values() for pk in each}
    known = StaffMember.objects.visible_to(user).filter(pk__in=staff).values_list("pk", "name", "number")
    names = {pk: name or number for pk, name, number in known}
    return {key: tuple(sorted(names[pk] for pk in each if pk in names)) for key, each in standing.items()}


def _champions(wards: Mapping[int, Ward], ward: int, facts: Mapping[str, Any]) -> WardChampions:
    return WardChampions(wards[ward], facts["staff"], facts["need"], facts["have"], len(facts["untrained"]))


def _shortest(row: WardChampions) -> tuple[int, str, str]:
    return (-row.short, row.ward.name, row.ward.code)
