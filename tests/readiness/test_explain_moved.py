"""Why it moved: causes, their order and their points, against evidence put together stage by stage in these tests."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from readiness.explain import Cause, Evidence, Group, Kind, Moment, Moved, readings_of, sentence, signed, why_moved
from readiness.explain.words import CAP_CAUSES, CAPS, CAUSES
from readiness.scoring import CAPS as CAP_CODES
from readiness.scoring import CODES, Judgement, Unit, judge, rounded
from tests.readiness.draws import Draws, draws
from tests.readiness.worlds import (
    DAY,
    DECLARED,
    GO_LIVE,
    MODEL,
    WHOLE,
    ZERO,
    agreement,
    commitment,
    draw_evidence,
    draw_item,
    evidence,
    hazard,
    item,
    login,
    pair,
    pilot,
    record,
    situation_of,
    slot,
    ward,
)

LATER = DAY + timedelta(days=7)
PEOPLE_CODES = ("training.completion", "training.managers", "technical.access")
DATED_CODES = ("engagement.confidence", "partnerships.commitments", "pilots.outcome", "governance.hazards")


def moment(known: Evidence, day=DAY, **more) -> Moment:
    situation = {key: more.pop(key) for key in ("agreement_waived", "go_live_on") if key in more}
    return Moment(known, situation_of(known, day=day, **situation), **more)


def judged(at: Moment) -> Judgement:
    return judge(MODEL, readings_of(at.evidence, MODEL), at.situation)


def moved(before: Evidence, after: Evidence, crossed: Evidence | None = None) -> Moved:
    return why_moved(MODEL, before=moment(before), after=moment(after, LATER), crossed=crossed or before)


def told(result: Moved) -> list[tuple[str, str, str]]:
    return [(cause.group.value, sentence(cause, MODEL), signed(points)) for cause, points in result.shown()]


def draw_people(draw: Draws, known: Evidence) -> Evidence:
    """The same records over other people: some left, some came, wards grew and emptied."""
    units = {code: list(known.of(code)) for code in CODES}
    gone = {unit.key[0] for code in PEOPLE_CODES for unit in units[code] if draw.once_in(4)}
    for code in PEOPLE_CODES:
        units[code] = [unit for unit in units[code] if unit.key[0] not in gone]
    for staff in range(50, 50 + draw.below(3)):
        starters = [pair(staff, 1, draw.one_of([ZERO, WHOLE]), line_manager=draw.once_in(2))]
        units["training.completion"] += starters
        units["training.managers"] += [unit for unit in starters if unit.facts["line_manager"]]
        units["technical.access"].append(login(staff, draw.one_of([ZERO, WHOLE])))
    units["champions.ratio"] = [
        ward(unit.key[0], 1 + draw.below(40), draw.below(4)) if draw.once_in(2) else unit
        for unit in units["champions.ratio"]
        if not draw.once_in(5)
    ] + [ward(60 + n, 12, n) for n in range(draw.below(2))]
    units["champions.cover"] = [unit for unit in units["champions.cover"] if not draw.once_in(9)]
    units["engagement.reach"] += [record(70, WHOLE)] * draw.below(2)
    return replace(known, units={code: tuple(found) for code, found in units.items()})


def draw_records(draw: Draws, known: Evidence) -> Evidence:
    """Other records over the same people: better and worse, new and too old, not applicable and applicable again."""
    units: dict[str, list[Unit]] = {}
    for code in CODES:
        kept = [unit for unit in known.of(code) if code not in DATED_CODES or not draw.once_in(6)]
        units[code] = [recredited(draw, code, unit) if draw.once_in(3) else unit for unit in kept]
        if code.startswith("checklist."):
            units[code] = [unit for unit in units[code] if not draw.once_in(6)]
            units[code] += [draw_item(draw, 9_000 + n, 2) for n in range(draw.below(2))]
    units["engagement.confidence"] += [record(80 + n, Fraction(draw.below(5), 4)) for n in range(draw.below(3))]
    units["partnerships.commitments"] += [commitment(80, draw.one_of([ZERO, WHOLE]))] * draw.below(2)
    units["pilots.outcome"] += [pilot(80, draw.one_of(["scale", "stop"]))] * draw.below(2)
    units["governance.hazards"] += [hazard(80, draw.one_of([5, 20]))] * draw.below(2)
    return replace(known, units={code: tuple(found) for code, found in units.items()})


def recredited(draw: Draws, code: str, unit: Unit) -> Unit:
    if code.startswith("checklist."):
        return replace(draw_item(draw, unit.key[0], 2), weight=unit.weight)
    if code == "champions.ratio":
        return ward(unit.key[0], unit.weight, draw.below(5))
    if code == "governance.hazards":
        return hazard(unit.key[0], unit.facts["rating"], closed=draw.once_in(2))
    return replace(unit, credit=draw.one_of([ZERO, WHOLE, Fraction(1, 2)]))


def better_of(crossed: Evidence, after: Evidence) -> Evidence:
    """Records gained: the units of both days with the better credit; an item's being applicable waits for the plan."""
    return staged(crossed, after, max, keep=True, add=True)


