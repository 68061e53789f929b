"""Deployments made of units that keep the contract of readiness.explain, for tests of the explanations.

What a Situation counts is counted here from the units in the tests' own words, so that the two can disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from readiness.explain import Evidence
from readiness.scoring import CODES, DOMAINS, MODEL_2026_1, Model, Situation, Unit
from tests.readiness.draws import Draws

MODEL = Model.from_json(MODEL_2026_1)
DAY = date(2026, 3, 14)
GO_LIVE = date(2026, 4, 4)
PATTERNS = {1: (7, 8), 2: (13, 9), 3: (21, 10), 4: (7, 13)}  # start hour and hours; 4 overlaps 1 and 2
ZERO, HALF, WHOLE, DECLARED = Fraction(0), Fraction(1, 2), Fraction(1), Fraction(4, 5)


def item(number: int, credit: Fraction = ZERO, weight: int = 1, **facts: Any) -> Unit:
    """A checklist item; what is not said about it follows from its credit."""
    done = credit > 0
    described = {
        "item": f"item-{number}",
        "text": f"Item {number}",
        "blocking": False,
        "state": "done" if done else "not_started",
        "assurance": "" if not done else "declared" if credit < 1 else "seen",
        "evidence_needed": credit == DECLARED,
        "due_on": None,
        "waived": False,
    }
    return Unit((number,), weight, credit, described | facts)


def pair(staff: int, course: int, credit: Fraction = ZERO, **facts: Any) -> Unit:
    """A person and a course that is asked of them."""
    return Unit((staff, course), 1, credit, {"ward_id": 1, "line_manager": False, "valid_days": None} | facts)


def ward(number: int, staff: int, have: int, **facts: Any) -> Unit:
    """A ward with its champions: one is needed for ten staff or part of ten."""
    need = max(1, -(-staff // 10))
    described = {"staff": staff, "need": need, "have": have, "untrained": (), "valid_days": None}
    return Unit((number,), staff, min(WHOLE, Fraction(have, need)), described | facts)


def slot(number: int, day: date, pattern: int, have: int = 0, minimum: int = 1) -> Unit:
    """A slot of a ward on a day, times in UTC."""
    hour, hours = PATTERNS[pattern]
    starts_at = datetime.combine(day, time(hour), UTC)
    facts = {"minimum": minimum, "have": have, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}
    return Unit((number, day, pattern), 1, WHOLE if have >= minimum else ZERO, facts)


def login(staff: int, credit: Fraction = ZERO) -> Unit:
    """A person and their latest log-in test."""
    return Unit((staff,), 1, credit, {"ward_id": 1})


def record(number: int, credit: Fraction = ZERO) -> Unit:
    """A staff group, an answer, a measure: a record with nothing to say of itself."""
    return Unit((number,), 1, credit)


def commitment(number: int, credit: Fraction = ZERO) -> Unit:
    """A commitment that is due."""
    return Unit((number,), 1, credit, {"due_on": DAY})


def pilot(number: int, outcome: str, *, decided_on: date | None = DAY, secured_on: date | None = DAY) -> Unit:
    """A pilot that has ended, worth what was decided and secured by DAY."""
    decided = outcome if decided_on is not None and decided_on <= DAY else "undecided"
    credit = {"scale": WHOLE, "iterate": HALF}.get(decided, ZERO)
    secured = secured_on is not None and secured_on <= DAY
    facts = {"outcome": outcome, "decided_on": decided_on, "secured_on": secured_on}
    return Unit((number,), 1, credit if secured else credit * HALF, facts)


def hazard(number: int, rating: int, *, closed: bool = False) -> Unit:
    """A hazard that was raised."""
    return Unit((number,), 1, WHOLE if closed else ZERO, {"rating": rating, "open": not closed})


def agreement(number: int, *missing: int) -> Unit:
    """An agreement that organisations have not signed."""
    return Unit((number,), 1, ZERO, {"missing": missing})


def evidence(
    units: Mapping[str, Iterable[Unit]], *, only: bool = False, agreements: Iterable[Unit] = (), **more: Any
) -> Evidence:
    """Evidence of these units; with `only`, every indicator without any is left out by decision."""
    kept = {code: tuple(found) for code, found in units.items()}
    left_out = frozenset(code for code in CODES if only and not kept.get(code))
    return Evidence(kept, not_applicable=left_out, agreements=tuple(agreements), **more)


def situation_of(known: Evidence, day: date = DAY, go_live_on: date | None = GO_LIVE, **more: Any) -> Situation:
    """The situation that follows from the units."""
    items = [unit for domain in DOMAINS for unit in known.of(f"checklist.{domain}")]
    holding = [unit.facts for unit in items if unit.facts["blocking"] and not unit.credit and not unit.facts["waived"]]
    hazards = [unit.facts for unit in known.of("governance.hazards")]
    return Situation(
        day=day,
        go_live_on=go_live_on,
        stage="preparing",
        programme_state="rolling_out",
        overdue_blockers=sum(facts["due_on"] is not None and facts["due_on"] < day for facts in holding),
        blocked_blockers=sum(facts["state"] == "blocked" for facts in holding),
        unacceptable_hazards=sum(facts["open"] and facts["rating"] >= 15 for facts in hazards),
        unsigned_agreements=len(known.agreements),
        **more,
    )


def changed(known: Evidence, code: str, key: tuple[Any, ...], credit: Fraction, **facts: Any) -> Evidence:
    """The same evidence with one unit recorded anew."""
    units = [
        replace(unit, credit=credit, facts={**unit.facts, **facts}) if unit.key == key else unit
        for unit in known.of(code)
    ]
    return replace(known, units={**known.units, code: tuple(units)})


def draw_item(draw: Draws, number: int, undone: int) -> Unit:
    """An item in any state, blocking or not; one in `undone` is not done."""
    facts = {
        "blocking": draw.once_in(3),
        "due_on": draw.one_of([None, DAY + timedelta(days=9), DAY, DAY - timedelta(days=1)]),
        "waived": draw.once_in(5),
    }
    weight = 1 + draw.below(5)
    if draw.once_in(undone):
        state = draw.one_of(["not_started", "in_progress", "blocked", "done"])
        return item(number, ZERO, weight, state=state, evidence_needed=draw.once_in(2), **facts)
    kind = draw.one_of(["seen", "declared", "kept without evidence"])
    if kind == "declared":
        return item(number, DECLARED, weight, **facts)
    assurance = "seen" if kind == "seen" else "declared"
    return item(number, WHOLE, weight, assurance=assurance, evidence_needed=kind == "seen", **facts)


def draw_evidence(draw: Draws) -> Evidence:
    """A whole deployment with everything that can be done about it: half of them poor, half of them nearly there."""
    undone, least = draw.one_of([(2, 0), (10, 1)])
    lasting = (None, 400, 10)  # the last runs out before go-live

    def some(most: int) -> range:
        return range(least + draw.below(most + 1 - least))

    def credit() -> Fraction:
        return ZERO if draw.once_in(undone) else WHOLE

    completions = [
        pair(staff, course, credit(), line_manager=staff == 0, valid_days=lasting[course % 3])
        for staff in some(5)
        for course in range(1 + draw.below(3))
    ]
    days = [DAY - timedelta(days=1)] * draw.below(2) + [GO_LIVE + timedelta(days=n) for n in some(2)]
    units: dict[str, list[Unit]] = {
        **{
            f"checklist.{domain}": [draw_item(draw, 100 * rank + n, undone) for n in some(2)]
            for rank, domain in enumerate(DOMAINS)
        },
        "training.completion": completions,
        "training.managers": [unit for unit in completions if unit.facts["line_manager"]],
        "champions.ratio": [
            ward(
                n,
                1 + draw.below(40),
                draw.below(6),
                untrained=tuple(range(draw.below(3))),
                valid_days=draw.one_of(lasting),
            )
            for n in some(3)
        ],
        "champions.cover": [
            slot(1, day, pattern, 0 if draw.once_in(undone) else 2, 1 + draw.below(3))
            for day in days
            for pattern in PATTERNS
        ],
        "technical.access": [login(n, credit()) for n in some(4)],
        "engagement.reach": [record(n, credit()) for n in some(3)],
        "engagement.confidence": [record(n, Fraction(draw.below(5), 4)) for n in range(draw.below(9))],
        "goals.targets": [record(n, credit()) for n in some(2)],
        "partnerships.commitments": [commitment(n, credit()) for n in some(2)],
        "pilots.outcome": [
            pilot(
                n,
                draw.one_of(["undecided", "scale", "iterate", "stop"]),
                decided_on=draw.one_of([DAY, None, DAY + timedelta(days=1)]),
                secured_on=draw.one_of([DAY, None, DAY + timedelta(days=1)]),
            )
            for n in some(2)
        ],
        "governance.hazards": [
            hazard(n, draw.one_of([1, 14, 15, 25]), closed=not draw.once_in(undone)) for n in some(3)
        ],
    }
    return Evidence(
        {code: tuple(found) for code, found in units.items()},
        not_applicable=frozenset(code for code in CODES if draw.once_in(16)),
        agreements=tuple(agreement(n, *range(1 + draw.below(2))) for n in range(draw.below(3))),
    )
