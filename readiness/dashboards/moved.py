"""Why it moved: the causes of a change between two days, each in one sentence with its points and its records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.few import FEW, OF_PEOPLE, hidden_codes
from readiness.dashboards.judged import judgement_of, models_of
from readiness.dashboards.waivers import revoked_between
from readiness.dashboards.words import indicator_name
from readiness.explain import Cause, Group, Kind, Moment, Moved, sentence, signed, why, why_moved
from readiness.explain.evidence import CHECKLIST
from readiness.indicators import evidence_of, units_behind
from readiness.models import ReadinessScore
from readiness.scoring import CODES, Model
from rollout.models import Deployment

HEADINGS: Mapping[Group, Any] = {
    Group.PEOPLE: _("People who came, left or moved"),
    Group.GAINED: _("Records gained"),
    Group.LOST: _("Records lost, expired or undone"),
    Group.PLAN: _("Exclusions and plan"),
    Group.CAPS: _("What limits the score"),
}
NOTHING = {0: Decimal(0), 2: Decimal("0.00")}
NAMED = 3  # as many records or wards as one sentence names
# Caps whose records one indicator holds.
CAP_RECORDS = {"hazard_unacceptable": "governance.hazards", "hazard_log_missing": "governance.hazards"}

# Which table names the first part of a unit's key. Of training and log-in tests it is a person, whom no sentence names.
_NAMED_BY = {
    "champions.ratio": "ward",
    "champions.cover": "ward",
    "engagement.reach": "group",
    "goals.targets": "measure",
    "partnerships.commitments": "commitment",
    "pilots.outcome": "pilot",
    "governance.hazards": "hazard",
}
_LABELS = """
    SELECT 'ward', id, name FROM rollout_ward WHERE id = ANY(%(ward)s)
    UNION ALL SELECT 'group', id, COALESCE(NULLIF(name, ''), replace(code, '_', ' '))
        FROM rollout_staffgroup WHERE id = ANY(%(group)s)
    UNION ALL SELECT 'measure', id, name FROM rollout_measure WHERE id = ANY(%(measure)s)
    UNION ALL SELECT 'commitment', id, text FROM rollout_commitment WHERE id = ANY(%(commitment)s)
    UNION ALL SELECT 'pilot', id, code FROM rollout_pilot WHERE id = ANY(%(pilot)s)
    UNION ALL SELECT 'hazard', id, code FROM readiness_hazard WHERE id = ANY(%(hazard)s)
