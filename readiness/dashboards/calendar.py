"""Go-lives of all programmes and other changes, week by week, and where at one site too much comes at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.models import Waiver
from readiness.models.safety import COLLISION_PREFIX
from rollout.change_load import Load, SiteWeek, loads, monday_of, site_weeks, sunday_of, week_code, weeks_between
from rollout.downloads import Column, Table
from rollout.models import OtherChange, Site
from rollout.templatetags.formats import day as day_words
from rollout.templatetags.formats import day_range

WEEKS = 13  # a quarter of a year a page


@dataclass(frozen=True)
class Entry:
    """A go-live or another change as a reader sees it; no `text` where its programme is none of the reader's."""

    load: Load
    site: Site
    text: str
    programme: str
    programme_code: str

    @property
    def words(self) -> str:
        """What loads the site, in words."""
        if not self.text:
            return gettext("a change of another programme")
        if self.load.go_live_on:
            return gettext("go-live of %(programme)s") % {"programme": self.programme}
        return self.text

    @property
    def days(self) -> str:
        """From when to when another change lasts."""
        return day_range(self.load.first, self.load.last)


@dataclass(frozen=True)
class Collision:
    """A site that bears too much in a week, with all that makes it up; `waiver` says in words what was asked of it."""

    site: Site
    load: int
    parts: tuple[Entry, ...]
    waiver: str


@dataclass
class Week:
    """One ISO week: what goes live in it, which other changes begin in it, where it is too much.

    In the first week shown the changes that are under way stand with those that begin; later `going_on` counts them.
    """

    monday: date
    go_lives: list[Entry] = field(default_factory=list)
    changes: list[Entry] = field(default_factory=list)
    going_on: int = 0
    collisions: list[Collision] = field(default_factory=list)

    @property
    def number(self) -> int:
        """The number of the week in its year, 1 to 53."""
        return self.monday.isocalendar().week

    @property
    def code(self) -> str:
        """The week as ?week= and waivers name it, "2026-W14"."""
        return week_code(self.monday)

    @property
    def most(self) -> int:
        """The length of the longest of its lists."""
        return max(len(self.go_lives), len(self.changes), len(self.collisions))

    @property
    def sunday(self) -> date:
        """Its last day."""
        return sunday_of(self.monday)


def calendar_weeks(
    first: date, last: date, *, programmes: Collection[int], changes: QuerySet, visible: QuerySet
) -> list[Week]:
    """Every week with a day from `first` to `last`, at the sites of some programmes (ids). At most six queries.

    `visible` are all deployments the reader may know of, `changes` those that may be named: what else adds to a
    collision is counted without a name, so that the load is true and nothing is told.
    """
    parts = loads(first, last, visible.filter(programme__in=programmes).values("site"))
    weeks = {monday: Week(monday) for monday in weeks_between(first, last)}
    told = _Names(parts, visible, changes)
    by_week = site_weeks(parts, first, last)
    waivers = waivers_of([each for each in by_week if each.collides], visible)
    for each in by_week:
        week = weeks[each.monday]
        for part in each.parts:
            entry = told.entry(part)
            if part.go_live_on:
                if entry.text and part.programme_id in programmes and week.monday <= part.go_live_on <= week.sunday:
                    week.go_lives.append(entry)
            elif entry.text and (part.first >= week.monday or week.monday == monday_of(first)):
                week.changes.append(entry)
            elif entry.text:
                week.going_on += 1
        if each.collides:
            entries = tuple(told.entry(part) for part in each.parts)
            waiver = waivers.get((each.site_id, each.monday), "")
            week.collisions.append(Collision(told.sites[each.site_id], each.load, entries, waiver))
    for week in weeks.values():
        _sort(week)
    return list(weeks.values())


