"""What to do next at a site: the next best actions of readiness.explain, with their records and who is to act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.few import hidden_codes, some_few
from readiness.dashboards.site.action_words import lift_words, points_words, record_words, who_acts
from readiness.dashboards.site.known import Known
from readiness.dashboards.site.links import records_address
from readiness.dashboards.site.reader import Reader
from readiness.dashboards.site.records import Named, Place, places_of
from readiness.dashboards.site.seats import Seats
from readiness.dashboards.site.who import Who
from readiness.explain import (
    ActionGroup,
    ActionKind,
    by_group,
    describe,
    next_best_actions,
    readings_of,
)
from readiness.scoring import Model
from rollout.downloads import Column, Table
from rollout.models import Deployment

TOP = 5
# Actions on people: how many are left could point at somebody.
ON_PEOPLE = frozenset(
    {ActionKind.TRAIN_PERSON, ActionKind.TRAIN_CHAMPION, ActionKind.ADD_CHAMPION, ActionKind.TEST_LOGIN}
)
OF_ITEMS = frozenset({ActionKind.FINISH_ITEM, ActionKind.RENEW_ITEM, ActionKind.CONFIRM_ITEM, ActionKind.UNBLOCK_ITEM})
COLUMNS = (
    Column("place", _("Place"), "whole"),
    Column("action", _("Action")),
    Column("record", _("Record")),
    Column("who", _("Who")),
    Column("gain", _("Gain of the first, in points"), "number"),
    Column("gain_before_limits", _("Gain of the first before limits"), "number"),
    Column("times", _("Times"), "whole"),
    Column("total_gain", _("Gain of all together"), "number"),
    Column("total_gain_before_limits", _("Gain of all together before limits"), "number"),
    Column("limits", _("What it does to the limits")),
)


@dataclass(frozen=True)
class ActionLine:
    """Actions of one kind, told by the best of them: what to do, on which record, who, and what it wins.

    `href` is where its record is to be seen. Gains are exact points of 0–100: of the first, and of all `count`
    together; the raw ones before anything holds the score down. `hidden`: count and gains are left out, since they
    could point at fewer than 5 people.
    """

    kind: ActionKind
    href: str
    what: str
    record: str
    who: Who
    count: int
    gain: Fraction
    total: Fraction
    raw_gain: Fraction
    raw_total: Fraction
    lifts: tuple[str, ...]
    hidden: bool

    @property
    def of_item(self) -> bool:
        """Whether its record is an item of the checklist."""
        return self.kind in OF_ITEMS

    @property
    def of_hazard(self) -> bool:
        """Whether its record is a hazard."""
        return self.kind is ActionKind.CLOSE_HAZARD

    @property
    def later(self) -> bool:
        """Whether the first wins points only once nothing holds the score down."""
        return not self.gain and bool(self.raw_gain)

    @property
    def gain_words(self) -> str:
        """The points of the first, "+1.5": of the score, or before limits where it wins them only later."""
        return points_words(self.gain or self.raw_gain)

    @property
    def total_words(self) -> str:
        """The points of all together: of the score, or before limits where they win them only later."""
        return points_words(self.total or self.raw_total)

    @property
    def total_later(self) -> bool:
        """Whether all together win points only once something else no longer holds the score down."""
        return not self.total and bool(self.raw_total)


@dataclass(frozen=True)
class Actions:
    """The lines of a page, best first, out of so many in all; `day` is the day whose records they are worked out on."""

    lines: tuple[ActionLine, ...]
    all: int
    day: date

    @property
    def more(self) -> int:
        """How many lines are not shown."""
        return self.all - len(self.lines)

    @property
    def hidden(self) -> bool:
        """Whether figures are left out, so that nobody can be recognised."""
        return any(line.hidden for line in self.lines)


def groups_of(known: Known, reader: Reader) -> list[ActionGroup]:
    """The groups of actions, best first.

    Where counts of few must not be told, what is to be done for people comes last: its place would tell its gain.
    """
    groups = by_group(next_best_actions(known.model, known.evidence, known.situation))
    if not _private(known, groups, reader):
        return groups
    people = sorted((group for group in groups if group.best.kind in ON_PEOPLE), key=lambda each: each.best.kind)
    return [group for group in groups if group.best.kind not in ON_PEOPLE] + people


def places_named(groups: Sequence[ActionGroup]) -> list[Place]:
    """The records that the lines of these groups name."""
    return [place for group in groups for place in places_of(group.best.code, group.best.unit)]


def actions_of(
    deployment: Deployment,
    known: Known,
    groups: Sequence[ActionGroup],
    records: Mapping[Place, Named],
    *,
    seats: Seats,
    reader: Reader,
    most: int | None = TOP,
) -> Actions:
    """The first `most` groups as lines. `records` name what `places_named` asks for."""
    private = _private(known, groups, reader)
    lines = tuple(
        _line(deployment, known.model, group, records, seats, reader, hidden=private and group.best.kind in ON_PEOPLE)
        for group in groups[:most]
    )
    return Actions(lines, len(groups), known.day)


def _private(known: Known, groups: Sequence[ActionGroup], reader: Reader) -> bool:
    """Whether a count of people here is of so few that none may be told."""
    if reader.few:
        return False
    readings = readings_of(known.evidence, known.model)
    left = [group.count for group in groups if group.best.kind in ON_PEOPLE]
    return bool(hidden_codes(list(readings.values()))) or some_few(left)


def _line(
    deployment: Deployment,
    model: Model,
    group: ActionGroup,
    records: Mapping[Place, Named],
    seats: Seats,
    reader: Reader,
    *,
    hidden: bool,
) -> ActionLine:
    best = group.best
    behind = [records.get(place, Named()) for place in places_of(best.code, best.unit)]
    return ActionLine(
        kind=best.kind,
        href=records_address(deployment, best.code, best.unit, behind),
        what=describe(best),
        record=record_words(group, behind),
        who=who_acts(group, behind, seats, reader),
        count=group.count,
        gain=best.unit_gain,
        total=best.total_gain,
        raw_gain=best.raw_gain,
        raw_total=best.total_raw_gain,
        lifts=tuple(lift_words(model, group)),
        hidden=hidden,
    )


def actions_table(actions: Actions) -> Table:
    """The lines as a table for a file."""
    rows = []
    for place, line in enumerate(actions.lines, start=1):
        figures = (line.gain, line.raw_gain, line.count, line.total, line.raw_total)
        told = (None,) * len(figures) if line.hidden else figures
        rows.append((place, line.what, line.record, str(line.who), *told, "; ".join(line.lifts)))
    return Table(
        "actions",
        gettext("Next best actions"),
        COLUMNS,
        rows,
        about=[(gettext("Worked out on the records of"), date_format(actions.day, "j F Y"))],
    )
