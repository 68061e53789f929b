"""The log's one door: one answer for ever, each entry on its own, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from rollout.models import SupportIssue, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.training.log_world import NOW, LogWorld, make_log_world
from training.models import Attendance, ChampionShift, LogEntry
from training.services import log_entries
from training.services.log_entries import Entry, said_at, take_entries, take_entry

KEY = UUID(int=7)


def kept() -> list[tuple[Any, ...]]:
    return list(LogEntry.objects.order_by("pk").values_list("client_id", "user", "kind", "answer", "words"))


def test_entry_sent_again_gets_its_first_answer(log_world: LogWorld, frozen_clock: FrozenClock):
    first = log_world.send("shift", log_world.shift_body(), key=KEY)
    frozen_clock.forward(days=3)
    again = log_world.send("shift", dict(reversed(log_world.shift_body().items())), key=KEY)

    assert (first.answer, first.at, again.answer, again.at) == ("accepted", NOW, "already", NOW)
    assert again.record_id == first.record_id
    assert (ChampionShift.objects.count(), len(kept())) == (1, 1)


def test_refusal_is_kept_too_and_stays_though_it_would_be_taken_now(log_world: LogWorld, frozen_clock: FrozenClock):
    body = log_world.shift_body(pattern=log_world.patterns["night"].pk)
    first = log_world.send("shift", body, key=KEY)
    frozen_clock.forward(hours=8)
    again = log_world.send("shift", body, key=KEY)

    words = "This shift begins at 11pm. Log it once it has begun."
    assert (first.answer, first.words, again.answer, again.words) == ("refused", words, "refused", words)
    assert (again.at, ChampionShift.objects.count()) == (NOW, 0)
    assert kept() == [(KEY, log_world.manager.pk, "shift", "refused", words)]


def test_other_words_under_a_known_id_are_refused_and_the_first_stand(log_world: LogWorld):
    log_world.send("shift", log_world.shift_body(), key=KEY)
    planned = log_world.plan("late", staff=log_world.second)

    changed = log_world.send("shift", log_world.shift_body(helped=9), key=KEY)
    other_kind = log_world.send("missed", {"shift": planned.pk}, key=KEY)

    words = "This entry was sent before and says something else now. What was sent first stands."
    assert [(each.answer, each.words, each.at) for each in (changed, other_kind)] == [("refused", words, None)] * 2
    assert list(ChampionShift.objects.values_list("staff_helped", "state")) == [(4, "worked"), (None, "planned")]


def test_id_of_somebody_else_is_refused_without_a_word_about_it(log_world: LogWorld):
    log_world.send("shift", log_world.shift_body(), key=KEY)
    other = make.make_member("ward_manager", ward=log_world.ward)

    answer = log_world.send("shift", log_world.shift_body(), key=KEY, by=other)

    assert (answer.answer, answer.words, answer.at, answer.record_id) == (
        "refused",
        "This entry cannot be taken.",
        None,
        None,
    )


def test_unknown_kind_is_refused_and_not_kept(log_world: LogWorld):
    assert log_world.send("lunch", {}).words == "This kind of entry is not known here."
    assert kept() == []


def test_form_that_is_mended_keeps_no_refusal(log_world: LogWorld):
    def send(helped: int) -> str:
        body = log_world.shift_body(helped=helped)
        return take_entry(user=log_world.manager, entry=Entry(KEY, "shift", body, mending=True)).answer

    assert [send(-1), send(3), send(3), send(4)] == ["refused", "accepted", "already", "refused"]
    assert [row[3] for row in kept()] == ["accepted"]


def test_entry_that_came_back_with_a_restored_backup_counts_as_had(log_world: LogWorld):
    log_world.plan(client_id=KEY, state="worked")

    first = log_world.send("shift", log_world.shift_body(champion=log_world.second.pk), key=KEY)
    again = log_world.send("shift", log_world.shift_body(champion=log_world.second.pk), key=KEY)

    assert [first.answer, again.answer, ChampionShift.objects.count()] == ["already", "already", 1]


def test_one_bad_entry_never_blocks_the_next(log_world: LogWorld, monkeypatch: pytest.MonkeyPatch):
    def busy(_sent: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(log_entries, "HANDLERS", {**log_entries.HANDLERS, "missed": busy})
    bodies = [("shift", {}), ("missed", {"shift": 1}), ("shift", log_world.shift_body())]
    entries = [Entry(uuid4(), kind, body) for kind, body in bodies]

    answers = list(take_entries(user=log_world.manager, entries=entries))

    assert [answer.answer for answer in answers] == ["refused", "later", "accepted"]
    assert [row[3] for row in kept()] == ["refused", "accepted"]


@pytest.mark.parametrize(
    ("device_at", "device_now", "said"),
    [
        (None, None, NOW),
        (NOW - timedelta(hours=2), None, NOW - timedelta(hours=2)),
        (NOW + timedelta(hours=2), None, NOW),
        # A clock a day ahead, and one set back between the entry and its sending.
        (NOW + timedelta(days=1, hours=-2), NOW + timedelta(days=1), NOW - timedelta(hours=2)),
        (NOW + timedelta(days=1), NOW, NOW),
    ],
)
def test_wrong_clock_moves_nothing(device_at: datetime | None, device_now: datetime | None, said: datetime):
    assert said_at(Entry(KEY, "issue", {}, device_at, device_now), NOW) == said


def test_device_clock_is_recorded_and_told_where_it_is_off(log_world: LogWorld):
    abroad = datetime.fromisoformat("2026-04-26T03:00:00+09:00")

    def send(minutes: int) -> int | None:
        entry = Entry(uuid4(), "shift", {}, abroad, NOW + timedelta(minutes=minutes))
        return take_entry(user=log_world.manager, entry=entry).skew_minutes

    assert [send(10), send(11), send(-1440)] == [None, 11, -1440]
    row = LogEntry.objects.latest("pk")
    assert (row.device_at, row.device_offset_minutes, row.clock_skew_minutes, row.arrived_at) == (
        datetime(2026, 4, 25, 18, tzinfo=UTC),
        540,
        -1440,
        NOW,
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "lunch"}, "training_logentry_kind"),
        ({"answer": "perhaps"}, "training_logentry_answer"),
        ({"body_hash": "words"}, "training_logentry_hashed"),
        ({"words": "No"}, "training_logentry_words"),
        ({"answer": "refused"}, "training_logentry_words"),
        ({"client_id": KEY}, "client_id"),
    ],
)
def test_database_turns_such_a_row_away(log_world: LogWorld, fields: dict[str, Any], constraint: str):
    row = {"user": log_world.manager, "kind": "shift", "body_hash": "0" * 64, "answer": "accepted"}
    LogEntry.objects.create(client_id=KEY, **row)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LogEntry.objects.create(**{"client_id": uuid4(), **row, **fields})


# At once ------------------------------------------------------------------------------------------------------------


def at_once(user: User, entries: list[Entry], threads: int) -> list[str]:
    """Send entries in parallel; the answers, sorted."""

    def send(entry: Entry) -> str:
        try:
            return take_entry(user=User.objects.get(pk=user.pk), entry=entry).answer
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return sorted(pool.map(send, entries))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tries", [32, pytest.param(10_000, marks=pytest.mark.night)])
def test_nothing_overlaps_and_nothing_comes_twice_under_sixteen_threads(frozen_clock: FrozenClock, tries: int):
    frozen_clock.move_to(NOW)
    world = make_log_world()
    once = Entry(KEY, "shift", world.shift_body())
    starts = [datetime(2026, 4, 25, 8, tzinfo=UTC) + timedelta(minutes=7 * number % 480) for number in range(tries)]
    clashing = [
        Entry(
            uuid4(), "shift", world.timed(f"{at:%H:%M}", f"{at + timedelta(hours=1):%H:%M}", champion=world.second.pk)
        )
        for at in starts
    ]

    same = at_once(world.manager, [once] * 16, 16)
    different = at_once(world.manager, clashing, 16)

    assert same == ["accepted", *["already"] * 15]
    rows = list(
        ChampionShift.objects.filter(staff=world.second).order_by("starts_at").values_list("starts_at", "ends_at")
    )
    assert 1 <= len(rows) == different.count("accepted") <= 9
    assert different.count("accepted") + different.count("refused") == tries
    assert all(before[1] <= after[0] for before, after in pairwise(rows))
    assert LogEntry.objects.count() == tries + 1


# The other kinds ----------------------------------------------------------------------------------------------------


def test_issue_is_raised_for_what_is_live_on_the_ward(log_world: LogWorld):
    body = {"ward": log_world.ward.pk, "words": "The printer prints nothing", "stops_work": True}

    answer = log_world.send("issue", body, key=KEY)

    columns = ("client_id", "deployment", "ward", "raised_at", "stops_work", "words", "category")
    row = (KEY, log_world.deployment.pk, log_world.ward.pk, NOW, True, "The printer prints nothing", "")
    assert (answer.answer, SupportIssue.objects.values_list(*columns).get()) == ("accepted", row)


@pytest.mark.parametrize(
    ("stage", "go_live_in", "accepted"),
    [
        ("preparing", 15, False),
        ("preparing", 14, True),
        ("technical_live", 90, True),
        ("hypercare", -40, True),
        ("embedded", -90, False),
        ("deferred", 3, False),
    ],
)
def test_issues_are_for_what_is_live_or_goes_live_soon(
    log_world: LogWorld, stage: str, go_live_in: int, accepted: bool
):
    day = NOW.date() + timedelta(days=go_live_in)
    type(log_world.deployment).objects.update(stage=stage, actual_go_live_on=None, go_live_on=day)

    answer = log_world.send("issue", {"ward": log_world.ward.pk, "words": "x", "stops_work": False})

    nothing = "Nothing is live on this ward, or goes live soon. Ask the site lead."
    assert (answer.answer, answer.words) == (("accepted", "") if accepted else ("refused", nothing))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"words": " "}, "Say what is wrong"),
        ({"stops_work": "yes"}, "Select whether it stops work"),
        ({"words": "Patient 943 476 5919 fell"}, "This looks like an NHS number."),
    ],
)
def test_issue_is_refused_in_words(log_world: LogWorld, fields: dict[str, Any], words: str):
    body = {"ward": log_world.ward.pk, "words": "x", "stops_work": True, **fields}

    assert log_world.send("issue", body).words[: len(words)] == words


def test_attendance_over_capacity_is_a_fact(log_world: LogWorld):
    session = log_world.session()
    Attendance.objects.create(
        course=session.course, session=session, staff=log_world.champion, on=NOW.date(), state="booked"
    )
    people = [
        {"staff": log_world.champion.pk, "state": "attended", "was": "booked"},
        {"staff": log_world.second.pk, "state": "attended"},
    ]

    answer = log_world.send("attendance", {"session": session.pk, "people": people})

    rows = Attendance.objects.order_by("pk").values_list("staff", "state", "passed", "on")
    assert answer.answer == "accepted"
    assert list(rows) == [(person["staff"], "attended", None, NOW.date()) for person in people]


def test_sheet_is_refused_where_somebody_else_said_otherwise_meanwhile(log_world: LogWorld):
    session = log_world.session()
    Attendance.objects.create(
        course=session.course, session=session, staff=log_world.champion, on=NOW.date(), state="did_not_attend"
    )
    person = {"staff": log_world.champion.pk, "state": "attended", "was": "booked"}

    answer = log_world.send("attendance", {"session": session.pk, "people": [person]})

    assert answer.words == "1 person was marked otherwise meanwhile. Open the sheet and look again."
    assert Attendance.objects.get().state == "did_not_attend"


def test_sheet_names_only_people_and_sessions_that_are_ones_own(log_world: LogWorld):
    session = log_world.session()
    stranger = make.make_staff(log_world.other_ward)

    def send(staff: int, session_id: int) -> str:
        people = [{"staff": staff, "state": "attended"}]
        return log_world.send("attendance", {"session": session_id, "people": people}).words

    elsewhere = log_world.session(site=make.make_site())
    assert send(stranger.pk, session.pk) == "You cannot record the attendance of everybody on this sheet."
    assert send(log_world.champion.pk, elsewhere.pk) == "You cannot record the attendance of this session."
    assert send(log_world.champion.pk, 987_654_321) == "You cannot record the attendance of this session."


def test_passed_is_kept_for_assessed_courses_alone(log_world: LogWorld):
    sessions = [log_world.session(), log_world.session()]
    sessions[1].course.assessed = True
    sessions[1].course.save(update_fields=["assessed"])
    people = [{"staff": log_world.champion.pk, "state": "attended", "passed": True}]

    for session in sessions:
        log_world.send("attendance", {"session": session.pk, "people": people})

    assert list(Attendance.objects.order_by("pk").values_list("passed", flat=True)) == [None, True]


def test_log_in_test_of_a_colleague(log_world: LogWorld):
    body = {
        "ward": log_world.ward.pk,
        "staff": log_world.second.pk,
        "passed": False,
        "reason": "card",
        "device": "Cart 3",
    }

    answers = [log_world.send("access", body), log_world.send("access", {**body, "passed": True})]

    tests = log_world.second.access_checks.order_by("pk").values_list(
        "checked_at", "passed", "reason", "device", "ward"
    )
    assert [answer.answer for answer in answers] == ["accepted", "accepted"]
    assert list(tests) == [
        (NOW, False, "card", "Cart 3", log_world.ward.pk),
        (NOW + timedelta(microseconds=1), True, "", "Cart 3", log_world.ward.pk),
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": ""}, "Select why the log-in did not work"),
        ({"reason": "tired"}, "Select why the log-in did not work"),
        ({"passed": None}, "Select whether the log-in worked"),
        ({"staff": 987_654_321}, "Select somebody who works on this ward"),
        ({"device": "x" * 121}, "Write at most 120 characters"),
    ],
)
def test_log_in_test_is_refused_in_words(log_world: LogWorld, fields: dict[str, Any], words: str):
    body = {"ward": log_world.ward.pk, "staff": log_world.second.pk, "passed": False, "reason": "card", **fields}

    assert log_world.send("access", body).words == words