class _Names:
    """The names of sites, programmes and changes behind loads, as far as the reader may know them. Three queries."""

    def __init__(self, parts: Sequence[Load], visible: QuerySet, changes: QuerySet) -> None:
        self.sites = Site.objects.only("code", "name").in_bulk({part.site_id for part in parts})
        going = {part.record_id for part in parts if part.go_live_on}
        columns = ("programme__name", "programme__name", "programme__code")
        self.go_lives = {row[0]: row[1:] for row in visible.filter(pk__in=going).values_list("pk", *columns)}
        others = {part.record_id for part in parts if not part.go_live_on}
        rows = changes.filter(pk__in=others).values_list("pk", "text", "programme__name", "programme__code")
        self.changes = {row[0]: row[1:] for row in rows}
        self.entries = {id(part): self._entry(part) for part in parts}

    def entry(self, part: Load) -> Entry:
        """One of the loads with the names that the reader may know."""
        return self.entries[id(part)]

    def _entry(self, part: Load) -> Entry:
        known = self.go_lives if part.go_live_on else self.changes
        return Entry(part, self.sites[part.site_id], *known.get(part.record_id, ("", "", "")))


def _sort(week: Week) -> None:
    week.go_lives.sort(key=lambda each: (each.load.go_live_on, each.site.name.lower(), each.load.record_id))
    week.changes.sort(key=lambda each: (each.load.first, each.site.name.lower(), each.load.record_id))
    week.collisions.sort(key=lambda each: (-each.load, each.site.name.lower(), each.site.pk))


def waivers_of(colliding: Iterable[SiteWeek], visible: QuerySet) -> dict[tuple[int, date], str]:
    """What was asked and decided of the waiver of each collision, in words; of two the one asked last."""
    mondays = {f"{COLLISION_PREFIX}{week_code(each.monday)}": each.monday for each in colliding}
    if not mondays:
        return {}
    rows = Waiver.objects.filter(subject__in=mondays, retired_at=None, deployment__in=visible)
    rows = rows.annotate(site_id=F("deployment__site")).order_by(F("asked_on").asc(nulls_first=True), "pk")
    return {
        (row.site_id, mondays[row.subject]): gettext("waiver %(state)s, until %(day)s")
        % {"state": row.get_state_display().lower(), "day": day_words(row.until_on)}
        for row in rows
    }


def changes_listed(deployments: QuerySet, programmes: QuerySet) -> QuerySet:
    """The other changes that a reader may read of: at sites of these deployments, recorded by these programmes."""
    changes = OtherChange.objects.filter(retired_at=None, site__in=deployments.values("site"))
    return changes.filter(programme__in=programmes.values("pk"))


def programme_choices(programmes: QuerySet) -> list[tuple[str, str]]:
    """The programmes as choices of a filter, by code."""
    return list(programmes.order_by(Lower("name"), "pk").values_list("code", "name"))


COLUMNS = (
    Column("week", _("Week")),
    Column("monday", _("Monday"), "day"),
    Column("kind", _("What")),
    Column("site_code", _("Code of the site")),
    Column("site", _("Site")),
    Column("programme", _("Programme")),
    Column("text", _("In words")),
    Column("first", _("From"), "day"),
    Column("last", _("To"), "day"),
    Column("load", _("Load"), "whole"),
    Column("waiver", _("Waiver")),
)


def calendar_table(weeks: Iterable[Week]) -> Table:
    """The calendar as a file: a row for each go-live, other change and collision of each week."""
    rows: dict[date, list[list[Any]]] = defaultdict(list)
    for week in weeks:
        for kind, entries in ((_("Go-live"), week.go_lives), (_("Other change"), week.changes)):
            for each in entries:
                first, last = (each.load.go_live_on,) * 2 if each.load.go_live_on else (each.load.first, each.load.last)
                rows[week.monday].append(
                    [
                        kind,
                        each.site.code,
                        each.site.name,
                        each.programme,
                        each.words,
                        first,
                        last,
                        each.load.load,
                        None,
                    ]
                )
        for clash in week.collisions:
            made_of = "; ".join(part.words for part in clash.parts)
            rows[week.monday].append(
                [_("Collision"), clash.site.code, clash.site.name, None, made_of, week.monday, week.sunday, clash.load,
                 clash.waiver]
            )  # fmt: skip
    values = ([week_code(monday), monday, *cells] for monday, those in rows.items() for cells in those)
    return Table("calendar", _("Go-lives and other changes by week"), COLUMNS, list(values))
