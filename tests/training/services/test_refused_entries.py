"""What the log refused at its arrival: kept for who manages the place, taken once, dismissed with words, forgotten."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from rollout.choices import ProgrammeState, Role
from rollout.models import AuditEntry, Membership, Programme, SupportIssue, User
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.readers import client_of
from tests.training.log_world import NOW, TODAY, LogWorld, make_log_world
from training.models import AccessCheck, Champion, ChampionShift, LogEntry, RefusedEntry
from training.services.log_entries import Answer, Entry, take_entry
from training.services.refused_entries import DecidedAlready, NotTakenEither, accept_refused, dismiss_refused
from training.services.refused_kept import forget_refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock: FrozenClock) -> LogWorld:
    frozen_clock.move_to(NOW)
    return make_log_world()


@pytest.fixture
def lead(world: LogWorld) -> User:
    return make.make_member(Role.SITE_LEAD, site=world.deployment.site)


@pytest.fixture
def boss(world: LogWorld) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=world.deployment.programme)


def moved(world: LogWorld) -> None:
    """The ward's manager has it no more."""
    Membership.objects.filter(user=world.manager).update(ended_at=NOW)
    world.manager = User.objects.get(pk=world.manager.pk)


def refused(world: LogWorld, kind: str, body: dict[str, Any], *, hours: int = 3, key: UUID | None = None) -> Answer:
    """What was written some hours ago on a phone whose clock is a day fast, and is refused now."""
    fast = NOW + timedelta(days=1)
    entry = Entry(key or uuid4(), kind, body, fast - timedelta(hours=hours), fast)
    answer = take_entry(user=world.manager, entry=entry)
    assert answer.answer == "refused"
    return answer


def test_entry_for_a_ward_lost_since_waits_for_the_lead_and_is_taken_once(world: LogWorld, lead: User):
    moved(world)
    body, key = world.shift_body(), uuid4()
    answer = refused(world, "shift", body, key=key)
    row = RefusedEntry.objects.get()
    assert (row.ward, row.programme, row.site) == (world.ward, world.deployment.programme, world.deployment.site)
    assert (row.said_at, row.body, row.entry.words) == (NOW - timedelta(hours=3), body, "You cannot log for this ward.")

    for _twice in range(2):
        accept_refused(refused_id=row.pk, by=lead)

    made = ChampionShift.objects.get()
    assert (made.staff, made.ward, made.state, made.notes) == (world.champion, world.ward, "worked", body["notes"])
    row.refresh_from_db()
    assert (row.outcome, row.body, row.decided_by, row.decided_at) == ("accepted", None, lead, NOW)
    trail = AuditEntry.objects.filter(table__in=("training_championshift", "training_refusedentry"), user=lead)
    assert list(trail.order_by("pk").values_list("reason", flat=True)) == ["shift logged", "refused entry accepted"]
    # The phone is answered as before; written anew it is a clash, in words.
    again = take_entry(user=world.manager, entry=Entry(key, "shift", body))
    assert (again.answer, again.words) == (answer.answer, answer.words)
    Membership.objects.filter(user=world.manager).update(ended_at=None)
    anew = world.send("shift", body, by=User.objects.get(pk=world.manager.pk))
    assert anew.answer == "refused"
    assert "Already on" in anew.words
    assert ChampionShift.objects.count() == 1


def test_log_in_test_and_issue_are_of_when_they_were_written(world: LogWorld, lead: User):
    moved(world)
    refused(world, "access", {"ward": world.ward.pk, "staff": world.second.pk, "passed": True, "device": "Cart 1"})
    refused(world, "issue", {"ward": world.ward.pk, "words": "No screen", "stops_work": True}, hours=5)

    for row in RefusedEntry.objects.all():
        accept_refused(refused_id=row.pk, by=lead)

    assert AccessCheck.objects.get().checked_at == NOW - timedelta(hours=3)
    assert SupportIssue.objects.get().raised_at == NOW - timedelta(hours=5)


def test_what_is_too_old_or_of_a_programme_that_is_over_its_manager_may_take(world: LogWorld, lead: User, boss: User):
    old = TODAY - timedelta(days=31)
    Champion.objects.update(from_on=old)
    refused(world, "shift", world.shift_body(on=old.isoformat()))
    Programme.objects.update(state=ProgrammeState.CLOSED)
    refused(world, "shift", world.shift_body())
    rows = list(RefusedEntry.objects.order_by("pk"))

    for row in rows:
        with pytest.raises(NotTakenEither):
            accept_refused(refused_id=row.pk, by=lead)
    assert not ChampionShift.objects.exists()
    for row in rows:
        accept_refused(refused_id=row.pk, by=boss)

    assert sorted(ChampionShift.objects.values_list("planned_on", flat=True)) == [old, TODAY]


