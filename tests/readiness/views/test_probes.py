"""The two questions of a load balancer, answered without a log-in and without a word about anybody."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from readiness.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_live_answers_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live/")

    assert (response.status_code, response.json()) == (200, {"status": "live"})


def test_ready_names_what_is_late_and_stays_ready(client):
    now = timezone.now()
    Heartbeat.objects.create(name="worker", seen_at=now - timedelta(minutes=5))
    Heartbeat.objects.create(name="tick", seen_at=now)

    response = client.get("/health/ready/")

    assert (response.status_code, response.json()) == (200, {"status": "ready", "late": ["Worker"]})


def test_ready_without_the_database_is_503_and_says_when_to_ask_again(client, monkeypatch, logged_errors):
    logged_errors.expect("django.request")

    def away():
        raise OperationalError

    monkeypatch.setattr(connection, "ensure_connection", away)

    response = client.get("/health/ready/")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json() == {"status": "not ready", "late": ["database"]}


@pytest.mark.parametrize("address", ["/health/live/", "/health/ready/"])
def test_probes_refuse_to_be_posted_to(client, address):
    assert client.post(address).status_code == 405
