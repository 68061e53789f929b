"""What the application's role may and may not do, tried on the database."""

import pytest
from django.db import ProgrammingError, connection, transaction

from rollout.grants import APPEND_ONLY
from rollout.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_audit_is_append_only(table: str, statement: str) -> None:
    denied = pytest.raises(ProgrammingError, match="permission denied")

    with denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE rollout_organisation",
        "ALTER TABLE rollout_organisation ADD COLUMN mine int",
        "TRUNCATE rollout_organisation CASCADE",
        "ALTER TABLE rollout_organisation DISABLE TRIGGER ALL",
        "DELETE FROM django_migrations",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_application_role_changes_no_tables(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_application_role_reads_and_writes_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        who = cursor.fetchone()

    assert who == ("rollout_app", "rollout_owner")
    assert Organisation.objects.filter(code="nobody").delete()[0] == 0


@pytest.mark.django_db(transaction=True)
def test_migrated_rows_survive_a_test_that_commits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE staging (id int)")
        cursor.execute("SELECT count(*) > 20 FROM django_migrations")
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
def test_migrated_rows_are_there_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) > 20, to_regclass('staging') IS NULL FROM django_migrations")
        assert cursor.fetchone() == (True, True)
