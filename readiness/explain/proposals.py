"""What a person could record today to win back lost points: one proposal per record, each with its effect.

A proposal promises only what recording it gives: an item with evidence is declared, not yet seen; a course that runs
out before go-live, or a shift in the past, wins nothing and is not proposed; answers of confidence and a first entry in
the hazard log can be asked for, but not promised.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from readiness.explain.effects import Effect
from readiness.explain.evidence import (
    CHECKLIST,
    Evidence,
    counts_until_go_live,
    is_blocked_blocker,
    is_overdue_blocker,
    is_unacceptable,
)
from readiness.scoring import CODES, Model, Situation, Unit

WHOLE = Fraction(1)


class ActionKind(StrEnum):
    """The kinds of action, in the order that breaks ties."""

    FINISH_ITEM = "finish_item"
    RENEW_ITEM = "renew_item"
    CONFIRM_ITEM = "confirm_item"
    UNBLOCK_ITEM = "unblock_item"
    TRAIN_PERSON = "train_person"
    TRAIN_CHAMPION = "train_champion"
    ADD_CHAMPION = "add_champion"
    FILL_SLOT = "fill_slot"
    TEST_LOGIN = "test_login"
    REACH_GROUP = "reach_group"
    AGREE_TARGET = "agree_target"
    DELIVER_COMMITMENT = "deliver_commitment"
    DECIDE_PILOT = "decide_pilot"
    SECURE_PILOT = "secure_pilot"
    CLOSE_HAZARD = "close_hazard"
    SIGN_AGREEMENT = "sign_agreement"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One action on one unit. subject is the indicator or cap whose actions of this kind make a group.

    once is what doing it does, whole what doing it `times` times does: a ward may need three champions. effort is in
    units of one item, one person trained, one shift filled, one log-in tested, for doing it once.
    """

    kind: ActionKind
    subject: str
    code: str
    unit: Unit
    once: Effect
    whole: Effect
    times: int = 1
    effort: int = 1


def proposals(model: Model, evidence: Evidence, situation: Situation) -> Iterator[Proposal]:
    """Every action the units offer, whether or not it would change the score today."""
    for code in CODES:
        if code.startswith(CHECKLIST):
            for unit in evidence.of(code):
                yield from _item(code, unit, model, situation.day)
    yield from _training(evidence, situation)
    for unit in evidence.of("champions.ratio"):
        yield from _champions(unit, situation)
    yield from _cover(evidence, model, situation.day)
    yield from _simple(ActionKind.TEST_LOGIN, "technical.access", evidence)
    yield from _simple(ActionKind.REACH_GROUP, "engagement.reach", evidence)
    yield from _simple(ActionKind.AGREE_TARGET, "goals.targets", evidence)
    yield from _simple(ActionKind.DELIVER_COMMITMENT, "partnerships.commitments", evidence)
    for unit in evidence.of("pilots.outcome"):
        yield from _pilot(unit, model, situation.day)
    for unit in evidence.of("governance.hazards"):
        yield from _hazard(unit, model)
    for unit in evidence.agreements:
        effect = Effect(unsigned=frozenset({unit.key}))
        effort = max(1, len(unit.facts["missing"]))
        yield Proposal(
            ActionKind.SIGN_AGREEMENT, "agreement_unsigned", "agreement", unit, effect, effect, effort=effort
        )


def _single(kind: ActionKind, code: str, unit: Unit, credit: Fraction) -> Proposal:
    effect = Effect({(code, unit.key): credit})
    return Proposal(kind, code, code, unit, effect, effect)


def _simple(kind: ActionKind, code: str, evidence: Evidence) -> Iterator[Proposal]:
    """Indicators whose units are either there or not, and gained one by one."""
    return (_single(kind, code, unit, WHOLE) for unit in evidence.of(code) if unit.credit == 0)


def _item(code: str, unit: Unit, model: Model, day: date) -> Iterator[Proposal]:
    facts = unit.facts
    if unit.credit:
        if facts["evidence_needed"] and facts["assurance"] == "declared":
            yield _single(ActionKind.CONFIRM_ITEM, code, unit, WHOLE)
        return
    overdue = frozenset({unit.key}) if is_overdue_blocker(unit, day) else frozenset()
    blocked = frozenset({unit.key}) if is_blocked_blocker(unit) else frozenset()
    subject = "blocker_overdue" if overdue else "blocker_blocked" if blocked else code
    credit = model.declared_credit if facts["evidence_needed"] else WHOLE
    done = Effect({(code, unit.key): credit}, overdue=overdue, blocked=blocked)
    kind = ActionKind.RENEW_ITEM if facts["state"] == "done" else ActionKind.FINISH_ITEM
    yield Proposal(kind, subject, code, unit, done, done)
    if blocked:
        unblocked = Effect(blocked=blocked)
        yield Proposal(ActionKind.UNBLOCK_ITEM, "blocker_blocked", code, unit, unblocked, unblocked)