def test_dismissing_says_why_and_stands(world: LogWorld, lead: User, boss: User):
    moved(world)
    refused(world, "shift", world.shift_body())
    row = RefusedEntry.objects.get()
    stranger = make.make_member(Role.SITE_LEAD, site=make.make_site())

    with pytest.raises(Refused, match="not yours"):
        accept_refused(refused_id=row.pk, by=stranger)
    for _twice in range(2):
        dismiss_refused(refused_id=row.pk, words="On paper already", by=boss)
    with pytest.raises(DecidedAlready, match="dismissed already"):
        accept_refused(refused_id=row.pk, by=lead)

    row.refresh_from_db()
    assert (row.outcome, row.words, row.body, row.decided_by) == ("dismissed", "On paper already", None, boss)
    assert not ChampionShift.objects.exists()


def test_only_what_somebody_there_could_take_is_kept(world: LogWorld, lead: User):
    elsewhere = make_log_world()
    strange = world.shift_body(ward=elsewhere.ward.pk, champion=elsewhere.champion.pk, pattern=None)
    unfinished = world.shift_body(champion=None)
    form = Entry(uuid4(), "shift", elsewhere.shift_body(), mending=True)

    refused(world, "shift", strange)
    refused(world, "shift", unfinished)
    refused(world, "worked", {"shift": 987_654_321})
    refused(world, "issue", {"ward": "1", "words": "x", "stops_work": True})
    assert take_entry(user=world.manager, entry=form).answer == "refused"

    assert world.send("shift", world.shift_body()).answer == "accepted"
    refused(world, "shift", world.shift_body())  # A clash.

    assert LogEntry.objects.filter(answer="refused").count() == 5
    assert not RefusedEntry.objects.exists()


def test_what_nobody_decides_on_lapses_after_thirty_days(world: LogWorld, lead: User, frozen_clock: FrozenClock):
    moved(world)
    refused(world, "shift", world.shift_body())
    row = RefusedEntry.objects.get()
    frozen_clock.move_to(NOW + timedelta(days=30))
    assert forget_refused() == 0

    frozen_clock.move_to(NOW + timedelta(days=30, seconds=1))
    assert [forget_refused(), forget_refused()] == [1, 0]

    row.refresh_from_db()
    assert (row.outcome, row.body) == ("lapsed", None)
    with pytest.raises(DecidedAlready, match="lapsed already"):
        accept_refused(refused_id=row.pk, by=lead)
    with pytest.raises(IntegrityError, match="refusedentry_decided"), transaction.atomic():
        RefusedEntry.objects.update(outcome="")


def test_pages_show_it_to_who_manages_the_place_and_take_the_decision(world: LogWorld, lead: User):
    marked = world.plan(starts_at=NOW - timedelta(hours=11), ends_at=NOW - timedelta(hours=4))
    moved(world)
    refused(world, "shift", world.shift_body(champion=world.second.pk))
    refused(world, "worked", {"shift": marked.pk, "helped": 7})
    client, code = client_of(lead), world.deployment.programme.code
    page = f"/p/{code}/log/refused/"

    rows = table(client.get(page).text, "refused")
    assert [[row[0], row[3], row[4]] for row in rows] == [
        ["Another shift", str(world.manager), "You cannot log for this ward."],
        ["Shift worked", str(world.manager), "You cannot log this shift."],
    ]
    assert "Accept or dismiss" in words(client.get("/").text)
    first, second = RefusedEntry.objects.order_by("pk")
    told = words(client.get(f"{page}{first.pk}/").text)
    assert "Ben" in told
    assert "early (7am to 3pm)" in told
    assert "Printed the guide" in told
    assert "Ada: 25 April 2026" in words(client.get(f"{page}{second.pk}/").text)
    wrong = client.post(f"{page}{first.pk}/", {"become": "dismiss", "words": ""})
    assert wrong.status_code == 422
    assert "Say why it is dismissed" in words(wrong.text)
    assert client.post(f"{page}{first.pk}/", {"become": "dismiss", "words": "Twice"}).status_code == 302
    assert client.post(f"{page}{second.pk}/", {"become": "accept"})["Location"] == page
    marked.refresh_from_db()
    assert (marked.state, marked.staff_helped) == ("worked", 7)
    assert "Nothing was refused" in words(client.get(page).text)
    late = client.post(f"{page}{first.pk}/", {"become": "accept"})
    assert late.status_code == 422
    assert "dismissed already" in words(late.text)


def test_pages_cost_the_same_for_one_entry_and_for_three(world: LogWorld, lead: User):
    moved(world)
    client, page = client_of(lead), f"/p/{world.deployment.programme.code}/log/refused/"
    costs: dict[str, list[int]] = {page: [], "/": []}
    for number in (1, 3):
        while RefusedEntry.objects.count() < number:
            refused(world, "shift", world.shift_body())
        for address, found in costs.items():
            client.get(address)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            found.append(len(caught))

    assert all(first == third <= 25 for first, third in costs.values())
