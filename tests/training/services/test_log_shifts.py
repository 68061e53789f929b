"""Shifts that are logged: what is kept, what is refused in which words, and what a tap on a planned one does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from rollout.choices import Role
from rollout.models import AuditEntry, Membership, Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.training.log_world import TODAY, LogWorld
from training.choices import EntryKind, ShiftState
from training.models import Champion, ChampionShift, LogEntry, ShiftPattern

COLUMNS = ("client_id", "staff_id", "ward_id", "starts_at", "ends_at", "state", "planned_on", "staff_helped", "notes")


def shifts() -> list[tuple[Any, ...]]:
    return list(ChampionShift.objects.order_by("starts_at", "pk").values_list(*COLUMNS))


def test_logged_shift_is_kept_by_the_clock_of_the_site(log_world: LogWorld):
    key = uuid4()

    answer = log_world.send("shift", log_world.shift_body(), key=key)

    starts = datetime(2026, 4, 25, 6, tzinfo=UTC)
    row = (key, log_world.champion.pk, log_world.ward.pk, starts, starts + timedelta(hours=8))
    assert shifts() == [(*row, "worked", TODAY, 4, "Printed the guide")]
    assert (answer.answer, answer.words, answer.record_id) == ("accepted", "", ChampionShift.objects.get().pk)
    audited = AuditEntry.objects.get(table="training_championshift")
    assert (audited.user, "notes" in audited.after, audited.reason) == (log_world.manager, False, "shift logged")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ward": 987_654_321}, "You cannot log for this ward."),
        ({"ward": "12"}, "Select a ward"),
        ({"ward": 2**63}, "Select a ward"),
        ({"ward": None}, "Select a ward"),
        ({"pattern": 987_654_321}, "Select a shift"),
        ({"champion": 987_654_321}, "You cannot log shifts of this person."),
        ({"champion": True}, "Select a champion"),
        ({"on": "2026-04-26"}, "26 April 2026 is still to come. Log it once it has begun."),
        ({"on": "2026-03-25"}, "25 March 2026 is more than 30 days ago. Ask the programme's manager to log it."),
        ({"on": "2026-02-30"}, "Enter a date like 2026-03-14"),
        ({"on": "25/04/2026"}, "Enter a date like 2026-03-14"),
        ({"helped": -1}, "Enter a whole number from 0 to 999"),
        ({"helped": 10**9}, "Enter a whole number from 0 to 999"),
        ({"helped": 2.125}, "Enter a whole number from 0 to 999"),
        ({"helped": "3"}, "Enter a whole number from 0 to 999"),
        ({"notes": "a" * 4001}, "Write at most 4000 characters"),
        ({"notes": "\x00"}, "Write this in letters"),
        ({"notes": "\ud800"}, "Write this in letters"),
        ({"notes": "Asked about 943 476 5919"}, "This looks like an NHS number"),
        ({"notes": "943 476 5919", "not_a_patient": "it is 943 476 5919"}, "This looks like an NHS number"),
    ],
)
def test_shift_is_refused_in_words(log_world: LogWorld, fields: dict[str, Any], words: str):
    body = {**log_world.shift_body(), **fields}

    answer = log_world.send("shift", body)

    assert (answer.answer, answer.words[: len(words)], shifts()) == ("refused", words, [])


@pytest.mark.parametrize(
    ("starts", "ends", "next_day", "words"),
    [
        ("09:00", "08:00", False, "The shift ends before it starts. Say so if it ended the next day"),
        ("09:00", "09:00", False, "The shift ends when it starts. Enter the time it ended"),
        ("09:00", "10:00", True, "A shift lasts at most 24 hours. Enter two shifts"),
        ("09:00", "9pm", False, "Enter a time like 07:30"),
        ("24:00", "09:00", False, "Enter a time like 07:30"),
        ("20:00", "21:00", False, "This shift begins at 8pm. Log it once it has begun."),
    ],
)
def test_times_that_cannot_be_are_refused(log_world: LogWorld, starts: str, ends: str, next_day: bool, words: str):
    answer = log_world.send("shift", log_world.timed(starts, ends, next_day=next_day))

    assert (answer.answer, answer.words, shifts()) == ("refused", words, [])


def test_overlap_by_a_minute_is_refused_and_back_to_back_is_not(log_world: LogWorld):
    early = log_world.send("shift", log_world.shift_body())

    overlapping = log_world.send("shift", log_world.timed("14:59", "16:00"))
    elsewhere = log_world.send(
        "shift", log_world.timed("08:00", "09:00", ward=log_world.other_ward.pk), by=make.make_member("administrator")
    )
    back_to_back = log_world.send("shift", log_world.timed("15:00", "16:00"))

    assert [each.answer for each in (early, overlapping, elsewhere, back_to_back)] == [
        "accepted",
        "refused",
        "refused",
        "accepted",
    ]
    assert overlapping.words == "Already on the early shift in Ward A until 3pm."
    assert overlapping.field == elsewhere.field == "champion"
    assert len(shifts()) == 2


@pytest.mark.parametrize(("on", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-04-24", 8)])
def test_night_over_a_clock_change_is_as_long_as_it_was(
    log_world: LogWorld, frozen_clock: FrozenClock, on: str, hours: int
):
    frozen_clock.move_to(datetime.fromisoformat(f"{on}T23:30:00+00:00"))

    answer = log_world.send("shift", log_world.shift_body(pattern=log_world.patterns["night"].pk, on=on))

    kept = ChampionShift.objects.get()
    assert (answer.answer, kept.ends_at - kept.starts_at) == ("accepted", timedelta(hours=hours))
    assert kept.planned_on == date.fromisoformat(on)


@pytest.mark.parametrize(
    ("on", "starts", "words"),
    [
        ("2026-03-29", "01:30", "The clocks skip 1:30am on 29 March 2026. Enter the time they showed"),
        ("2025-10-26", "01:30", "The clocks show 1:30am twice on 26 October 2025."),
    ],
)
def test_times_that_the_clocks_skip_or_show_twice_are_asked(log_world: LogWorld, on: str, starts: str, words: str):
    answer = log_world.send("shift", log_world.timed(starts, "08:00", on=on))

    assert (answer.answer, answer.field, answer.words[: len(words)]) == ("refused", "starts", words)


def test_planned_shift_that_is_logged_again_is_marked_and_not_doubled(log_world: LogWorld):
    planned = log_world.plan(state=ShiftState.CONFIRMED)

    answer = log_world.send("shift", log_world.shift_body())

    planned.refresh_from_db()
    assert (answer.answer, answer.record_id) == ("accepted", planned.pk)
    assert (planned.state, planned.staff_helped, ChampionShift.objects.count()) == ("worked", 4, 1)


def test_right_that_ended_ends_at_once(log_world: LogWorld):
    Membership.objects.filter(user=log_world.manager).update(ended_at=timezone.now())
    moved = type(log_world.manager).objects.get(pk=log_world.manager.pk)

    assert log_world.send("shift", log_world.shift_body(), by=moved).words == "You cannot log for this ward."


def test_closed_programme_and_champion_who_left_are_refused(log_world: LogWorld):
    Champion.objects.filter(staff=log_world.champion).update(to_on=TODAY - timedelta(days=1))
    left = log_world.send("shift", log_world.shift_body())
    Programme.objects.update(state="closed")
    closed = log_world.send("shift", log_world.shift_body(champion=log_world.second.pk))

    assert left.words == "Not a champion of the programme on 25 April 2026."
    assert closed.words == "The programme is over here. Ask its manager to log this."


def test_manager_of_the_programme_logs_what_is_long_ago(log_world: LogWorld):
    Champion.objects.update(from_on=date(2026, 1, 1))
    by = make.make_member(Role.PROGRAMME_MANAGER, programme=log_world.deployment.programme)

    assert log_world.send("shift", log_world.shift_body(on="2026-02-01"), by=by).answer == "accepted"


def test_champion_logs_own_shifts_and_no_others(log_world: LogWorld):
    user = make.make_member(Role.CHAMPION)
    type(log_world.champion).objects.filter(pk=log_world.champion.pk).update(user=user)
    other = log_world.plan(staff=log_world.second)

    own = log_world.send("shift", log_world.shift_body(), by=user)
    others = log_world.send("shift", log_world.shift_body(champion=log_world.second.pk), by=user)
    marked = log_world.send("worked", {"shift": other.pk}, by=user)

    assert [own.answer, others.answer, marked.answer] == ["accepted", "refused", "refused"]
    assert (others.words, marked.words) == ("You cannot log shifts of this person.", "You cannot log this shift.")


def test_pattern_of_another_programme_is_refused(log_world: LogWorld):
    elsewhere = ShiftPattern.objects.create(programme=make.make_programme(), name="x", starts="07:00", ends="08:00")

    answer = log_world.send("shift", log_world.shift_body(pattern=elsewhere.pk))

    assert (answer.answer, answer.words) == ("refused", "The programme does not come to this ward.")


def test_number_that_is_no_patient_is_kept_with_its_reason(log_world: LogWorld):
    body = log_world.shift_body(notes="Call 943 476 5919", not_a_patient="It is the help desk")

    assert log_world.send("shift", body).answer == "accepted"
    reason = AuditEntry.objects.get(table="training_championshift").reason
    assert reason == "shift logged; looks like an NHS number, but: It is the help desk"


# One tap ------------------------------------------------------------------------------------------------------------


def test_taps_on_a_planned_shift(log_world: LogWorld):
    shift = log_world.plan(state=ShiftState.CONFIRMED)
    said = {"shift": shift.pk}

    def tap(kind: str) -> tuple[str, str, date | None]:
        answer = log_world.send(kind, said)
        shift.refresh_from_db()
        return answer.words or answer.answer, shift.state, shift.ended_on

    by_now = "This shift is marked as worked by now. Look again before you change it."
    nothing = "There is nothing to undo here: this shift is confirmed."
    assert [tap(kind) for kind in ("worked", "worked", "missed", "undo", "undo", "missed", "undo")] == [
        ("accepted", "worked", None),
        ("accepted", "worked", None),
        (by_now, "worked", None),
        ("accepted", "confirmed", None),
        (nothing, "confirmed", None),
        ("accepted", "missed", TODAY),
        ("accepted", "confirmed", None),
    ]


def test_missed_shift_comes_back_unless_the_person_has_another_by_now(log_world: LogWorld):
    shift = log_world.plan()
    log_world.send("missed", {"shift": shift.pk})
    log_world.send("shift", log_world.timed("08:00", "09:00"))

    answer = log_world.send("undo", {"shift": shift.pk})

    shift.refresh_from_db()
    assert (answer.words, shift.state) == ("Already on a shift in Ward A from 8am until 9am.", "missed")


@pytest.mark.parametrize(
    ("kind", "on", "answer"),
    [
        ("worked", TODAY + timedelta(days=1), "26 April 2026 is still to come. Log it once it has begun."),
        ("missed", TODAY + timedelta(days=1), "26 April 2026 is still to come. Log it once it has begun."),
        ("confirmed", TODAY + timedelta(days=1), "accepted"),
        ("worked", TODAY - timedelta(days=31), "25 March 2026 is more than 30 days ago."),
        ("worked", TODAY - timedelta(days=30), "accepted"),
    ],
)
def test_day_of_a_tap(log_world: LogWorld, kind: str, on: date, answer: str):
    shift = log_world.plan(on=on)

    said = log_world.send(kind, {"shift": shift.pk})

    assert (said.words or said.answer)[: len(answer)] == answer


def test_shift_of_another_ward_or_none_is_refused_alike(log_world: LogWorld):
    elsewhere = log_world.plan(ward=make.make_ward())
    beside = log_world.plan(ward=log_world.other_ward, staff=log_world.second)

    words = {log_world.send("worked", {"shift": pk}).words for pk in (elsewhere.pk, beside.pk, 987_654_321)}

    assert words == {"You cannot log this shift."}
    assert set(LogEntry.objects.values_list("kind", "answer")) == {(EntryKind.WORKED, "refused")}
