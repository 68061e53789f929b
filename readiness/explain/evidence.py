"""All that is known of one deployment, as units: what the explanations take apart and put together again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from readiness.scoring import CODES, Model, Reading, Situation, State, Unit, reading_from_units

CHECKLIST = "checklist."
BY_STAFF = frozenset({"training.completion", "training.managers", "technical.access"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The units of one deployment, as `contract.CONTRACT` describes them.

    not_applicable are the indicators the programme left out; has_template tells a checklist domain without items (not
    applicable) from a deployment without a checklist (unknown); agreements are those that miss a signature.
    """

    units: Mapping[str, Sequence[Unit]]
    not_applicable: frozenset[str] = frozenset()
    has_template: bool = True
    agreements: Sequence[Unit] = field(default=())

    def of(self, code: str) -> Sequence[Unit]:
        """The units of one indicator."""
        return self.units.get(code, ())

    def reading(self, code: str, units: Sequence[Unit], model: Model) -> Reading:
        """The reading these units would give here."""
        none_apply = code.startswith(CHECKLIST) and self.has_template
        return reading_from_units(
            code,
            units,
            model,
            empty=State.NOT_APPLICABLE if none_apply else State.UNKNOWN,
            excluded=code in self.not_applicable,
        )


def readings_of(evidence: Evidence, model: Model) -> dict[str, Reading]:
    """A reading for every indicator."""
    return {code: evidence.reading(code, evidence.of(code), model) for code in CODES}


def is_unfinished_blocker(unit: Unit) -> bool:
    """A blocking item that is not done and not waived: overdue or blocked, it holds the score down."""
    return bool(unit.facts["blocking"]) and not unit.facts["waived"] and unit.credit == 0


def is_overdue_blocker(unit: Unit, day: date) -> bool:
    """One of Situation.overdue_blockers."""
    due_on = unit.facts["due_on"]
    return is_unfinished_blocker(unit) and due_on is not None and due_on < day


def is_blocked_blocker(unit: Unit) -> bool:
    """One of Situation.blocked_blockers."""
    return is_unfinished_blocker(unit) and unit.facts["state"] == "blocked"


def is_unacceptable(unit: Unit, model: Model) -> bool:
    """One of Situation.unacceptable_hazards."""
    return bool(unit.facts["open"]) and unit.facts["rating"] >= model.hazard_limit


def counts_until_go_live(valid_days: int | None, situation: Situation) -> bool:
    """Whether a completion of the day scored is valid: one that runs out before go-live is training too early."""
    if valid_days is None or situation.days is None or situation.days <= 0:
        return True
    return valid_days >= situation.days