def worse_of(crossed: Evidence, after: Evidence) -> Evidence:
    """Records lost as well: the credits of the later day, and the records that are gone."""
    return staged(crossed, after, lambda _old, new: new, keep=False, add=True)


def staged(crossed: Evidence, after: Evidence, pick, *, keep: bool, add: bool) -> Evidence:
    units = {}
    for code in CODES:
        checklist = code.startswith("checklist.")
        new = {unit.key: unit for unit in after.of(code)}
        old = {unit.key: unit for unit in crossed.of(code)}
        both = [replace(unit, credit=pick(unit.credit, new[key].credit)) for key, unit in old.items() if key in new]
        gone = [unit for key, unit in old.items() if key not in new and (keep or checklist)]
        came = [unit for key, unit in new.items() if key not in old and add and not checklist]
        units[code] = tuple(both + gone + came)
    return replace(crossed, units=units)


def raw_of(known: Evidence) -> Fraction:
    return judge(MODEL, readings_of(known, MODEL), situation_of(known)).raw


def points(result: Moved, *groups: Group) -> Fraction:
    return sum((cause.raw_points for cause in result.causes if cause.group in groups), Fraction(0))


@given(draw=draws(500))
def test_causes_add_up_to_the_change_exactly_and_as_shown(draw: Draws) -> None:
    before = draw_evidence(draw)
    crossed = draw_people(draw, before)
    after = draw_records(draw, crossed)
    first, last = judged(moment(before)), judged(moment(after, LATER))

    result = moved(before, after, crossed)

    assert result.change == last.score - first.score == sum((c.points for c in result.causes), Fraction(0))
    assert result.raw_change == last.raw - first.raw == sum((c.raw_points for c in result.causes), Fraction(0))
    assert result.shown_change == last.stored().score - first.stored().score
    for places in (0, 1, 2):
        shown = [points for _cause, points in result.shown(places)]
        assert sum(shown, Decimal(0)) == rounded(Fraction(result.shown_change), places)


@given(draw=draws(500))
def test_stages_are_people_then_gained_then_lost_then_plan(draw: Draws) -> None:
    before = draw_evidence(draw)
    crossed = draw_people(draw, before)
    after = replace(draw_records(draw, crossed), not_applicable=draw_evidence(draw).not_applicable)

    result = moved(before, after, crossed)

    assert points(result, Group.PEOPLE) == raw_of(crossed) - raw_of(before)
    assert points(result, Group.GAINED) == raw_of(better_of(crossed, after)) - raw_of(crossed)
    assert points(result, Group.LOST) == raw_of(worse_of(crossed, after)) - raw_of(better_of(crossed, after))
    assert points(result, Group.PLAN) == raw_of(after) - raw_of(worse_of(crossed, after))
    assert points(result, Group.CAPS) == 0
    order = [(list(Group).index(c.group), CODES.index(c.code)) for c in result.causes if c.group is not Group.CAPS]
    assert all(one <= other for one, other in pairwise(order))
    assert all(cause.raw_points >= 0 for cause in result.causes if cause.kind is Kind.IMPROVED)
    assert all(cause.raw_points <= 0 for cause in result.causes if cause.kind is Kind.WORSENED)


