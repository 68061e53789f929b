"""Why it moved: the causes of a change of the score between two days, adding up exactly.

The score is taken from the one day to the other in steps, each a small set of changes: people, records gained, records
lost, exclusions and plan, caps; inside each, the indicators in the order of the table. What a step changes is a cause.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from readiness.explain.causes import Cause, Group, Kind, Moment, Moved
from readiness.explain.evidence import CHECKLIST, Evidence, is_blocked_blocker, is_overdue_blocker, readings_of
from readiness.scoring import CODES, Judgement, Model, State, Unit, judge, rounded, weigh
from readiness.scoring.judging import held

Key = tuple[Any, ...]
Working = dict[Key, Unit]


def why_moved(
    model: Model, *, before: Moment, after: Moment, crossed: Evidence, revoked: Set[Key] = frozenset()
) -> Moved:
    """The causes of the change from `before` to `after`.

    `crossed` is what the records of the first day say about the people of the second. All three are gathered with
    today's plan; where it does not give a stored score, the difference is a cause of its own in group plan. `revoked`
    are the keys of the items (of the agreements: their cap alone) whose waiver somebody took back between the days.
    """
    first = judge(model, readings_of(before.evidence, model), before.situation)
    last = judge(model, readings_of(after.evidence, model), after.situation)
    start, raw_start = _as_stored(first, before)
    end, raw_end = _as_stored(last, after)
    steps = _Steps(model, first)
    works = {code: _Work(steps, code, before.evidence) for code in CODES}
    for code in CODES:
        works[code].people(crossed)
    for code in CODES:
        works[code].gained(after.evidence)
    for code in CODES:
        works[code].lost(after.evidence)
    for code in CODES:
        works[code].plan(after.evidence)
    residue = (first.score - start) + (end - last.score)
    raw_residue = (first.raw - raw_start) + (raw_end - last.raw)
    if residue or raw_residue:
        steps.causes.append(Cause(Group.PLAN, Kind.PLAN_CHANGED, "", residue, raw_residue))
    for cap in sorted(set(first.caps) ^ set(last.caps)):
        steps.turn_cap(cap, _cap_kind(cap, before, after, revoked, holds=cap in last.caps))
    return Moved(
        causes=tuple(steps.causes),
        change=end - start,
        raw_change=raw_end - raw_start,
        shown_change=rounded(end, 2) - rounded(start, 2),
        shown_raw_change=rounded(raw_end, 2) - rounded(raw_start, 2),
        before_differs=(start, raw_start) != (first.score, first.raw),
        after_differs=(end, raw_end) != (last.score, last.raw),
    )


def _as_stored(judgement: Judgement, moment: Moment) -> tuple[Fraction, Fraction]:
    """Where the day stands: exactly as judged if that is what was stored, else what was stored."""
    return (
        _exact_or_stored(judgement.score, moment.stored_score),
        _exact_or_stored(judgement.raw, moment.stored_raw),
    )


def _exact_or_stored(exact: Fraction, stored: Decimal | None) -> Fraction:
    return exact if stored is None or rounded(exact, 2) == stored else Fraction(stored)


class _Steps:
    """The readings and caps on the way from one day to the other, and the causes so far."""

    def __init__(self, model: Model, first: Judgement) -> None:
        self.model = model
        self.causes: list[Cause] = []
        self._readings = dict(first.readings)
        self._caps = set(first.caps)
        self._raw, self._score = first.raw, first.score

    def take(
        self, group: Group, kind: Kind, evidence: Evidence, code: str, working: Working, units: list[Unit]
    ) -> None:
        """Read the indicator anew from the working units and note what that changed."""
        self._readings[code] = evidence.reading(code, list(working.values()), self.model)
        self._note(group, kind, code, tuple(units))

    def turn_cap(self, cap: str, kind: Kind) -> None:
        """Let a cap begin or cease to hold."""
        self._caps ^= {cap}
        self._note(Group.CAPS, kind, cap, ())

    def state(self, code: str) -> State:
        """The state of an indicator as it is now."""
        return self._readings[code].state

    def _note(self, group: Group, kind: Kind, code: str, units: tuple[Unit, ...]) -> None:
        raw = weigh(self.model, self._readings).raw
        score = held(self.model, raw, self._caps)
        self.causes.append(Cause(group, kind, code, score - self._score, raw - self._raw, units))
        self._raw, self._score = raw, score


class _Work:
    """The units of one indicator on the way from one day to the other."""

    def __init__(self, steps: _Steps, code: str, before: Evidence) -> None:
        self._steps = steps
        self._code = code
        self._evidence = before
        self._working = _by_key(before.of(code))
        # An item leaves and returns only by being marked not applicable and back: that is an exclusion, not a record.
        self._is_checklist = code.startswith(CHECKLIST)

    def people(self, crossed: Evidence) -> None:
        """Starters, leavers, and wards and groups whose people changed."""
        goal = _by_key(crossed.of(self._code))
        self._put(Group.PEOPLE, Kind.JOINED, [goal[key] for key in goal if key not in self._working])
        self._drop(Group.PEOPLE, Kind.LEFT, [unit for key, unit in self._working.items() if key not in goal])
        self._put(Group.PEOPLE, Kind.CHANGED, self._differing(goal, _weight_or_credit))

    def gained(self, after: Evidence) -> None:
        """Units with more credit than before, and new ones."""
        goal = _by_key(after.of(self._code))
        self._put(Group.GAINED, Kind.IMPROVED, self._recredited(goal, better=True))
        if not self._is_checklist:
            self._put(Group.GAINED, Kind.ADDED, [goal[key] for key in goal if key not in self._working])

    def lost(self, after: Evidence) -> None:
        """Units with less credit than before, and those that went away."""
        goal = _by_key(after.of(self._code))
        self._put(Group.LOST, Kind.WORSENED, self._recredited(goal, better=False))
        if not self._is_checklist:
            self._drop(Group.LOST, Kind.DROPPED, [unit for key, unit in self._working.items() if key not in goal])

    def plan(self, after: Evidence) -> None:
        """Items that no longer apply or apply again, other weights, and indicators left out or taken in again."""
        goal = _by_key(after.of(self._code))
        self._drop(Group.PLAN, Kind.EXCLUDED, [unit for key, unit in self._working.items() if key not in goal])
        self._put(Group.PLAN, Kind.INCLUDED, [goal[key] for key in goal if key not in self._working])
        self._put(Group.PLAN, Kind.PLAN_CHANGED, self._differing(goal, _weight))
        self._evidence = after
        state = after.reading(self._code, list(self._working.values()), self._steps.model).state
        if state is not self._steps.state(self._code):
            self._take(Group.PLAN, _state_kind(self._steps.state(self._code), state), list(self._working.values()))

    def _recredited(self, goal: Working, *, better: bool) -> list[Unit]:
        """Units whose credit rose or fell, with the weight they have had: another weight belongs to the plan."""
        return [
            replace(goal[key], weight=unit.weight)
            for key, unit in self._working.items()
            if key in goal and (goal[key].credit > unit.credit if better else goal[key].credit < unit.credit)
        ]

    def _differing(self, goal: Working, aspect: Callable[[Unit], Any]) -> list[Unit]:
        shared = [key for key in self._working if key in goal]
        return [goal[key] for key in shared if aspect(goal[key]) != aspect(self._working[key])]

    def _put(self, group: Group, kind: Kind, units: list[Unit]) -> None:
        if units:
            self._working |= _by_key(units)
            self._take(group, kind, units)

    def _drop(self, group: Group, kind: Kind, units: list[Unit]) -> None:
        if units:
            for unit in units:
                del self._working[unit.key]
            self._take(group, kind, units)

    def _take(self, group: Group, kind: Kind, units: list[Unit]) -> None:
        self._steps.take(group, kind, self._evidence, self._code, self._working, units)


def _by_key(units: Iterable[Unit]) -> Working:
    return {unit.key: unit for unit in units}


def _weight(unit: Unit) -> int:
    return unit.weight


def _weight_or_credit(unit: Unit) -> tuple[int, Fraction]:
    return unit.weight, unit.credit


def _state_kind(before: State, after: State) -> Kind:
    if after is State.NOT_APPLICABLE:
        return Kind.EXCLUDED
    return Kind.INCLUDED if before is State.NOT_APPLICABLE else Kind.PLAN_CHANGED


def _cap_kind(cap: str, before: Moment, after: Moment, revoked: Set[Key], *, holds: bool) -> Kind:
    """Why a cap holds now or no longer does: by itself, or because a waiver lapsed, was revoked or was given."""
    if holds:
        ended = _reasons(cap, after) & _waived(cap, before)
        if not ended:
            return Kind.CAPPED
        return Kind.WAIVER_REVOKED if ended <= revoked else Kind.WAIVER_LAPSED
    return Kind.WAIVED if _reasons(cap, before) & _waived(cap, after) else Kind.LIFTED


def _reasons(cap: str, moment: Moment) -> set[Key]:
    """The unwaived items, or the agreements as one, that make a cap hold."""
    if cap == "agreement_unsigned":
        return set() if moment.situation.agreement_waived else {(cap,)}
    if cap == "blocker_blocked":
        return {unit.key for unit in _items(moment) if is_blocked_blocker(unit)}
    if cap == "blocker_overdue":
        return {unit.key for unit in _items(moment) if is_overdue_blocker(unit, moment.situation.day)}
    return set()


def _waived(cap: str, moment: Moment) -> set[Key]:
    """What a waiver takes out of the reasons of a cap."""
    if cap == "agreement_unsigned":
        return {(cap,)} if moment.situation.agreement_waived else set()
    return {unit.key for unit in _items(moment) if unit.facts["waived"]}


def _items(moment: Moment) -> Iterator[Unit]:
    return (unit for code in CODES if code.startswith(CHECKLIST) for unit in moment.evidence.of(code))
