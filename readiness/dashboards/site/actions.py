"""What to do next at a site: the next best actions of readiness.explain, with their records and who is to act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.few import hidden_codes, some_few
from readiness.dashboards.seat_words import seat_words
from readiness.dashboards.site.known import Known
from readiness.dashboards.site.links import records_address
from readiness.dashboards.site.reader import Reader
from readiness.dashboards.site.records import Named, Place, places_of
from readiness.dashboards.site.seats import Seats
from readiness.dashboards.site.who import Who, owner_of, seat_of
from readiness.explain import (
    ActionGroup,
    ActionKind,
    by_group,
    cap_words,
    describe,
    next_best_actions,
    readings_of,
)
from readiness.scoring import Model
from readiness.scoring.document import number_text
from rollout.choices import Role
from rollout.downloads import Column, Table
from rollout.models import Deployment
from rollout.templatetags.formats import points as signed_points

TOP = 5
# Actions on people: how many are left could point at somebody.
ON_PEOPLE = frozenset(
    {ActionKind.TRAIN_PERSON, ActionKind.TRAIN_CHAMPION, ActionKind.ADD_CHAMPION, ActionKind.TEST_LOGIN}
)
OF_ITEMS = frozenset({ActionKind.FINISH_ITEM, ActionKind.RENEW_ITEM, ActionKind.CONFIRM_ITEM, ActionKind.UNBLOCK_ITEM})
# Who acts where the record names nobody: the role whose work it is.
BY_ROLE: Mapping[ActionKind, Role] = {
    ActionKind.TRAIN_CHAMPION: Role.WARD_MANAGER,
    ActionKind.ADD_CHAMPION: Role.WARD_MANAGER,
    ActionKind.FILL_SLOT: Role.WARD_MANAGER,
    ActionKind.TEST_LOGIN: Role.WARD_MANAGER,
    ActionKind.REACH_GROUP: Role.SITE_LEAD,
    ActionKind.AGREE_TARGET: Role.SITE_LEAD,
    ActionKind.DECIDE_PILOT: Role.PROGRAMME_MANAGER,
    ActionKind.SECURE_PILOT: Role.PROGRAMME_MANAGER,
}
BY_SEAT: Mapping[ActionKind, str] = {
    ActionKind.TRAIN_PERSON: "trainer",
    ActionKind.CLOSE_HAZARD: "clinical_safety_officer",
}
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

    `subject` is the indicator or cap it is about, `href` where its record is to be seen. Gains are exact points of
    0–100: of the first, and of all `count` together; the raw ones before anything holds the score down. `hidden`:
    count and gains are left out, since they could point at fewer than 5 people.
    """

    kind: ActionKind
    subject: str
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


def points_words(gain: Fraction) -> str:
    """A gain with one decimal, and words for what would be rounded away; "" for none."""
    if not gain:
        return ""
    return gettext("less than +0.1") if gain < Fraction(1, 20) else signed_points(gain)


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
        subject=best.subject,
        href=records_address(deployment, best.code, best.unit),
        what=describe(best),
        record=_record(group, behind),
        who=_who(group, behind, seats, reader),
        count=group.count,
        gain=best.unit_gain,
        total=best.total_gain,
        raw_gain=best.raw_gain,
        raw_total=best.total_raw_gain,
        lifts=tuple(_lifts(model, group)),
        hidden=hidden,
    )


def _record(group: ActionGroup, behind: Sequence[Named]) -> str:
    """The record the action is on, where its words do not name it already."""
    best = group.best
    if best.code.startswith("checklist.") or not behind:
        return ""
    if best.kind is ActionKind.FILL_SLOT:
        ward, pattern = behind
        day = date_format(best.unit.key[1], "j F Y")
        return gettext("%(ward)s, %(day)s, %(shift)s") % {"ward": ward.text, "day": day, "shift": pattern.text}
    return behind[0].text


def _who(group: ActionGroup, behind: Sequence[Named], seats: Seats, reader: Reader) -> Who:
    best = group.best
    if best.code.startswith("checklist."):
        return owner_of(behind[0], seats, reader)
    if best.kind is ActionKind.DELIVER_COMMITMENT:
        return Who(behind[0].note)
    if best.kind is ActionKind.SIGN_AGREEMENT:
        return Who(", ".join(sorted(each.text for each in behind[1:])))
    if behind and behind[0].person_id is not None:
        return owner_of(behind[0], seats, reader)
    if best.kind in BY_SEAT:
        code = BY_SEAT[best.kind]
        return seat_of(code, seat_words(code), seats, reader)
    return Who(str(BY_ROLE[best.kind].label))


def _lifts(model: Model, group: ActionGroup) -> list[str]:
    """What doing it does to the caps that hold the score down, in words."""
    best, told = group.best, []
    for cap in best.lifts:
        told.append(gettext("Lifts “held at %(limit)s”: %(why)s") % _cap(model, cap))
    for cap in best.total_lifts:
        if cap not in best.lifts:
            words = ngettext(
                "Done %(count)s time, lifts “held at %(limit)s”: %(why)s",
                "All %(count)s together lift “held at %(limit)s”: %(why)s",
                group.count,
            )
            told.append(words % {"count": group.count, **_cap(model, cap)})
    for cap in best.eases:
        if cap not in (*best.lifts, *best.total_lifts):
            told.append(gettext("Takes away one reason for “held at %(limit)s”: %(why)s") % _cap(model, cap))
    return told


def _cap(model: Model, cap: str) -> dict[str, str]:
    return {"limit": str(number_text(model.caps[cap])), "why": cap_words(cap)}


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