@given(draw=draws(500))
def test_difference_to_the_stored_score_belongs_to_the_plan(draw: Draws) -> None:
    before = draw_evidence(draw)
    after = draw_records(draw, before)
    stored = [Decimal(draw.below(101)), Decimal(draw.below(101))]

    result = why_moved(
        MODEL,
        before=moment(before, stored_score=stored[0], stored_raw=stored[0]),
        after=moment(after, LATER, stored_score=stored[1], stored_raw=stored[1]),
        crossed=before,
    )

    first, last = judged(moment(before)), judged(moment(after, LATER))
    start = first.score if first.stored().score == stored[0] else Fraction(stored[0])
    end = last.score if last.stored().score == stored[1] else Fraction(stored[1])
    assert sum((c.points for c in result.causes), Fraction(0)) == result.change == end - start
    assert sum((c.raw_points for c in result.causes), Fraction(0)) == result.raw_change
    assert result.shown_change == stored[1] - stored[0]
    assert [c.kind for c in result.causes if c.code == ""] in ([], [Kind.PLAN_CHANGED])
    assert sum(c.points for c in result.causes if c.code == "") == (first.score - start) + (end - last.score)


@given(draw=draws(300))
def test_nothing_changed_has_no_cause(draw: Draws) -> None:
    known = draw_evidence(draw)
    at = moment(known)
    stored = judged(at).stored()
    kept = replace(at, stored_score=stored.score, stored_raw=stored.raw)

    result = why_moved(MODEL, before=kept, after=kept, crossed=known)

    assert result == Moved((), Fraction(0), Fraction(0), Decimal("0.00"))


def test_training_moved_by_starters_completions_and_expiries() -> None:
    staff = [pair(n, 1, WHOLE if n < 12 else ZERO, ward_id=5) for n in range(20)]
    before = evidence({"training.completion": staff}, only=True)
    starters = [pair(n, 1, ward_id=6) for n in range(30, 34)]
    crossed = evidence({"training.completion": staff[1:] + starters}, only=True)
    after = evidence(
        {
            "training.completion": [
                replace(unit, credit=WHOLE if 3 <= unit.key[0] < 18 else ZERO) for unit in staff[1:] + starters
            ]
        },
        only=True,
    )

    result = moved(before, after, crossed)

    assert told(result) == [
        ("people", "4 starters count in training", "−10.5"),
        ("people", "1 leaver no longer counts in training", "−2.3"),
        ("gained", "6 people trained", "+27.5"),
        ("lost", "2 completions expired", "−9.2"),
    ]
    assert result.change == (Fraction(15, 23) - Fraction(12, 20)) / Fraction(95, 100) * 100
    assert [cause.ward_ids for cause in result.causes] == [{6}, {5}, {5}, {5}]


def test_person_with_two_courses_is_counted_once() -> None:
    before = evidence({"training.completion": [pair(1, 1), pair(1, 2), pair(2, 1)]}, only=True)
    after = evidence({"training.completion": [pair(1, 1, WHOLE), pair(1, 2, WHOLE), pair(2, 1)]}, only=True)

    (cause,) = moved(before, after).causes

    assert (cause.people, cause.count, sentence(cause, MODEL)) == (1, 2, "1 person trained")


def test_item_that_stops_to_apply_is_an_exclusion_whatever_it_was() -> None:
    before = evidence({"checklist.goals": [item(1, WHOLE), item(2), item(3, DECLARED)]}, only=True)
    after = evidence({"checklist.goals": [item(1, WHOLE), item(4, WHOLE)]}, only=True)

    assert told(moved(before, after)) == [
        ("plan", "2 items no longer apply", "+40.0"),
        ("plan", "1 item applies again", "0.0"),
    ]


