"""The rule table of a gate: what forbids a go, what makes it a go with conditions, what only warns.

Pure: facts and answers in, findings out. The same function judges before the meeting, in it, and when it is recorded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from readiness.choices import Answer, GateKind, GateOutcome
from readiness.gates.facts import GateFacts

DEFAULT_MINIMUM = 90  # of the score, where a go/no-go gate names none
TRAINED = Fraction(80, 100)
TESTED = Fraction(98, 100)
# Seats whose no cannot be overruled by the others.
DECISIVE = frozenset({"sro", "clinical_safety_officer"})


class Effect(StrEnum):
    """What a finding does to a go, the heaviest first."""

    FORBIDS = "forbids"
    CONDITIONS = "conditions"
    WARNS = "warns"


@dataclass(frozen=True)
class Finding:
    """One thing the gate found. `code` names the rule; `about` what it is about: a seat, a cap, counts."""

    code: str
    effect: Effect
    about: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Said:
    """A seat's answer; `answer` is "" where it has not answered."""

    seat: str
    answer: str = ""


@dataclass(frozen=True)
class Verdict:
    """The findings, the heaviest first, in the order of the rule table."""

    findings: tuple[Finding, ...]

    def of(self, effect: Effect) -> tuple[Finding, ...]:
        """The findings of one weight."""
        return tuple(finding for finding in self.findings if finding.effect is effect)

    @property
    def may(self) -> frozenset[GateOutcome]:
        """The outcomes that can be recorded. No go and defer always can."""
        outcomes = {GateOutcome.NO_GO, GateOutcome.DEFER}
        if not self.of(Effect.FORBIDS):
            outcomes.add(GateOutcome.GO_WITH_CONDITIONS)
            if not self.of(Effect.CONDITIONS):
                outcomes.add(GateOutcome.GO)
        return frozenset(outcomes)


def judge_gate(kind: str, minimum: int | None, facts: GateFacts, answers: Sequence[Said]) -> Verdict:
    """Judge a gate of a kind, with its minimum score (None: 90 at a go/no-go, else none) on facts and answers.

    Only a go/no-go forbids; the other gates warn where it forbids.
    """
    forbids = Effect.FORBIDS if kind == GateKind.GO_LIVE else Effect.WARNS
    if minimum is None and kind == GateKind.GO_LIVE:
        minimum = DEFAULT_MINIMUM
    found = [
        *(Finding("seat_silent", forbids, (said.seat,)) for said in answers if not said.answer),
        *(Finding("decisive_no", forbids, (seat,)) for seat in _seats(answers, Answer.NO) if seat in DECISIVE),
        *(Finding("cap", forbids, (code,)) for code in facts.caps),
        *(Finding("collision", forbids, (week,)) for week in facts.collisions),
        *(
            Finding("seat_no", Effect.CONDITIONS, (seat,))
            for seat in _seats(answers, Answer.NO)
            if seat not in DECISIVE
        ),
        *(Finding("seat_conditions", Effect.CONDITIONS, (seat,)) for seat in _seats(answers, Answer.WITH_CONDITIONS)),
        *_of_figures(minimum, facts),
        *_warnings(facts),
    ]
    return Verdict(tuple(sorted(found, key=lambda finding: tuple(Effect).index(finding.effect))))


def _seats(answers: Iterable[Said], wanted: Answer) -> list[str]:
    return [said.seat for said in answers if said.answer == wanted]


def _of_figures(minimum: int | None, facts: GateFacts) -> list[Finding]:
    """What is not known does not pass."""
    found = []
    if minimum is not None and (facts.score is None or facts.score < minimum):
        found.append(Finding("score", Effect.CONDITIONS, (facts.score, minimum)))
    if "training.completion" not in facts.left_out and _below(facts.trained, TRAINED):
        found.append(Finding("training", Effect.CONDITIONS, (facts.trained,)))
    if "technical.access" not in facts.left_out and _below(facts.tested, TESTED):
        found.append(Finding("log_in_tests", Effect.CONDITIONS, (facts.tested,)))
    if "governance.hazards" not in facts.left_out and facts.hazards_open != 0:
        found.append(Finding("hazards", Effect.CONDITIONS, (facts.hazards_open,)))
    return found


def _below(counts: tuple[Fraction, Fraction] | None, share: Fraction) -> bool:
    return counts is None or counts[1] == 0 or counts[0] / counts[1] < share


def _warnings(facts: GateFacts) -> list[Finding]:
    found = []
    if facts.uncovered is None or facts.uncovered:
        found.append(Finding("cover", Effect.WARNS, (facts.uncovered, facts.slots)))
    if facts.differs:
        found.append(Finding("differs", Effect.WARNS, (facts.declared, facts.band)))
    if facts.stale_soon:
        found.append(Finding("stale", Effect.WARNS, (len(facts.stale_soon),)))
    return found
