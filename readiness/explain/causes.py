"""The parts a change of the score falls into: what happened, to which records, and for how many points."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from readiness.explain.evidence import BY_STAFF, Evidence
from readiness.explain.rounding import shown
from readiness.scoring import Situation, Unit, rounded


class Group(StrEnum):
    """The five sets of changes, in the order in which they are applied."""

    PEOPLE = "people"
    GAINED = "gained"
    LOST = "lost"
    PLAN = "plan"
    CAPS = "caps"


class Kind(StrEnum):
    """What happened to the units of a cause, or to the cap."""

    JOINED = "joined"
    LEFT = "left"
    CHANGED = "changed"
    IMPROVED = "improved"
    ADDED = "added"
    WORSENED = "worsened"
    DROPPED = "dropped"
    EXCLUDED = "excluded"
    INCLUDED = "included"
    PLAN_CHANGED = "plan_changed"
    CAPPED = "capped"
    WAIVER_LAPSED = "waiver_lapsed"
    WAIVER_REVOKED = "waiver_revoked"
    LIFTED = "lifted"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Cause:
    """One step. points are what it did to the score, raw_points to the score before caps; both may be 0.

    code is an indicator, in group caps a cap, and empty where the plan of today does not give the stored score. units
    are those that changed: as they are after the step, or as they were for what went away.
    """

    group: Group
    kind: Kind
    code: str
    points: Fraction
    raw_points: Fraction
    units: tuple[Unit, ...] = ()

    @property
    def count(self) -> int:
        """How many units changed."""
        return len(self.units)

    @property
    def people(self) -> int | None:
        """How many different people the units concern; None where they are not about people."""
        return len({unit.key[0] for unit in self.units}) if self.code in BY_STAFF else None

    @property
    def ward_ids(self) -> frozenset[Any]:
        """The wards the units say they belong to; one alone can be named in the sentence."""
        if self.code in ("champions.ratio", "champions.cover"):
            return frozenset(unit.key[0] for unit in self.units)
        return frozenset(unit.facts["ward_id"] for unit in self.units if "ward_id" in unit.facts)


@dataclass(frozen=True, slots=True)
class Moment:
    """One of the two days: what is known of it today, and the score and raw that were stored of it, if any."""

    evidence: Evidence
    situation: Situation
    stored_score: Decimal | None = None
    stored_raw: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The change and its causes. points add up to change, raw_points to raw_change, both exactly.

    before_differs and after_differs say that what is known of that day today does not give what was stored of it.
    """

    causes: tuple[Cause, ...]
    change: Fraction
    raw_change: Fraction
    shown_change: Decimal
    shown_raw_change: Decimal = Decimal("0.00")
    before_differs: bool = False
    after_differs: bool = False

    def shown(self, places: int = 1) -> list[tuple[Cause, Decimal]]:
        """The causes with the points to show: they add up to the change of the shown scores, with so many decimals."""
        total = rounded(Fraction(self.shown_change), places)
        return list(zip(self.causes, shown([cause.points for cause in self.causes], places, total), strict=True))

    def shown_raw(self, places: int = 1) -> list[tuple[Cause, Decimal]]:
        """The same before caps: they add up to the change of the shown raw scores."""
        total = rounded(Fraction(self.shown_raw_change), places)
        return list(zip(self.causes, shown([cause.raw_points for cause in self.causes], places, total), strict=True))