def test_last_item_of_a_domain_stops_to_apply() -> None:
    before = evidence({"checklist.goals": [item(1)], "goals.targets": [record(1, WHOLE)]}, only=True)
    after = evidence({"goals.targets": [record(1, WHOLE)]}, only=True)
    after = replace(after, not_applicable=before.not_applicable)

    assert told(moved(before, after)) == [("plan", "1 item no longer applies", "+50.0")]


def test_indicator_left_out_by_decision_is_an_exclusion_and_so_is_its_return() -> None:
    known = evidence({"goals.targets": [record(1)], "technical.access": [login(1, WHOLE)]}, only=True)
    without = replace(known, not_applicable=known.not_applicable | {"goals.targets"})

    there, back = moved(known, without), moved(without, known)

    assert told(there) == [("plan", "left out by a decision", "+16.7")]
    assert told(back) == [("plan", "counted again", "−16.7")]


def test_other_weight_belongs_to_the_plan_and_other_credit_to_the_records() -> None:
    before = evidence({"checklist.goals": [item(1, weight=1), item(2, WHOLE)]}, only=True)
    after = evidence({"checklist.goals": [item(1, WHOLE, weight=3), item(2)]}, only=True)

    assert told(moved(before, after)) == [
        ("gained", "1 item done or confirmed", "+50.0"),
        ("lost", "1 item went stale or was undone", "−50.0"),
        ("plan", "the plan changed", "+25.0"),
    ]


def test_lapsed_waiver_is_named_and_capped() -> None:
    overdue = {"blocking": True, "due_on": DAY - timedelta(days=1)}
    before = evidence({"checklist.goals": [item(1, WHOLE, 8), item(2, waived=True, **overdue)]}, only=True)
    after = evidence({"checklist.goals": [item(1, WHOLE, 8), item(2, **overdue)]}, only=True)

    there, back = moved(before, after), moved(after, before)

    assert told(there) == [("caps", "waiver lapsed, a blocking item is overdue: capped at 49", "−39.9")]
    assert told(back) == [("caps", "waived: a blocking item is overdue (cap of 49 lifted)", "+39.9")]


def test_revoked_waiver_is_not_said_to_have_lapsed() -> None:
    overdue = {"blocking": True, "due_on": DAY - timedelta(days=1)}
    units = [item(1, WHOLE, 8), item(2, waived=True, **overdue), item(3, waived=True, **overdue)]
    before = moment(evidence({"checklist.goals": units}, only=True))
    after = moment(evidence({"checklist.goals": [units[0], item(2, **overdue), units[2]]}, only=True), LATER)
    both = moment(evidence({"checklist.goals": [units[0], item(2, **overdue), item(3, **overdue)]}, only=True), LATER)

    def kinds(end: Moment, revoked: set[tuple[object, ...]]) -> list[Kind]:
        moved = why_moved(MODEL, before=before, after=end, crossed=before.evidence, revoked=revoked)
        return [cause.kind for cause in moved.causes]

    assert kinds(after, {(2,)}) == [Kind.WAIVER_REVOKED]
    assert kinds(both, {(2,)}) == [Kind.WAIVER_LAPSED]
    assert kinds(after, {(3,)}) == [Kind.WAIVER_LAPSED]


def test_lapsed_waiver_of_an_agreement_is_named() -> None:
    known = evidence({"goals.targets": [record(1, WHOLE)]}, only=True, agreements=[agreement(1, 2)])
    before, after = moment(known, agreement_waived=True), moment(known, LATER)

    result = why_moved(MODEL, before=before, after=after, crossed=known)

    assert told(result) == [("caps", "waiver lapsed, an agreement is not signed: capped at 69", "−31.0")]


