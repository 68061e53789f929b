"""What recording something would do to the units and to the caps, and what the score would gain by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from readiness.explain.evidence import Evidence, readings_of
from readiness.scoring import CODES, Model, Reading, Situation, Unit, judge

Place = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Effect:
    """Units, named by indicator and key, with the credit they would get, and the records that would cease to hold.

    overdue, blocked, unacceptable and unsigned name those records; each takes one off the count of its cap.
    """

    credits: Mapping[Place, Fraction] = field(default_factory=dict)
    overdue: frozenset[Any] = frozenset()
    blocked: frozenset[Any] = frozenset()
    unacceptable: frozenset[Any] = frozenset()
    unsigned: frozenset[Any] = frozenset()


def together(effects: Iterable[Effect]) -> Effect:
    """All the effects at once. Actions of one kind give a unit the same credit, whichever of them touches it."""
    found = list(effects)
    return Effect(
        {place: credit for effect in found for place, credit in effect.credits.items()},
        overdue=frozenset().union(*(effect.overdue for effect in found)),
        blocked=frozenset().union(*(effect.blocked for effect in found)),
        unacceptable=frozenset().union(*(effect.unacceptable for effect in found)),
        unsigned=frozenset().union(*(effect.unsigned for effect in found)),
    )


class Gain(NamedTuple):
    """What an effect adds to the score and to the score before caps.

    lifts are the caps that would no longer hold, eases those that hold now and would lose a reason.
    """

    score: Fraction
    raw: Fraction
    lifts: tuple[str, ...]
    eases: tuple[str, ...]


class Shape(NamedTuple):
    """All that decides a gain: what is added to each indicator's numerator, and taken off each count."""

    added: tuple[tuple[str, Fraction], ...]
    overdue: int
    blocked: int
    unacceptable: int
    unsigned: int


class Gains:
    """Gains over one deployment's present score.

    Effects of the same shape are judged once: training any one of 300 people on one course gains the same.
    """

    def __init__(self, model: Model, evidence: Evidence, situation: Situation) -> None:
        self._model = model
        self._situation = situation
        self._units: dict[Place, Unit] = {(code, unit.key): unit for code in CODES for unit in evidence.of(code)}
        self._readings = readings_of(evidence, model)
        self._now = judge(model, self._readings, situation)
        self._known: dict[Shape, Gain] = {}

    def of(self, effect: Effect) -> Gain:
        """The gain if this were recorded on the day scored."""
        shape = self._shape(effect)
        if shape not in self._known:
            self._known[shape] = self._judged(shape)
        return self._known[shape]

    def _shape(self, effect: Effect) -> Shape:
        added: dict[str, Fraction] = {}
        for place, credit in effect.credits.items():
            unit = self._units[place]
            added[place[0]] = added.get(place[0], Fraction(0)) + unit.weight * (credit - unit.credit)
        return Shape(
            tuple(sorted(added.items())),
            len(effect.overdue),
            len(effect.blocked),
            len(effect.unacceptable),
            len(effect.unsigned),
        )

    def _judged(self, shape: Shape) -> Gain:
        readings = self._readings | {code: self._raised(code, by) for code, by in shape.added}
        here = self._situation
        situation = Situation(
            day=here.day,
            go_live_on=here.go_live_on,
            stage=here.stage,
            programme_state=here.programme_state,
            overdue_blockers=max(0, here.overdue_blockers - shape.overdue),
            blocked_blockers=max(0, here.blocked_blockers - shape.blocked),
            unacceptable_hazards=max(0, here.unacceptable_hazards - shape.unacceptable),
            unsigned_agreements=max(0, here.unsigned_agreements - shape.unsigned),
            agreement_waived=here.agreement_waived,
        )
        after = judge(self._model, readings, situation)
        lifts = tuple(cap for cap in self._now.caps if cap not in after.caps)
        reasons = {
            "agreement_unsigned": shape.unsigned,
            "blocker_blocked": shape.blocked,
            "blocker_overdue": shape.overdue,
            "hazard_unacceptable": shape.unacceptable,
        }
        eases = tuple(cap for cap in self._now.caps if reasons.get(cap))
        return Gain(after.score - self._now.score, after.raw - self._now.raw, lifts, eases)

    def _raised(self, code: str, by: Fraction) -> Reading:
        old = self._readings[code]
        return Reading(code, old.state, old.numerator + by, old.denominator, old.target)
