"""Two phones and the service, driven at random: whatever is lost, repeated or altered, each entry counts once.

The phones queue shifts of one champion and send them; replies are lost, everything is sent again in any order, bodies
are altered under a known id, somebody else logs in, the log-in ends. A model of a few lines says what must be.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from rollout.choices import Role
from rollout.models import User
from tests import examples
from tests import factories as make
from tests.training.log_world import TODAY, LogWorld, make_log_world
from training.dashboards.log_state import owner_id
from training.models import ChampionShift, LogEntry

PHONES, WRITERS = 2, 2
SMALL = examples.PROFILE == "day"
HEALTHY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
FEW = settings(
    max_examples=20 if SMALL else 500,
    stateful_step_count=20 if SMALL else 50,
    deadline=None,
    derandomize=SMALL,
    suppress_health_check=HEALTHY,
)
phones, writers = st.integers(0, PHONES - 1), st.integers(0, WRITERS - 1)


@dataclass
class Phone:
    """A phone: who is logged in on it (None: nobody), what it has to send, and what it ever made."""

    client: Client = field(default_factory=Client)
    who: int | None = None
    queue: list[dict[str, Any]] = field(default_factory=list)
    made: list[dict[str, Any]] = field(default_factory=list)


class Queue(RuleBasedStateMachine):
    """The phones, the service, and beside them the model: the first answer of each id, and the hours that are taken."""

    def __init__(self, world: LogWorld, people: list[User]) -> None:
        super().__init__()
        self.world, self.people = world, people
        self.phones = [Phone() for _each in range(PHONES)]
        self.first: dict[str, str] = {}
        self.taken: list[tuple[int, int]] = []
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        """Nothing of an example stays."""
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize()
    def both_write_the_same_hours(self) -> None:
        """So that even the shortest example has something to send."""
        for phone in range(PHONES):
            self.log_in(phone, phone)
            self.write(phone, 1, 2)

    @rule(phone=phones, who=writers)
    def log_in(self, phone: int, who: int) -> None:
        """Somebody takes the phone: what is on it stays whose it was."""
        self.phones[phone].client.force_login(self.people[who])
        self.phones[phone].who = who

    @rule(phone=phones)
    def log_in_ends(self, phone: int) -> None:
        self.phones[phone].client.logout()
        self.phones[phone].who = None

    @rule(phone=phones, begins=st.integers(0, 7), hours=st.integers(1, 3))
    def write(self, phone: int, begins: int, hours: int) -> None:
        """A shift of today, from 6am on; the hours overlap now and then."""
        here = self.phones[phone]
        if here.who is None:
            return
        span = (6 + begins, 6 + begins + hours)
        body = self.world.timed(f"{span[0]:02}:00", f"{span[1]:02}:00")
        entry = {
            "client_id": str(uuid4()),
            "kind": "shift",
            "owner": owner_id(self.people[here.who]),
            "device_at": "2026-04-25T17:30:00+01:00",
            "body": body,
        }
        here.queue.append(entry)
        here.made.append(entry)

    @rule(phone=phones, most=st.integers(1, 4), lost=st.booleans(), altered=st.booleans())
    def send(self, phone: int, most: int, *, lost: bool, altered: bool) -> None:
        """The first of the queue go; without the reply they stay, and go again later, perhaps with other words."""
        here = self.phones[phone]
        answers = self.post(here, here.queue[:most])
        for entry, answer in zip(here.queue[:most], answers, strict=False):
            if not lost and answer in ("accepted", "already", "refused"):
                here.queue.remove(entry)
        if altered:
            self.send_altered(phone, 9)

    @rule(phone=phones, order=st.randoms(use_true_random=False))
    def send_everything_again(self, phone: int, order: Any) -> None:
        """A phone that was restored: all it ever made, in any order."""
        here = self.phones[phone]
        self.post(here, order.sample(here.made, len(here.made)))

    @rule(phone=phones, helped=st.integers(5, 9))
    def send_altered(self, phone: int, helped: int) -> None:
        """Other words under the ids of what is known to have come: refused, and what came first stands."""
        here = self.phones[phone]
        if here.who is None:
            return
        own = owner_id(self.people[here.who])
        known = [entry for entry in here.made if entry["client_id"] in self.first]
        answers = self.ask(here, [{**entry, "body": {**entry["body"], "helped": helped}} for entry in known])
        assert answers == ["refused" if entry["owner"] == own else "not_yours" for entry in known]

    @rule(phone=phones, other=phones, which=st.integers(0, 100))
    def send_of_the_other_phone_as_mine(self, phone: int, other: int, which: int) -> None:
        """A hostile phone signs somebody else's id with its own name."""
        here, made = self.phones[phone], self.phones[other].made
        if here.who is None or not made:
            return
        entry, own = made[which % len(made)], owner_id(self.people[here.who])
        if entry["owner"] != own and entry["client_id"] in self.first:
            assert self.ask(here, [{**entry, "owner": own}]) == ["refused"]

    def post(self, here: Phone, sent: list[dict[str, Any]]) -> list[str]:
        """Send entries as they are, and hold the answers to the model."""
        if not sent:
            return []
        answers = self.ask(here, sent)
        if here.who is None:
            assert answers == []
            return answers
        own = owner_id(self.people[here.who])
        assert answers == [self.expected(entry) if entry["owner"] == own else "not_yours" for entry in sent]
        return answers

    def expected(self, entry: dict[str, Any]) -> str:
        """What the service has to say, and from then on always."""
        known = self.first.get(entry["client_id"])
        if known is None:
            begins, ends = (int(entry["body"][name][:2]) for name in ("starts", "ends"))
            free = not any(start < ends and begins < end for start, end in self.taken)
            if free:
                self.taken.append((begins, ends))
            known = self.first[entry["client_id"]] = "accepted" if free else "refused"
            return known
        return "already" if known == "accepted" else "refused"

    def ask(self, here: Phone, sent: list[dict[str, Any]]) -> list[str]:
        """The answers of a request; none where nobody is logged in."""
        body = {"device_now": "2026-04-25T18:00:00+01:00", "entries": sent}
        answer = here.client.post("/log/entries/", json.dumps(body), content_type="application/json")
        assert answer.status_code == (401 if here.who is None else 200)
        return [each["answer"] for each in answer.json().get("answers", [])]

    @invariant()
    def each_entry_counts_once(self) -> None:
        """The rows are those of the model: one an id, no two hours twice; and no phone lost what was never answered."""
        day = datetime.combine(TODAY, time(), UTC) - timedelta(hours=1)
        rows = ChampionShift.objects.order_by("pk").values_list("starts_at", "ends_at", "staff_helped")
        assert list(rows) == [(day + timedelta(hours=a), day + timedelta(hours=b), 4) for a, b in self.taken]
        kept = LogEntry.objects.order_by("pk").values_list("client_id", "answer")
        assert {str(client_id): answer for client_id, answer in kept} == self.first
        for phone in self.phones:
            waiting = {entry["client_id"] for entry in phone.queue}
            assert {entry["client_id"] for entry in phone.made} - waiting <= self.first.keys()


@pytest.fixture(scope="module")
def world(module_db: None) -> LogWorld:
    return make_log_world()


def test_whatever_happens_on_the_way_each_entry_counts_once(world: LogWorld):
    people = [world.manager, make.make_member(Role.WARD_MANAGER, ward=world.ward)]
    now = datetime.combine(TODAY, time(17), UTC)

    class Here(Queue):
        def __init__(self) -> None:
            super().__init__(world, people)

    with patch.object(timezone, "now", lambda: now):
        run_state_machine_as_test(Here, settings=FEW)
