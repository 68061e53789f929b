"""The technical admin gives nothing away that opens a door, and asks for nothing that is not there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.models import Seat, SeatRole
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


def test_list_names_what_its_rows_name_without_a_query_a_row(administrator: Client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get("/django-admin/rollout/seat/").status_code == 200
        return len(captured)

    programme = make.make_programme()
    Seat.objects.create(programme=programme, role=SeatRole.objects.create(code="sro"))
    administrator.get("/django-admin/rollout/seat/")  # the first request of a log-in also writes its session
    one = queries()
    for code in ("ccio", "cnio"):
        Seat.objects.create(programme=programme, role=SeatRole.objects.create(code=code))

    assert (one == queries(), one <= 25) == (True, True)


def test_secrets_are_not_shown(administrator: Client):
    user = make.make_user(password="argon2$not-to-be-read")

    text = administrator.get(f"/django-admin/rollout/user/{user.pk}/change/").text

    assert (user.email in text, "argon2" in text) == (True, False)


def test_pages_have_the_icon_of_the_service(administrator: Client):
    assert 'rel="icon"' in administrator.get("/django-admin/").text
