"""Gates of a programme: added once, changed by two, retired, and held as they were while a meeting is open."""

import threading
from typing import Any

import pytest
from django.db import connection

from readiness.models import Gate, GateReview
from readiness.services.gate_settings import MARKED, add_gate, add_missing_gates, edit_gate, retire_gate, with_seats
from readiness.standard_gates import STANDARD_GATES
from rollout.models import AuditEntry, Programme, SeatRole, User
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.refusals import CodeTaken, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.make_programme()


@pytest.fixture
def ana() -> User:
    return make.make_user()


def gate_of(programme: Programme, by: User, **fields: Any) -> Gate:
    described = {
        "code": "GO",
        "name": "Go/no-go",
        "kind": "go_live",
        "due_days": 3,
        "minimum_score": 90,
        "seat_ids": [],
    }
    return with_seats(add_gate(programme=programme, by=by, **{**described, **fields}))


def mark(gate: Gate) -> str:
    return mark_of(gate, MARKED)


def seat(code: str) -> int:
    return SeatRole.objects.get_or_create(code=code)[0].pk


def test_gate_is_added_changed_and_retired(programme: Programme, ana: User) -> None:
    sro, lead = seat("sro"), seat("clinical_lead")
    gate = gate_of(programme, ana, seat_ids=[sro])

    edited = edit_gate(gate_id=gate.pk, mark=mark(gate), by=ana, name="Go", minimum_score=None, seat_ids=[sro, lead])
    same = edit_gate(gate_id=gate.pk, mark="0" * 16, by=ana, name="Go")
    retire_gate(gate_id=gate.pk, mark=mark(with_seats(edited)), reason="Not held any more", by=ana)

    gate.refresh_from_db()
    assert (same.name, gate.name, gate.minimum_score, gate.retired_reason) == ("Go", "Go", None, "Not held any more")
    assert set(gate.seats.values_list("pk", flat=True)) == {sro, lead}
    reasons = set(AuditEntry.objects.filter(user=ana, table="readiness_gate").values_list("reason", flat=True))
    assert reasons == {"gate added", "gate changed", "gate retired"}


def test_later_of_two_edits_is_told(programme: Programme, ana: User) -> None:
    gate = gate_of(programme, ana)
    edit_gate(gate_id=gate.pk, mark=mark(gate), by=ana, seat_ids=[seat("sro")])

    with pytest.raises(RecordChanged):
        edit_gate(gate_id=gate.pk, mark=mark(gate), by=make.make_user(), name="Mine")
    with pytest.raises(RecordChanged):
        retire_gate(gate_id=gate.pk, mark=mark(gate), reason="Mine", by=make.make_user())

    assert Gate.objects.get().name == "Go/no-go"


def test_taken_code_is_refused_also_of_a_retired_gate(programme: Programme, ana: User) -> None:
    gate = gate_of(programme, ana)
    retire_gate(gate_id=gate.pk, mark=mark(gate), reason="Gone", by=ana)

    with pytest.raises(CodeTaken):
        gate_of(programme, ana)
    with pytest.raises(Refused, match="retired this gate"):
        edit_gate(gate_id=gate.pk, mark=mark(gate), by=ana, name="Again")
    assert gate_of(make.make_programme(), ana).code == "GO"


def test_open_meeting_keeps_what_it_is_held_by(programme: Programme, ana: User) -> None:
    gate = gate_of(programme, ana)
    site = make.make_deployment(programme=programme, site=make.make_site(name="Alder Hospital"))
    review = GateReview.objects.create(gate=gate, deployment=site, held_on=make.DAY, pack={"day": "2026-03-14"})

    for values in ({"minimum_score": 10}, {"kind": "checkpoint"}, {"seat_ids": [seat("sro")]}):
        with pytest.raises(Refused, match="open at Alder Hospital"):
            edit_gate(gate_id=gate.pk, mark=mark(gate), by=ana, **values)
    with pytest.raises(Refused, match="open at Alder Hospital"):
        retire_gate(gate_id=gate.pk, mark=mark(gate), reason="Gone", by=ana)
    named = edit_gate(gate_id=gate.pk, mark=mark(gate), by=ana, name="Go/no-go meeting")
    GateReview.objects.filter(pk=review.pk).update(outcome="go")

    assert edit_gate(gate_id=gate.pk, mark=mark(with_seats(named)), by=ana, minimum_score=10).minimum_score == 10


def test_missing_standard_gates_are_added_and_own_ones_left(programme: Programme, ana: User) -> None:
    own = gate_of(programme, ana, code="T-90", name="Ours", kind="checkpoint")

    assert add_missing_gates(programme=programme, by=ana) == len(STANDARD_GATES) - 1
    assert add_missing_gates(programme=programme, by=ana) == 0
    own.refresh_from_db()
    assert own.name == "Ours"
    assert set(programme.gates.values_list("code", flat=True)) == {gate.code for gate in STANDARD_GATES}


@pytest.mark.django_db(transaction=True)
def test_standard_gates_asked_for_twice_at_once_are_added_once() -> None:
    programme, people = make.make_programme(), [make.make_user(), make.make_user()]
    found: list[int] = []

    def ask(by: User) -> None:
        try:
            found.append(add_missing_gates(programme=programme, by=by))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(found) == [0, len(STANDARD_GATES)]
