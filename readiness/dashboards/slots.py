"""Slots of the rota: one shift pattern on one ward on one day, alone, as a ward's rota and as stretches of days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.models import Ward
from rollout.templatetags.formats import clock, day_range, day_short
from training.models import ShiftPattern

DAY = timedelta(days=1)
UTC = ZoneInfo("UTC")
STATES = {
    "gap": _("gap"),
    "bare": _("covered, none to spare"),
    "covered": _("covered"),
    "was-gap": _("was not covered"),
    "was-covered": _("was covered"),
}


@dataclass(frozen=True)
class Slot:
    """One shift pattern on one ward on one day: how many different champions it has, and needs.

    `names` are those the reader may know; `starts_at` and `ends_at` are by the site's clock. `over`: it has ended, so
    that it is history, and no gap that anybody could fill.
    """

    ward: Ward
    pattern: ShiftPattern
    date: date
    minimum: int
    have: int
    starts_at: datetime
    ends_at: datetime
    names: tuple[str, ...] = ()
    few: bool = True
    over: bool = False

    @property
    def state(self) -> str:
        """`gap`: fewer than it needs; `bare`: one no-show makes it a gap; `covered`: it has one to spare.

        `was-gap` and `was-covered` is what it was once it is over.
        Without `few` (counts of fewer than 5 people may be shown) bare is covered: it would tell the count.
        """
        if self.over:
            return "was-covered" if self.filled else "was-gap"
        if not self.filled:
            return "gap"
        return "bare" if self.few and self.have == self.minimum else "covered"

    @property
    def words(self) -> str:
        """What the state is called."""
        return str(STATES[self.state])

    @property
    def label(self) -> str:
        """What the slot's cell says: "1 of 2"; only its state where counts of few may not be shown."""
        if not self.few:
            return capfirst(self.words)
        return gettext("%(have)s of %(need)s") % {"have": self.have, "need": self.minimum}

    @property
    def times(self) -> str:
        """The hours of the pattern by the site's clock: "9:30pm to 7:30am the next day"."""
        words = {"from": clock(self.pattern.starts), "to": clock(self.pattern.ends)}
        if self.pattern.ends <= self.pattern.starts:
            return gettext("%(from)s to %(to)s the next day") % words
        return gettext("%(from)s to %(to)s") % words

    @property
    def filled(self) -> bool:
        """Whether it counts as filled in the score."""
        return self.have >= self.minimum

    @property
    def is_gap(self) -> bool:
        """Whether somebody is still missing: it is not filled, and not over."""
        return not (self.filled or self.over)

    @property
    def length(self) -> timedelta:
        """How long it really lasts."""
        # Both are by one clock: only as moments do they tell what a clock change adds or takes.
        return self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)

    @property
    def usual(self) -> timedelta:
        """How long it lasts by the clock."""
        return self.ends_at.replace(tzinfo=None) - self.starts_at.replace(tzinfo=None)

    @property
    def unnamed(self) -> int:
        """How many of its champions are not named."""
        return max(self.have - len(self.names), 0)


@dataclass(frozen=True)
class WardRota:
    """A ward's slots: by pattern (a row of the grid each), and by day."""

    ward: Ward
    slots: tuple[Slot, ...]

    @cached_property
    def rows(self) -> list[tuple[ShiftPattern, list[Slot]]]:
        """Each pattern with its slots in the order of days."""
        ordered = sorted(self.slots, key=lambda slot: (slot.pattern.starts, slot.pattern.name, slot.date))
        return [(slots[0].pattern, slots) for _key, slots in _grouped(ordered, attrgetter("pattern.pk"))]

    @cached_property
    def days(self) -> list[tuple[date, list[Slot]]]:
        """Each day with its slots in the order of patterns."""
        ordered = sorted(self.slots, key=lambda slot: (slot.date, slot.pattern.starts, slot.pattern.name))
        return [(slots[0].date, slots) for _key, slots in _grouped(ordered, attrgetter("date"))]

    @property
    def table_id(self) -> str:
        """The id of the ward's own table on the page."""
        return f"rota-{self.ward.pk}"

    @property
    def gaps(self) -> int:
        """How many slots are not filled, of those that are not over."""
        return sum(slot.is_gap for slot in self.slots)

    @property
    def over(self) -> bool:
        """Whether all of its slots are over."""
        return all(slot.over for slot in self.slots)


@dataclass(frozen=True)
class Stretch:
    """Slots of one ward and pattern that one no-show makes a gap, as days that follow one another."""

    ward: Ward
    pattern: ShiftPattern
    slots: int
    runs: tuple[tuple[date, date], ...]

    @property
    def days(self) -> str:
        """The days in words: "7 to 12 December, 14 December 2026"."""
        *earlier, last = self.runs
        return ", ".join([*(_short_range(*run) for run in earlier), day_range(*last)])


def rotas(slots: Iterable[Slot]) -> Iterable[WardRota]:
    """Each ward's slots, in the order of the wards' names."""
    ordered = sorted(slots, key=lambda slot: (slot.ward.name, slot.ward.code, slot.ward.pk))
    return [WardRota(found[0].ward, tuple(found)) for _key, found in _grouped(ordered, attrgetter("ward.pk"))]


def runs_of(days: Sequence[date]) -> Iterable[tuple[date, date]]:
    """Days in order as runs of days that follow one another: (first, last)."""
    for _start, run in groupby(enumerate(days), key=lambda each: each[1] - each[0] * DAY):
        found = [on for _place, on in run]
        yield found[0], found[-1]


def _grouped(rows: Iterable[Slot], key: Any) -> list[tuple[Any, list[Slot]]]:
    return [(value, list(found)) for value, found in groupby(rows, key=key)]


def _short_range(first: date, last: date) -> str:
    if first == last:
        return day_short(first)
    return gettext("%(first)s to %(last)s") % {"first": day_short(first), "last": day_short(last)}
