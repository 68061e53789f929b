"""The technical admin gives nothing away that opens a door, and asks for nothing that is not there."""

import pytest
from django.test import Client

from rollout.choices import Role
from tests import factories as make
from tests.logs import ErrorGuard

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


@pytest.mark.parametrize(
    "asked",
    [
        "user/?password__startswith=argon2",
        "user/?password=x",
        "signin/?session_key__startswith=a",
        "signin/?session_key__gt=a",
        "calendartoken/?token_hash__startswith=a",
        "membership/?user__password__startswith=a",
    ],
)
def test_what_nobody_may_read_is_no_filter(asked: str, administrator: Client, logged_errors: ErrorGuard):
    logged_errors.expect("django.security.DisallowedModelAdminLookup")

    assert administrator.get(f"/django-admin/rollout/{asked}").status_code == 400


def test_what_may_be_read_is_a_filter(administrator: Client):
    answer = administrator.get("/django-admin/rollout/user/?email__startswith=nobody")

    assert answer.status_code == 200
    assert "0 users" in answer.text


def test_pages_have_the_icon_of_the_service(administrator: Client):
    assert 'rel="icon"' in administrator.get("/django-admin/").text