def test_caps_turn_one_after_another_in_alphabetical_order() -> None:
    before = evidence({"checklist.goals": [item(1, WHOLE, 9), item(2, blocking=True, state="blocked")]}, only=True)
    after = evidence(
        {
            "checklist.goals": [item(1, WHOLE, 9), item(2, blocking=True, due_on=DAY)],
            "governance.hazards": [hazard(1, 15)],
        },
        only=True,
    )
    after = replace(after, not_applicable=before.not_applicable)

    assert told(moved(before, after)) == [
        ("gained", "1 hazard raised", "0.0"),
        ("caps", "no longer holds: a blocking item is blocked (cap of 69 lifted)", "+21.0"),
        ("caps", "a blocking item is overdue: capped at 49", "−41.0"),
        ("caps", "a hazard is rated too high: capped at 49", "0.0"),
    ]


def test_what_happens_under_a_cap_shows_in_the_points_before_caps() -> None:
    held = item(9, blocking=True, due_on=DAY - timedelta(days=2))
    before = evidence({"checklist.goals": [item(1, WHOLE, 8), item(2), held]}, only=True)
    after = evidence({"checklist.goals": [item(1, WHOLE, 8), item(2, WHOLE), held]}, only=True)

    (cause,) = moved(before, after).causes

    assert (cause.kind, cause.points, cause.raw_points) == (Kind.IMPROVED, 0, 10)


def test_stored_score_that_the_plan_of_today_does_not_give_is_a_change_of_plan() -> None:
    known = evidence({"goals.targets": [record(1, WHOLE), record(2)]}, only=True)
    before = moment(known, stored_score=Decimal("41.25"), stored_raw=Decimal("41.25"))
    after = moment(known, LATER, stored_score=Decimal("50.00"), stored_raw=Decimal("50.00"))

    result = why_moved(MODEL, before=before, after=after, crossed=known)

    assert result.causes == (Cause(Group.PLAN, Kind.PLAN_CHANGED, "", Fraction(35, 4), Fraction(35, 4)),)
    assert told(result) == [("plan", "the plan or the records changed after a score was worked out", "+8.8")]


def test_slots_and_wards_are_told_by_area() -> None:
    before = evidence(
        {"champions.ratio": [ward(1, 10, 1), ward(2, 10, 0)], "champions.cover": [slot(1, GO_LIVE, 1)]}, only=True
    )
    crossed = evidence(
        {"champions.ratio": [ward(1, 20, 1), ward(2, 10, 0)], "champions.cover": [slot(1, GO_LIVE, 1)]}, only=True
    )
    after = evidence(
        {"champions.ratio": [ward(1, 20, 1), ward(2, 10, 1)], "champions.cover": [slot(1, GO_LIVE, 1, have=1)]},
        only=True,
    )

    result = moved(before, after, crossed)

    assert told(result) == [
        ("people", "people started, left or moved in 1 area", "−5.6"),
        ("gained", "more trained champions in 1 area", "+11.1"),
        ("gained", "1 champion slot filled", "+66.7"),
    ]
    assert [cause.ward_ids for cause in result.causes] == [{1}, {2}, {1}]


@pytest.mark.parametrize("count", [1, 2])
def test_every_cause_has_words(count: int) -> None:
    units = tuple(Unit((n,), 1, WHOLE) for n in range(count))
    caps = [
        sentence(Cause(Group.CAPS, kind, cap, Fraction(0), Fraction(0)), MODEL)
        for kind in CAP_CAUSES
        for cap in CAP_CODES
    ]
    others = [
        sentence(Cause(Group.GAINED, kind, code, Fraction(0), Fraction(0), units), MODEL)
        for kind in Kind
        if kind not in CAP_CAUSES
        for code in CODES
    ]

    assert len(set(caps)) == len(caps) == 25
    assert all(text and "%" not in text for text in caps + others)
    assert set(CAPS) == set(CAP_CODES)
    assert {code for _kind, code in CAUSES} <= {*CODES, "checklist.", ""}


@pytest.mark.parametrize(
    ("points", "text"), [("1.2", "+1.2"), ("-0.8", "−0.8"), ("0.0", "0.0"), ("-0.0", "0.0"), ("-12.0", "−12.0")]
)
def test_points_carry_their_sign(points: str, text: str) -> None:
    assert signed(Decimal(points)) == text
