"""Next best actions: the gain promised is what judge() gives once the action is recorded.

`done` records an action in its own words: it changes facts and credits by the rules of the domain, counts the situation
anew and asks nothing of the code that made the promise.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given

from readiness.explain import Action, ActionKind, Evidence, by_group, describe, next_best_actions, readings_of
from readiness.scoring import CODES, Judgement, Situation, judge
from tests.readiness.draws import Draws, draws
from tests.readiness.worlds import (
    DAY,
    DECLARED,
    GO_LIVE,
    HALF,
    MODEL,
    WHOLE,
    ZERO,
    agreement,
    changed,
    commitment,
    draw_evidence,
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


def judged(known: Evidence) -> Judgement:
    return judge(MODEL, readings_of(known, MODEL), situation_of(known))


def done(known: Evidence, action: Action) -> Evidence:
    """The evidence after the action was recorded on DAY, once."""
    code, key = action.code, action.unit.key
    unit = next(unit for unit in (*known.of(code), *known.agreements) if unit.key == key)
    match action.kind:
        case ActionKind.FINISH_ITEM | ActionKind.RENEW_ITEM:
            credit = DECLARED if unit.facts["evidence_needed"] else WHOLE
            return changed(known, code, key, credit, state="done", assurance="declared")
        case ActionKind.CONFIRM_ITEM:
            return changed(known, code, key, WHOLE, assurance="seen")
        case ActionKind.UNBLOCK_ITEM:
            return changed(known, code, key, ZERO, state="in_progress")
        case ActionKind.TRAIN_PERSON:
            trained = changed(known, "training.completion", key, WHOLE)
            return changed(trained, "training.managers", key, WHOLE)
        case ActionKind.TRAIN_CHAMPION | ActionKind.ADD_CHAMPION:
            have = unit.facts["have"] + 1
            credit = Fraction(min(have, unit.facts["need"]), unit.facts["need"])
            waiting = unit.facts["untrained"][1:] if action.kind is ActionKind.TRAIN_CHAMPION else ()
            return changed(known, code, key, credit, have=have, untrained=waiting)
        case ActionKind.FILL_SLOT:
            return covered(known, unit.facts["starts_at"], unit.facts["ends_at"], action.effort)
        case ActionKind.DECIDE_PILOT:
            secured = unit.facts["secured_on"] is not None and unit.facts["secured_on"] <= DAY
            return changed(known, code, key, WHOLE if secured else HALF, outcome="scale", decided_on=DAY)
        case ActionKind.SECURE_PILOT:
            return changed(known, code, key, 2 * unit.credit, secured_on=DAY)
        case ActionKind.CLOSE_HAZARD:
            return changed(known, code, key, WHOLE, open=False)
        case ActionKind.SIGN_AGREEMENT:
            return replace(known, agreements=tuple(other for other in known.agreements if other.key != key))
        case _:
            return changed(known, code, key, WHOLE)


def covered(known: Evidence, starts_at, ends_at, champions: int) -> Evidence:
    """Slots of the ward after so many champions, on no other shift then, took a shift over these hours."""
    slots = []
    for unit in known.of("champions.cover"):
        seconds = (min(ends_at, unit.facts["ends_at"]) - max(starts_at, unit.facts["starts_at"])).total_seconds()
        length = (unit.facts["ends_at"] - unit.facts["starts_at"]).total_seconds()
        have = unit.facts["have"] + (champions if seconds >= length / 2 else 0)
        credit = WHOLE if have >= unit.facts["minimum"] else ZERO
        slots.append(replace(unit, credit=credit, facts={**unit.facts, "have": have}))
    return replace(known, units={**known.units, "champions.cover": tuple(slots)})


def all_done(known: Evidence, actions: Iterable[Action]) -> Evidence:
    for action in actions:
        for _time in range(action.times):
            known = done(known, action)
    return known


def assert_promises_kept(known: Evidence, actions: list[Action]) -> None:
    before = judged(known)
    groups = {group.best.group: group.actions for group in by_group(actions)}
    totals = {name: judged(all_done(known, members)) for name, members in groups.items()}
    for action in actions:
        after, total = judged(done(known, action)), totals[action.group]
        assert action.unit_gain == after.score - before.score
        assert action.raw_gain == after.raw - before.raw
        assert action.lifts == tuple(cap for cap in before.caps if cap not in after.caps)
        assert set(action.lifts) <= set(action.eases) <= set(before.caps)
        assert action.total_lifts == tuple(cap for cap in before.caps if cap not in total.caps)
        assert action.total_gain == total.score - before.score
        assert action.total_raw_gain == total.raw - before.raw


SLOTS = [slot(1, GO_LIVE, pattern) for pattern in (1, 3)] + [slot(1, GO_LIVE + timedelta(1), 3, have=0, minimum=2)]
YESTERDAY = DAY - timedelta(days=1)
CASES = {
    ActionKind.FINISH_ITEM: {"checklist.goals": [item(1, weight=3, evidence_needed=True), item(2, WHOLE, weight=2)]},
    ActionKind.RENEW_ITEM: {"checklist.goals": [item(1, weight=3, state="done"), item(2, WHOLE, weight=2)]},
    ActionKind.CONFIRM_ITEM: {"checklist.goals": [item(1, DECLARED, weight=3), item(2, WHOLE)]},
    ActionKind.UNBLOCK_ITEM: {
        "checklist.goals": [item(1, WHOLE, weight=5), item(2, blocking=True, state="blocked", due_on=GO_LIVE)]
    },
    ActionKind.TRAIN_PERSON: {
        "training.completion": [pair(1, 1, line_manager=True), pair(1, 2), pair(2, 1), pair(3, 1, WHOLE)],
        "training.managers": [pair(1, 1, line_manager=True)],
    },
    ActionKind.TRAIN_CHAMPION: {"champions.ratio": [ward(1, 25, 1, untrained=(4,)), ward(2, 5, 1)]},
    ActionKind.ADD_CHAMPION: {"champions.ratio": [ward(1, 25, 1), ward(2, 5, 1)]},
    ActionKind.FILL_SLOT: {"champions.cover": SLOTS},
    ActionKind.TEST_LOGIN: {"technical.access": [login(1, WHOLE), login(2), login(3)]},
    ActionKind.REACH_GROUP: {"engagement.reach": [record(1, WHOLE), record(2), record(3)]},
    ActionKind.AGREE_TARGET: {"goals.targets": [record(1), record(2)]},
    ActionKind.DELIVER_COMMITMENT: {"partnerships.commitments": [commitment(1), commitment(2, WHOLE)]},
    ActionKind.DECIDE_PILOT: {"pilots.outcome": [pilot(1, "iterate"), pilot(2, "scale", decided_on=None)]},
    ActionKind.SECURE_PILOT: {"pilots.outcome": [pilot(1, "scale", secured_on=None), pilot(2, "scale")]},
    ActionKind.CLOSE_HAZARD: {"governance.hazards": [hazard(1, 15), hazard(2, 9), hazard(3, 9, closed=True)]},
    ActionKind.SIGN_AGREEMENT: {"goals.targets": [record(1, WHOLE)]},
}


@pytest.mark.parametrize("kind", ActionKind)
def test_promise_is_kept_for_every_kind_of_action(kind: ActionKind) -> None:
    known = evidence(CASES[kind], only=True, agreements=[agreement(1, 5, 6)] if "agree" in kind else [])

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert any(action.kind is kind and action.unit_gain > 0 for action in actions)
    assert_promises_kept(known, actions)


@given(draw=draws(300))
def test_promises_are_kept_in_any_world(draw: Draws) -> None:
    known = draw_evidence(draw)

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert_promises_kept(known, actions)
    assert all(0 <= action.unit_gain <= action.total_gain for action in actions)
    assert all(action.worth_doing for action in actions)
    rates = [action.unit_gain / action.effort for action in actions]
    assert rates == sorted(rates, reverse=True)


@given(draw=draws(300))
def test_doing_everything_leaves_nothing_to_do(draw: Draws) -> None:
    """Only what nobody can promise is left: answers, the hazard log, seeing what was declared, stops, the past."""
    known = draw_evidence(draw)
    for _round in range(3):
        for action in next_best_actions(MODEL, known, situation_of(known)):
            if action.kind is not ActionKind.UNBLOCK_ITEM:
                known = all_done(known, [action])

    assert next_best_actions(MODEL, known, situation_of(known)) == []
    assert set(judged(known).caps) <= {"hazard_log_missing"}


def only_kinds(known: Evidence, situation: Situation | None = None) -> Counter[ActionKind]:
    actions = next_best_actions(MODEL, known, situation or situation_of(known))
    return Counter(action.kind for action in actions)


def test_finishing_an_item_with_evidence_promises_what_declaring_it_gives() -> None:
    known = evidence({"checklist.goals": [item(1, evidence_needed=True), item(2, WHOLE)]}, only=True)

    (action,) = next_best_actions(MODEL, known, situation_of(known))

    assert (action.kind, action.unit_gain, action.total_gain) == (ActionKind.FINISH_ITEM, 40, 40)


def test_overdue_and_blocked_item_lifts_both_caps_when_finished() -> None:
    known = evidence(
        {
            "checklist.goals": [
                item(1, WHOLE, weight=4),
                item(2, blocking=True, state="blocked", due_on=DAY - timedelta(days=3)),
            ]
        },
        only=True,
    )

    finish, unblock = next_best_actions(MODEL, known, situation_of(known))

    assert (finish.kind, finish.subject, finish.unit_gain) == (ActionKind.FINISH_ITEM, "blocker_overdue", 51)
    assert finish.lifts == ("blocker_blocked", "blocker_overdue")
    assert (unblock.kind, unblock.unit_gain, unblock.lifts) == (ActionKind.UNBLOCK_ITEM, 0, ("blocker_blocked",))


def test_two_items_behind_one_cap_gain_only_together() -> None:
    overdue = {"blocking": True, "due_on": DAY - timedelta(days=1)}
    known = evidence({"checklist.goals": [item(1, WHOLE, 8), item(2, **overdue), item(3, **overdue)]}, only=True)

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert [(a.unit.key, a.unit_gain, a.raw_gain, a.total_gain, a.lifts, a.total_lifts) for a in actions] == [
        ((2,), 0, 10, 51, (), ("blocker_overdue",)),
        ((3,), 0, 10, 51, (), ("blocker_overdue",)),
    ]


def test_stale_and_unfinished_items_behind_one_cap_make_one_group() -> None:
    overdue = {"blocking": True, "due_on": DAY - timedelta(days=1)}
    known = Evidence(
        {
            "checklist.goals": (item(1, **overdue), item(2, state="done", **overdue)),
            "technical.access": (login(1, WHOLE),),
        },
        not_applicable=frozenset(CODES) - {"technical.access"},
    )

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert [(a.kind, a.unit_gain, a.raw_gain, a.total_gain, a.eases) for a in actions] == [
        (ActionKind.FINISH_ITEM, 0, 0, 51, ("blocker_overdue",)),
        (ActionKind.RENEW_ITEM, 0, 0, 51, ("blocker_overdue",)),
    ]
    assert [group.count for group in by_group(actions)] == [2]


def test_waived_and_due_today_items_hold_no_cap() -> None:
    known = evidence(
        {
            "checklist.goals": [
                item(1, blocking=True, due_on=DAY),
                item(2, blocking=True, due_on=YESTERDAY, waived=True),
                item(3, due_on=YESTERDAY, state="blocked"),
            ]
        },
        only=True,
    )

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert [(action.kind, action.subject) for action in actions] == [(ActionKind.FINISH_ITEM, "checklist.goals")] * 3


def test_items_of_a_domain_left_out_are_proposed_for_their_cap_alone() -> None:
    known = Evidence(
        {
            "checklist.goals": (item(1, blocking=True, due_on=YESTERDAY), item(2)),
            "technical.access": (login(1, WHOLE),),
        },
        not_applicable=frozenset({"checklist.goals"}),
    )

    first = next_best_actions(MODEL, known, situation_of(known))[0]

    assert (first.unit.key, first.raw_gain, first.lifts) == ((1,), 0, ("blocker_overdue",))
    assert [action.unit.key for action in next_best_actions(MODEL, known, situation_of(known))] == [(1,)]


def test_training_one_manager_wins_in_both_indicators() -> None:
    known = evidence(CASES[ActionKind.TRAIN_PERSON], only=True)

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert [action.unit.key for action in actions] == [(1, 1), (1, 2), (2, 1)]
    assert actions[0].unit_gain == 25 + Fraction(75, 4) / Fraction(95, 100)
    assert {action.group for action in actions} == {(ActionKind.TRAIN_PERSON, "training.completion")}
    assert by_group(actions)[0].count == 3


def test_people_beyond_the_target_are_not_counted_as_gain() -> None:
    known = evidence({"training.completion": [pair(n, 1, WHOLE) for n in range(19)] + [pair(19, 1)]}, only=True)

    assert next_best_actions(MODEL, known, situation_of(known)) == []


@pytest.mark.parametrize(
    ("valid_days", "go_live_on", "promised"),
    [(20, GO_LIVE, False), (21, GO_LIVE, True), (1, None, True), (0, DAY, True), (0, YESTERDAY, True)],
)
def test_course_that_runs_out_before_go_live_is_not_promised(
    valid_days: int, go_live_on: date | None, promised: bool
) -> None:
    known = evidence(
        {
            "training.completion": [pair(1, 1, valid_days=valid_days)],
            "champions.ratio": [ward(1, 30, 0, untrained=(1,), valid_days=valid_days)],
        },
        only=True,
    )

    kinds = only_kinds(known, situation_of(known, go_live_on=go_live_on))

    assert set(kinds) == (
        {ActionKind.TRAIN_PERSON, ActionKind.TRAIN_CHAMPION, ActionKind.ADD_CHAMPION} if promised else set()
    )


def test_ward_is_offered_its_waiting_champions_before_new_ones() -> None:
    known = evidence({"champions.ratio": [ward(1, 40, 1, untrained=(7, 8))]}, only=True)

    train, add = next_best_actions(MODEL, known, situation_of(known))

    assert (train.kind, train.times, train.unit_gain, train.total_gain) == (ActionKind.TRAIN_CHAMPION, 2, 25, 50)
    assert (add.kind, add.times, add.unit_gain, add.total_gain) == (ActionKind.ADD_CHAMPION, 1, 25, 25)


def test_ward_is_not_offered_more_champions_than_it_lacks() -> None:
    known = evidence({"champions.ratio": [ward(1, 20, 1, untrained=(7, 8)), ward(2, 20, 2, untrained=(9,))]}, only=True)

    (train,) = next_best_actions(MODEL, known, situation_of(known))

    assert (train.unit.key, train.times, train.unit_gain, train.total_gain) == ((1,), 1, 25, 25)


def test_slot_costs_the_shifts_it_lacks_and_fills_what_it_overlaps() -> None:
    known = evidence(
        {"champions.cover": [slot(1, GO_LIVE, 4, 0, 2), slot(1, GO_LIVE, 1), slot(1, GO_LIVE, 3)]}, only=True
    )

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert [(a.unit.key[2], a.effort, a.unit_gain) for a in actions] == [
        (1, 1, Fraction(100, 3)),
        (3, 1, Fraction(100, 3)),
        (4, 2, Fraction(200, 3)),
    ]
    assert {action.total_gain for action in actions} == {100}


def test_slots_of_the_past_are_not_offered() -> None:
    known = evidence({"champions.cover": [slot(1, YESTERDAY, 1), slot(1, DAY, 1)]}, only=True)

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert [action.unit.key[1] for action in actions] == [DAY]


def test_stopped_pilot_is_left_alone_and_an_undecided_one_not_asked_for_money_first() -> None:
    known = evidence(
        {"pilots.outcome": [pilot(1, "stop"), pilot(2, "undecided", decided_on=None, secured_on=None)]}, only=True
    )

    (action,) = next_best_actions(MODEL, known, situation_of(known))

    assert (action.kind, action.unit.key, action.unit_gain) == (ActionKind.DECIDE_PILOT, (2,), 25)


def test_nothing_is_promised_for_answers_or_an_empty_hazard_log() -> None:
    answers = {"engagement.confidence": [record(n, ZERO) for n in range(4)]}
    known = Evidence(answers, not_applicable=frozenset(CODES) - {"engagement.confidence", "governance.hazards"})

    assert judged(known).caps == ("hazard_log_missing",)
    assert next_best_actions(MODEL, known, situation_of(known)) == []


@pytest.mark.parametrize(
    ("go_live_on", "waived", "lifts"),
    [(GO_LIVE, False, ("agreement_unsigned",)), (GO_LIVE, True, None), (DAY + timedelta(days=31), False, None)],
)
def test_signing_is_proposed_while_the_cap_holds(go_live_on: date, waived: bool, lifts: tuple[str, ...] | None) -> None:
    known = evidence({"goals.targets": [record(1, WHOLE)]}, only=True, agreements=[agreement(1, 5, 6)])
    situation = situation_of(known, go_live_on=go_live_on, agreement_waived=waived)

    actions = next_best_actions(MODEL, known, situation)

    assert [(a.kind, a.effort, a.unit_gain, a.lifts) for a in actions] == (
        [] if lifts is None else [(ActionKind.SIGN_AGREEMENT, 2, 31, lifts)]
    )


def test_ties_go_by_total_then_caps_lifted_and_eased_then_what_lies_under_the_cap() -> None:
    overdue = {"blocking": True, "due_on": YESTERDAY}
    known = Evidence(
        {
            "checklist.goals": (
                item(1, WHOLE, 10),
                item(2, **overdue),
                item(3, blocking=True, state="blocked"),
                item(4, weight=2),
                item(5, **overdue),
                item(6, weight=5),
            ),
            "governance.hazards": (hazard(1, 25),),
        },
        not_applicable=frozenset(CODES) - {"checklist.goals"},
    )

    actions = next_best_actions(MODEL, known, situation_of(known))

    assert [(action.kind, action.unit.key, action.unit_gain, action.raw_gain) for action in actions] == [
        (ActionKind.FINISH_ITEM, (3,), 0, 5),
        (ActionKind.UNBLOCK_ITEM, (3,), 0, 0),
        (ActionKind.CLOSE_HAZARD, (1,), 0, 0),
        (ActionKind.FINISH_ITEM, (2,), 0, 5),
        (ActionKind.FINISH_ITEM, (5,), 0, 5),
        (ActionKind.FINISH_ITEM, (6,), 0, 25),
        (ActionKind.FINISH_ITEM, (4,), 0, 10),
    ]


@given(draw=draws(300))
def test_list_does_not_depend_on_the_order_of_units(draw: Draws) -> None:
    known = draw_evidence(draw)
    backwards = replace(known, units={code: units[::-1] for code, units in reversed(known.units.items())})

    there = next_best_actions(MODEL, known, situation_of(known))
    back = next_best_actions(MODEL, backwards, situation_of(known))

    assert there == back


@pytest.mark.parametrize("kind", ActionKind)
def test_every_action_has_words(kind: ActionKind) -> None:
    known = evidence(CASES[kind], only=True, agreements=[agreement(1, 5, 6)] if "agree" in kind else [])

    told = {action.kind: describe(action) for action in next_best_actions(MODEL, known, situation_of(known))}

    assert told[kind]
    assert "%" not in told[kind]


def test_words_name_the_item_and_count_what_is_missing() -> None:
    known = evidence(
        {"checklist.goals": [item(7, text="50% of goals agreed")], "champions.cover": [slot(1, GO_LIVE, 1, 0, 3)]},
        only=True,
        agreements=[agreement(1, 5)],
    )

    told = {describe(action) for action in next_best_actions(MODEL, known, situation_of(known))}

    assert told == {
        "Finish “50% of goals agreed”",
        "Fill a slot that lacks 3 champions",
        "Collect the missing signature of an agreement",
    }
