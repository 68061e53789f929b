"""Next best actions: proposals with what they would gain, best gain per effort first."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from readiness.explain.effects import Gains, together
from readiness.explain.evidence import Evidence
from readiness.explain.proposals import ActionKind, Proposal, proposals
from readiness.scoring import CODES, Model, Situation, Unit

ORDER = {kind: rank for rank, kind in enumerate(ActionKind)}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can record today, and exactly what it does to the score (points of 0–100).

    unit_gain and lifts: doing it once. total_gain and total_lifts: doing everything of its group. eases: the caps that
    hold now and that it is one of the reasons for. The raw gains are the same before caps: while a cap holds the score
    down, they may be all there is to win. `code` and `unit` name the record to link to; subject is an indicator, or the
    cap that the record holds up.
    """

    kind: ActionKind
    subject: str
    code: str
    unit: Unit
    times: int
    effort: int
    unit_gain: Fraction
    total_gain: Fraction
    raw_gain: Fraction
    total_raw_gain: Fraction
    lifts: tuple[str, ...]
    total_lifts: tuple[str, ...]
    eases: tuple[str, ...]

    @property
    def group(self) -> tuple[ActionKind, str]:
        """The actions that total_gain takes together: one kind and subject, stale items among the unfinished ones."""
        return _group(self.kind), self.subject

    @property
    def worth_doing(self) -> bool:
        """Whether it wins points, before caps or after, or takes away a reason for a cap that holds."""
        return bool(self.raw_gain or self.unit_gain or self.eases)


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Actions of one kind and subject, best first: one line of a page that says "42 people to train"."""

    actions: tuple[Action, ...]

    @property
    def best(self) -> Action:
        """The action to do first."""
        return self.actions[0]

    @property
    def count(self) -> int:
        """How many times something is to be done."""
        return sum(action.times for action in self.actions)


def next_best_actions(model: Model, evidence: Evidence, situation: Situation) -> list[Action]:
    """Every action that wins something back, by gain per unit of effort.

    Ties, such as everything that a cap keeps at nothing, go by the group's gain, then caps lifted and eased, then the
    gain before caps per unit of effort, then kind and key: the same records always give the same list.
    """
    gains = Gains(model, evidence, situation)
    groups: dict[tuple[ActionKind, str], list[Proposal]] = {}
    for proposal in proposals(model, evidence, situation):
        groups.setdefault((_group(proposal.kind), proposal.subject), []).append(proposal)
    actions = [action for group in groups.values() for action in _judged(gains, group)]
    return sorted((action for action in actions if action.worth_doing), key=_rank)


def by_group(actions: Iterable[Action]) -> list[ActionGroup]:
    """Actions folded into their groups, in the order of each group's best."""
    found: dict[tuple[ActionKind, str], list[Action]] = {}
    for action in actions:
        found.setdefault(action.group, []).append(action)
    return [ActionGroup(tuple(members)) for members in found.values()]


def _group(kind: ActionKind) -> ActionKind:
    return ActionKind.FINISH_ITEM if kind is ActionKind.RENEW_ITEM else kind


def _judged(gains: Gains, group: list[Proposal]) -> list[Action]:
    total = gains.of(together(proposal.whole for proposal in group))
    actions = []
    for proposal in group:
        gain = gains.of(proposal.once)
        actions.append(
            Action(
                kind=proposal.kind,
                subject=proposal.subject,
                code=proposal.code,
                unit=proposal.unit,
                times=proposal.times,
                effort=proposal.effort,
                unit_gain=gain.score,
                total_gain=total.score,
                raw_gain=gain.raw,
                total_raw_gain=total.raw,
                lifts=gain.lifts,
                total_lifts=total.lifts,
                eases=gain.eases,
            )
        )
    return actions


def _rank(action: Action) -> tuple[Any, ...]:
    return (
        -action.unit_gain / action.effort,
        -action.total_gain,
        -len(action.lifts),
        -len(action.eases),
        -action.raw_gain / action.effort,
        ORDER[action.kind],
        CODES.index(action.code) if action.code in CODES else len(CODES),
        action.unit.key,
    )
