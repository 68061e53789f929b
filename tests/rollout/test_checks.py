"""The check of the database role, against real roles."""

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from rollout.checks import check_application_role
from rollout.embedded.layout import APPLICATION_ROLE, OWNER_ROLE


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "found"), [(APPLICATION_ROLE, []), (OWNER_ROLE, ["rollout.W005"])])
def test_role_that_may_change_tables_is_named(role: str, found: list[str], settings: Settings) -> None:
    settings.LOCAL = False
    settings.APPLICATION_DATABASE_ROLE = role

    assert [message.id for message in check_application_role(databases=["default"])] == found


@pytest.mark.django_db
@pytest.mark.parametrize(("local", "databases"), [(True, ["default"]), (False, None), (False, ["other"])])
def test_database_is_not_asked_without_need(
    local: bool,
    databases: list[str] | None,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.LOCAL = local

    with django_assert_num_queries(0):
        found = check_application_role(databases=databases)

    assert found == []