def _training(evidence: Evidence, situation: Situation) -> Iterator[Proposal]:
    """One course by one person counts among all staff and, for a line manager, among the managers."""
    codes = ("training.completion", "training.managers")
    lacking: dict[tuple[Any, ...], dict[str, Unit]] = {}
    for code in codes:
        for unit in evidence.of(code):
            if unit.credit == 0 and counts_until_go_live(unit.facts["valid_days"], situation):
                lacking.setdefault(unit.key, {})[code] = unit
    for key, units in lacking.items():
        effect = Effect({(code, key): WHOLE for code in units})
        code = next(code for code in codes if code in units)
        yield Proposal(ActionKind.TRAIN_PERSON, "training.completion", code, units[code], effect, effect)


def _champions(unit: Unit, situation: Situation) -> Iterator[Proposal]:
    """First the champions who only lack their courses, then new ones for what is still missing."""
    need, have, untrained = unit.facts["need"], unit.facts["have"], len(unit.facts["untrained"])
    if have >= need or not counts_until_go_live(unit.facts["valid_days"], situation):
        return

    def ratio(champions: int) -> Effect:
        return Effect({("champions.ratio", unit.key): min(WHOLE, Fraction(champions, need))})

    lacking = need - have
    to_train, to_add = min(lacking, untrained), max(0, lacking - untrained)
    for kind, times in ((ActionKind.TRAIN_CHAMPION, to_train), (ActionKind.ADD_CHAMPION, to_add)):
        if times:
            yield Proposal(
                kind, "champions.ratio", "champions.ratio", unit, ratio(have + 1), ratio(have + times), times=times
            )


def _cover(evidence: Evidence, model: Model, day: date) -> Iterator[Proposal]:
    """Slots from `day` on that lack champions; the shifts that fill one may fill others of the ward that overlap it."""
    by_ward: dict[Any, list[Unit]] = {}
    for unit in evidence.of("champions.cover"):
        if unit.credit == 0:
            by_ward.setdefault(unit.key[0], []).append(unit)
    for slots in by_ward.values():
        for slot in slots:
            if slot.key[1] < day:
                continue
            shifts = slot.facts["minimum"] - slot.facts["have"]
            filled = [other for other in slots if _fills(slot, other, shifts, model)]
            effect = Effect({("champions.cover", other.key): WHOLE for other in filled})
            yield Proposal(
                ActionKind.FILL_SLOT, "champions.cover", "champions.cover", slot, effect, effect, effort=shifts
            )


def _fills(slot: Unit, other: Unit, shifts: int, model: Model) -> bool:
    """Whether so many shifts over exactly `slot` would fill `other` as well (or it is `slot` itself)."""
    if other.facts["have"] + shifts < other.facts["minimum"]:
        return False
    starts_at, ends_at = other.facts["starts_at"], other.facts["ends_at"]
    overlap = min(ends_at, slot.facts["ends_at"]) - max(starts_at, slot.facts["starts_at"])
    asked, length = model.cover_overlap, ends_at - starts_at
    return bool(overlap * asked.denominator >= length * asked.numerator)


def _pilot(unit: Unit, model: Model, day: date) -> Iterator[Proposal]:
    """Deciding to scale is proposed while nothing is decided or another round was asked for, never against a stop."""
    decided_on, secured_on = unit.facts["decided_on"], unit.facts["secured_on"]
    outcome = unit.facts["outcome"] if decided_on is not None and decided_on <= day else "undecided"
    secured = secured_on is not None and secured_on <= day
    share = WHOLE if secured else model.unsecured_pilot_credit
    scaled, resourced = model.pilot_credits["scale"] * share, model.pilot_credits[outcome]
    if outcome in ("undecided", "iterate") and scaled > unit.credit:
        yield _single(ActionKind.DECIDE_PILOT, "pilots.outcome", unit, scaled)
    if not secured and resourced > unit.credit:
        yield _single(ActionKind.SECURE_PILOT, "pilots.outcome", unit, resourced)


def _hazard(unit: Unit, model: Model) -> Iterator[Proposal]:
    if not unit.facts["open"]:
        return
    held = frozenset({unit.key}) if is_unacceptable(unit, model) else frozenset()
    effect = Effect({("governance.hazards", unit.key): WHOLE}, unacceptable=held)
    subject = "hazard_unacceptable" if held else "governance.hazards"
    yield Proposal(ActionKind.CLOSE_HAZARD, subject, "governance.hazards", unit, effect, effect)
