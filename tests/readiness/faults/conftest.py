"""A stage of its own for each test: a fresh database and broker, and Django pointed at them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.broker import use_broker
from tests.database import RunDatabase
from tests.readiness.faults.stage import DATABASE, Stage


@pytest.fixture(scope="session")
def servers(run_database: RunDatabase) -> Iterator[Stage]:
    """The stage with its PostgreSQL, made once."""
    with tempfile.TemporaryDirectory(prefix="rollout-") as folder:  # short: a socket's path has few letters
        stage = Stage(Path(folder))
        stage.make_template(run_database.template)
        yield stage
        stage.clear()
        stage.postgres.stop()


@pytest.fixture
def stage(servers: Stage, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Everything fresh; Django's connection and Celery's application in this process belong to the stage."""
    servers.renew()
    servers.start_broker()
    before = {name: connection.settings_dict[name] for name in ("NAME", "HOST")}
    broker = use_broker(servers.broker)
    connection.close()
    connection.settings_dict.update(NAME=DATABASE, HOST=str(servers.layout.sockets))
    with django_db_blocker.unblock():
        yield servers
        connection.close()
    use_broker(broker)
    connection.settings_dict.update(before)
    servers.clear()
