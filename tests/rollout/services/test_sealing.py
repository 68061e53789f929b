"""The audit trail sealed in batches: nothing on its way is passed over, and nothing changed later goes unseen."""

import random
import time
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from rollout.models import AuditEntry, AuditMark, AuditSeal, Organisation
from rollout.services import sealing
from rollout.services.sealing import seal_trail, seal_up_to, settled_up_to, verify_trail
from tests.database import RunDatabase


def changes(number: int, first: int = 0) -> None:
    """So many entries of the trail, in one statement."""
    rows = [Organisation(code=f"ORG-{first + each}", name="Aldermoor") for each in range(number)]
    Organisation.objects.bulk_create(rows)


def newest_entry() -> int:
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]


@pytest.fixture
def sealed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty entries under five seals."""
    monkeypatch.setattr(sealing, "BATCH", 10)
    changes(50 - AuditEntry.objects.count())
    seal_up_to(newest_entry())


def test_entries_are_sealed_in_batches_and_once(sealed: None):
    seals = list(AuditSeal.objects.values_list("number", "entries"))
    changes(3, first=50)

    assert seals == [(number, 10) for number in range(1, 6)]
    assert seal_up_to(newest_entry()) == 3
    assert seal_up_to(newest_entry()) == 0
    verdict = verify_trail()
    assert (verdict.seals, verdict.entries, verdict.unsealed, verdict.broken) == (6, 53, 0, ())
    assert verdict.newest == AuditSeal.objects.get(number=6).digest


def test_seal_does_not_depend_on_the_session(sealed: None):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL extra_float_digits = -15")

    assert verify_trail().broken == ()


TAMPERINGS = (
    "UPDATE rollout_auditentry SET reason = 'Nothing' WHERE id = {id}",
    "UPDATE rollout_auditentry SET user_id = 7 WHERE id = {id}",
    "UPDATE rollout_auditentry SET at = at - interval '1 microsecond' WHERE id = {id}",
    """UPDATE rollout_auditentry SET after = after || '{{"region": "South"}}' WHERE id = {id}""",
    "UPDATE rollout_auditentry SET action = 'delete' WHERE id = {id}",
    "UPDATE rollout_auditentry SET \"table\" = 'rollout_site' WHERE id = {id}",
    "DELETE FROM rollout_auditentry WHERE id = {id}",
    """WITH gone AS (DELETE FROM rollout_auditentry WHERE id = {id} RETURNING *)
    INSERT INTO rollout_auditentry (id, at, "table", row_id, action, after)
    SELECT id + 1000000, at, "table", row_id, action, after FROM gone""",
    "UPDATE rollout_auditseal SET digest = repeat('0', 64) WHERE after_id < {id} AND last_id >= {id}",
    "DELETE FROM rollout_auditseal WHERE after_id < {id} AND last_id >= {id}",
)


def test_every_tampering_is_found(sealed: None):
    chance = random.Random(7)
    ids = list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))
    found = []
    for number in range(100):
        before = transaction.savepoint()
        with connection.cursor() as cursor:
            # As somebody who gets past the rights of the application; undone with the savepoint.
            cursor.execute("RESET ROLE")
            cursor.execute(TAMPERINGS[number % len(TAMPERINGS)].format(id=chance.choice(ids[:-10])))
            assert cursor.rowcount == 1
        found.append(bool(verify_trail().broken))
        transaction.savepoint_rollback(before)

    assert found == [True] * 100
    assert verify_trail().broken == ()


def test_command_names_the_broken_seal_and_fails(sealed: None):
    said, complained = StringIO(), StringIO()
    call_command("verify_audit", stdout=said)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DELETE FROM rollout_auditentry WHERE id = %s", [newest_entry()])

    with pytest.raises(CommandError, match="behind the back"):
        call_command("verify_audit", stdout=said, stderr=complained)

    newest = AuditSeal.objects.get(number=5)
    assert said.getvalue().splitlines()[:2] == [
        "50 entries under 5 seals, 0 not sealed yet.",
        f"Every seal is whole. The newest, number 5: {newest.digest}",
    ]
    assert complained.getvalue() == (
        f"Seal 5 is broken (entries {newest.after_id + 1} to {newest.last_id}): entries missing or added.\n"
    )


def test_trail_without_a_seal_is_whole(db: None):
    said, unsealed = StringIO(), AuditEntry.objects.count()
    call_command("verify_audit", stdout=said)

    assert verify_trail().broken == ()
    assert said.getvalue() == f"0 entries under 0 seals, {unsealed} not sealed yet.\n"


@pytest.mark.django_db(transaction=True)
def test_entry_on_its_way_is_not_passed_over(run_database: RunDatabase):
    with psycopg.connect(run_database.url) as slow:
        slow.execute(
            "INSERT INTO rollout_organisation (code, name, kind, region, retired_reason) "
            "VALUES ('SLOW', 'Beck', '', '', '')"
        )
        changes(3)
        before = AuditEntry.objects.count()
        waited = [seal_trail() for _minute in range(3)]
        slow.commit()

    assert waited == [0, 0, 0]
    assert eventually_sealed() == before + 1
    assert verify_trail().broken == ()


@pytest.mark.django_db(transaction=True)
def test_mark_of_another_server_is_noted_anew():
    changes(2)
    AuditMark.objects.create(pk=1, last_id=10**12, transaction=2**60)

    with transaction.atomic():
        assert settled_up_to() == 0
    assert eventually_sealed() == AuditEntry.objects.count()


def eventually_sealed() -> int:
    """How many entries are sealed within 30 seconds: transactions of other databases of the server end meanwhile."""
    sealed, until = seal_trail(), time.monotonic() + 30
    while not sealed and time.monotonic() < until:
        sealed = seal_trail()
    return sealed
