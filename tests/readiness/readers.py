"""Reading the pages of the worlds as somebody, at noon of their day."""

import csv
import io
from datetime import UTC, datetime

from django.test import Client

from rollout.choices import Role
from rollout.models import Programme, User
from tests import factories as make
from tests.readiness.records import DAY

NOON = datetime(DAY.year, DAY.month, DAY.day, 12, 0, tzinfo=UTC)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_manager() -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=Programme.objects.get()))


def csv_of(client: Client, address: str, name: str) -> list[list[str]]:
    answer = client.get(address, {"download": "csv", "table": name})
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