"""
Labels = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class CauseLine:
    """One cause: a sentence, what it is about in a few names, points of the score and of the score before caps.

    `href` leads to its records, "" where no list of records stands behind it; `indicator` is what they are records of.
    """

    text: str
    about: str
    points: Decimal
    raw_points: Decimal
    href: str
    indicator: str = ""

    @property
    def points_words(self) -> str:
        """The points with their sign."""
        return signed(self.points)

    @property
    def raw_points_words(self) -> str:
        """The points before caps with their sign."""
        return signed(self.raw_points)

    @property
    def still(self) -> bool:
        """Whether nothing moved by it, as far as is shown."""
        return not (self.points or self.raw_points)


@dataclass(frozen=True)
class CauseGroup:
    """The causes of one of the five sets of changes, with what they come to."""

    group: Group
    lines: tuple[CauseLine, ...]

    @property
    def name(self) -> str:
        """What the set is called."""
        return str(HEADINGS[self.group])

    @property
    def table_id(self) -> str:
        """The id of its table."""
        return f"causes-{self.group.value}"

    @property
    def points(self) -> Decimal:
        """The points of its lines as they are shown, together."""
        return sum((line.points for line in self.lines), Decimal(0))

    @property
    def raw_points(self) -> Decimal:
        """The same before caps."""
        return sum((line.raw_points for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Movement:
    """The change of a score from one day to another: `still` are changes that moved no point.

    `places` are the decimals shown. `stale` are the days of which the records say something else by now than was
    stored; `models` says that the two days were judged by different scoring models.
    """

    before: ReadinessScore
    after: ReadinessScore
    places: int
    change: Decimal
    raw_change: Decimal
    groups: tuple[CauseGroup, ...]
    still: tuple[CauseLine, ...]
    stale: tuple[date, ...]
    models: bool

    @property
    def lines(self) -> list[CauseLine]:
        """Every cause that moved points."""
        return [line for group in self.groups for line in group.lines]

    @property
    def change_words(self) -> str:
        """The change of the score with its sign."""
        return signed(self.change)

    @property
    def raw_change_words(self) -> str:
        """The change before caps with its sign."""
        return signed(self.raw_change)

    @property
    def held(self) -> bool:
        """Whether caps made the score move otherwise than what is below them."""
        return self.change != self.raw_change


def movement(
    deployment: Deployment, before: ReadinessScore, after: ReadinessScore, *, few: bool, records: Mapping[str, str]
) -> Movement:
    """Why the score moved from one stored score to another. `few`: counts of fewer than 5 people may be shown.

    `records` are the addresses of the records of each indicator. Eight queries, whatever moved. Raises LookupError if
    the deployment is not scored any more.
    """
    models = models_of([before, after])
    model = models[after.model_id]
    moments = []
    for score in (before, after):
        evidence, situation = evidence_of(model, deployment.pk, day=score.day)
        moments.append(Moment(evidence, situation, score.score, score.raw))
    crossed = units_behind(model, deployment.pk, day=before.day, people_day=after.day)
    revoked = revoked_between(deployment, before.day, after.day)
    moved = why_moved(model, before=moments[0], after=moments[1], crossed=crossed, revoked=revoked)
    hidden = not few and any(
        hidden_codes(why(judgement_of(score, deployment, models[score.model_id])).rows) for score in (before, after)
    )
    places = 0 if hidden else 2
    lines = _lines(moved, model, places, records, few=few)
    groups = (CauseGroup(group, tuple(line for at, line in lines if at is group and not line.still)) for group in Group)
    return Movement(
        before=before,
        after=after,
        places=places,
        change=sum((line.points for _group, line in lines), NOTHING[places]),
        raw_change=sum((line.raw_points for _group, line in lines), NOTHING[places]),
        groups=tuple(group for group in groups if group.lines),
        still=tuple(line for _group, line in lines if line.still),
        stale=tuple(
            score.day for score, differs in ((before, moved.before_differs), (after, moved.after_differs)) if differs
        ),
        models=before.model_id != after.model_id,
    )


def _lines(
    moved: Moved, model: Model, places: int, records: Mapping[str, str], *, few: bool
) -> list[tuple[Group, CauseLine]]:
    """The causes in order with their points as shown; without `few`, those about people as one if any is of few."""
    with_points = zip(moved.shown(places), moved.shown_raw(places), strict=True)
    causes = [(cause, points, raw_points) for (cause, points), (_cause, raw_points) in with_points]
    merged = [] if few else [each for each in causes if each[0].code in OF_PEOPLE]
    if not any(_is_few(cause) for cause, _points, _raw_points in merged):
        merged = []
    labels = labels_of(cause for cause, _points, _raw_points in causes)
    lines = [
        (cause.group, _line(cause, points, raw_points, sentence(cause, model), labels, records))
        for cause, points, raw_points in causes
        if not merged or cause.code not in OF_PEOPLE
    ]
    if merged:
        lines.insert(0, (Group.PEOPLE, _about_people(merged)))
    return lines


def _is_few(cause: Cause) -> bool:
    return 0 < cause.count < FEW or 0 < (cause.people or 0) < FEW


def _about_people(causes: Sequence[tuple[Cause, Decimal, Decimal]]) -> CauseLine:
    """Everything about people in one line that counts nobody."""
    return CauseLine(
        text=gettext("changes in training, log-in tests, champions and confidence"),
        about=gettext("not told apart, because some are of fewer than 5 people"),
        points=sum((points for _cause, points, _raw_points in causes), Decimal(0)),
        raw_points=sum((raw_points for _cause, _points, raw_points in causes), Decimal(0)),
        href="",
    )


def _line(
    cause: Cause, points: Decimal, raw_points: Decimal, text: str, labels: Labels, records: Mapping[str, str]
) -> CauseLine:
    names = _names(cause, labels)
    if len(names) == 1 and cause.ward_ids:
        text, names = gettext("%(what)s on %(ward)s") % {"what": text, "ward": names[0]}, []
    return CauseLine(
        text=text,
        about=listed(names),
        points=points,
        raw_points=raw_points,
        href=_address(cause, records),
        indicator=indicator_name(cause.code) if cause.code in CODES else "",
    )


def _address(cause: Cause, records: Mapping[str, str]) -> str:
    """The records of the indicator; of those that got worse, the ones that do not count."""
    code = CAP_RECORDS.get(cause.code, "") if cause.group is Group.CAPS else cause.code
    address = records.get(code, "")
    if not address or cause.kind is not Kind.WORSENED:
        return address
    return f"{address}{'&' if '?' in address else '?'}counts=no"


def listed(names: Sequence[str]) -> str:
    """A few names in a row, and how many more there are."""
    rest = len(names) - NAMED
    more = ngettext(" and %(count)d more", " and %(count)d more", rest) % {"count": rest} if rest > 0 else ""
    return ", ".join(names[:NAMED]) + more


def _names(cause: Cause, labels: Labels) -> list[str]:
    """What the units of a cause are called, never a person: items, wards, groups, records of the programme."""
    if cause.code.startswith(CHECKLIST):
        return [str(unit.facts["text"]) for unit in cause.units]
    kind = _NAMED_BY.get(cause.code, "ward")
    ids = cause.ward_ids if kind == "ward" else {unit.key[0] for unit in cause.units}
    return sorted(labels[kind, pk] for pk in ids)


def labels_of(causes: Iterable[Cause]) -> Labels:
    """The names of all records that the units of some causes point to, in one query; none without any."""
    wanted: dict[str, set[int]] = {kind: set() for kind in ("ward", *_NAMED_BY.values())}
    for cause in causes:
        if kind := _NAMED_BY.get(cause.code):
            wanted[kind] |= {unit.key[0] for unit in cause.units}
        wanted["ward"] |= cause.ward_ids
    if not any(wanted.values()):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LABELS, {kind: list(ids) for kind, ids in wanted.items()})
        return {(kind, pk): text for kind, pk, text in cursor.fetchall()}
