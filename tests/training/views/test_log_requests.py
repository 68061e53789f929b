"""What phones ask and send: one JSON form of errors, answers in order, nothing taken under another person's name."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.training.log_world import NOW, TODAY, LogWorld
from training.dashboards.log_state import owner_id
from training.models import Attendance, ChampionShift, LogEntry

Post = Callable[..., Any]
# Of a logged shift: its lock and answer, savepoints, who and why, the champion held and asked, clashes, the shift.
STATEMENTS = 18


@pytest.fixture
def post(log_world: LogWorld) -> Post:
    """Send a body as the ward manager's phone."""
    client = Client()
    client.force_login(log_world.manager)

    def send(body: Any, kind: str = "application/json") -> HttpResponse:
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.post("/log/entries/", content, content_type=kind)

    return send


def entry_of(world: LogWorld, **fields: Any) -> dict[str, Any]:
    entry = {
        "client_id": str(uuid4()),
        "kind": "shift",
        "owner": owner_id(world.manager),
        "device_at": "2026-04-25T17:30:00+01:00",
        "body": world.shift_body(),
    }
    return {name: value for name, value in {**entry, **fields}.items() if value is not ...}


def test_entries_are_answered_in_their_order_each_on_its_own(log_world: LogWorld, post: Post):
    good = entry_of(log_world)
    entries = [
        entry_of(log_world, body={}),
        good,
        good,
        entry_of(log_world, owner="f" * 32),
        entry_of(log_world, client_id="x" * 1000),
        entry_of(log_world, client_id=...),
        entry_of(log_world, device_at="2026-04-25T17:30:00"),
        entry_of(log_world, kind=7),
        entry_of(log_world, body=[]),
    ]

    said = post({"entries": entries, "device_now": (NOW + timedelta(minutes=20)).isoformat()}).json()

    answers = [(answer["answer"], answer["client_id"]) for answer in said["answers"]]
    unreadable = [entry.get("client_id") for entry in entries[6:]]
    assert answers == [
        ("refused", entries[0]["client_id"]),
        ("accepted", good["client_id"]),
        ("already", good["client_id"]),
        ("not_yours", entries[3]["client_id"]),
        ("refused", None),
        ("refused", None),
        *(("refused", number) for number in unreadable),
    ]
    assert said["sent_at"] == NOW.isoformat()
    assert [answer.get("skew_minutes") for answer in said["answers"][:3]] == [20, 20, 20]
    assert (ChampionShift.objects.count(), LogEntry.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (" ", "application/json", 400),
        ("{", "application/json", 400),
        ('{"entries": [],}', "application/json", 400),
        ('{"entries": [], "entries": []}', "application/json", 400),
        ('{"entries": [NaN]}', "application/json", 400),
        ('{"entries": [{"body": {"helped": 1e400}}]}', "application/json", 400),
        ('{"entries": [' + "9" * 5000 + "]}", "application/json", 400),
        ("[" * 10_000, "application/json", 400),
        (b'{"entries": ["\xff"]}', "application/json", 400),
        ("[]", "application/json", 400),
        ("{}", "application/json", 400),
        ('{"entries": {}}', "application/json", 400),
        ('{"entries": [7]}', "application/json", 400),
        ({"entries": [{}] * 101}, "application/json", 400),
        ("{}", "text/plain", 415),
        ("entries=1", "application/x-www-form-urlencoded", 415),
        ('{"entries": ["' + "x" * (256 * 1024) + '"]}', "application/json", 413),
        ('{"entries": ["' + "x" * (1_126 * 1024) + '"]}', "application/json", 413),
    ],
)
def test_what_is_no_list_of_entries_is_refused_in_one_form(post: Post, body: Any, kind: str, status: int):
    answer = post(body, kind)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail", "reference"} == set(answer.json())
    assert LogEntry.objects.count() == 0


def test_without_log_in_and_without_token_is_said_in_json(log_world: LogWorld):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(log_world.manager)
    token = strict.get("/log/state/").json()["csrf_token"]
    body = json.dumps({"entries": [entry_of(log_world)]})

    def status(client: Client, **headers: str) -> tuple[int, str]:
        answer = client.post("/log/entries/", body, content_type="application/json", headers=headers)
        return answer.status_code, answer.headers["Content-Type"]

    problem = "application/problem+json"
    assert status(Client()) == (401, problem)
    assert status(strict) == (403, problem)
    assert status(strict, **{"X-CSRFToken": token}) == (200, "application/json")
    assert Client().get("/log/state/").status_code == 401


def test_each_entry_more_costs_the_same_few_statements(log_world: LogWorld, post: Post):
    days = iter(range(30))

    def statements(number: int) -> int:
        bodies = [log_world.shift_body(on=(TODAY - timedelta(days=next(days))).isoformat()) for _each in range(number)]
        with CaptureQueriesContext(connection) as queries:
            said = post({"entries": [entry_of(log_world, body=body) for body in bodies], "device_now": NOW.isoformat()})
        assert [answer["answer"] for answer in said.json()["answers"]] == ["accepted"] * number
        return len(queries)

    statements(1)
    first, five = statements(1), statements(5)

    # What is the same for all of them is read once: the ward, the pattern, the programme, who the champion is.
    assert (first <= 28, five - first) == (True, 4 * STATEMENTS)


@pytest.mark.parametrize("more", [1, 3])
def test_state_is_what_a_phone_keeps_and_costs_as_much_for_more(
    log_world: LogWorld, more: int, django_assert_num_queries: Any
):
    world = log_world
    for number in range(more):
        make.make_staff(world.ward, name=f"More {number}")
        session = world.session()
        Attendance.objects.create(course=session.course, session=session, staff=world.second, on=TODAY, state="booked")
    shift = world.plan("late")
    done = world.send("shift", world.shift_body(champion=world.second.pk), key=uuid4())
    client = Client()
    client.force_login(world.manager)

    with django_assert_num_queries(14):
        answer = client.get("/log/state/", {"ids": f"{done.client_id},{uuid4()},nonsense"})

    state = answer.json()
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert [ward["id"] for ward in state["wards"]] == [world.ward.pk]
    assert [row["support_number"] for row in state["programmes"]] == ["0300 555 0100"]
    assert [(row["name"], row["starts"], row["ends"]) for row in state["patterns"]] == [
        ("Early", "07:00", "15:00"),
        ("Late", "15:00", "22:30"),
        ("Night", "23:00", "07:00"),
    ]
    assert [(row["name"], row["self"]) for row in state["champions"]] == [("Ada", False), ("Ben", False)]
    assert (shift.pk, "planned", "2026-04-25T15:00:00+01:00") in [
        (row["id"], row["state"], row["starts_at"]) for row in state["shifts"]
    ]
    assert [len(row["people"]) for row in state["sessions"]] == [1] * more
    assert state["receipts"] == {str(done.client_id): {"answer": "accepted", "at": NOW.isoformat()}}


def test_state_holds_no_name_for_those_who_stand_on_no_ward(log_world: LogWorld):
    log_world.plan()
    for role in ("board_member", "signatory", "trainer", "programme_manager"):
        client = Client()
        client.force_login(make.make_member(role, programme=log_world.deployment.programme))
        text = client.get("/log/state/").text
        assert not {"Ada", "Ben"} & set(text.replace('"', " ").split())


def test_owner_says_nothing_of_the_person_and_never_changes(log_world: LogWorld):
    other = make.make_user()

    assert owner_id(log_world.manager) == owner_id(log_world.manager) != owner_id(other)
    assert len(owner_id(other)) == 32
