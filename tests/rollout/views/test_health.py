"""What the machine that runs the site is told."""

import pytest
from celery import Celery
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from rollout.views import health
from tests.logs import ErrorGuard


def test_live_asks_nobody(client: Client) -> None:
    """No database is allowed in this test, so a question to it would fail."""
    response = client.get(reverse("rollout:health-live"))

    assert (response.status_code, response.json()) == (200, {"live": True})


@pytest.mark.django_db
def test_ready_with_everything_there(client: Client, valkey_url: str) -> None:
    response = client.get(reverse("rollout:health-ready"))

    assert (response.status_code, response.json()) == (200, {"ready": True, "database": True, "broker": True})


@pytest.mark.django_db
def test_ready_without_a_broker_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "app", Celery(broker="redis+socket:///nowhere/valkey?virtual_host=0"))

    response = client.get(reverse("rollout:health-ready"))

    assert (response.status_code, response.json()) == (200, {"ready": True, "database": True, "broker": False})


@pytest.mark.django_db
def test_not_ready_without_the_database(
    client: Client, valkey_url: str, logged_errors: ErrorGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged_errors.expect("django.request")

    def broken() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(health.connection, "cursor", broken)

    response = client.get(reverse("rollout:health-ready"))

    assert (response.status_code, response.json()) == (503, {"ready": False, "database": False, "broker": True})


@pytest.mark.parametrize("name", ["health-live", "health-ready"])
def test_health_is_only_read(name: str, client: Client) -> None:
    assert client.post(reverse(f"rollout:{name}")).status_code == 405
