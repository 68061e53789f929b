"""What every test may ask for, and what every test is held to."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import TransactionTestCase
from kombu import Connection
from pytest_django import DjangoDbBlocker

from rollout.embedded.valkey import start_valkey
from tests.broker import use_broker
from tests.clock import FrozenClock
from tests.database import RunDatabase
from tests.examples import PROFILE
from tests.logs import ErrorGuard


def pytest_report_header() -> str:
    """How much the property tests try."""
    return f"examples of the property tests: {PROFILE}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, so that of the workers none is left alone with one of them at the end."""
    items.sort(key=lambda item: not is_long(item))


# Files that walk every route, or start the whole site.
LONG_FILES = ("test_leaks", "test_hostile_input", "test_permissions", "test_writing_across", "test_demo")


def is_long(item: pytest.Item) -> bool:
    """Whether a test belongs to a file that takes long."""
    return item.path.stem in LONG_FILES or any(item.get_closest_marker(mark) for mark in ("browser", "faults"))


@pytest.fixture(scope="session")
def run_database(django_db_blocker: DjangoDbBlocker) -> Iterator[RunDatabase]:
    """The database of this run, as other processes may reach it: `run_database.url`, with transactional_db."""
    database = RunDatabase()
    with django_db_blocker.unblock():
        database.make()
    yield database
    with django_db_blocker.unblock():
        database.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, run_database: RunDatabase) -> Iterator[None]:
    """Stands in for pytest-django's fixture of this name.

    After a test that commits Django would empty every table, with what the migrations wrote; a new copy has it all.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: run_database.renew())
        yield


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for what a module shares, undone at its end. Its tests undo what they do, and ask for no `db`."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """A Valkey of this run alone; its address as Celery writes it."""
    with tempfile.TemporaryDirectory(prefix="rollout-") as folder:  # short: a socket's path has few letters
        path = Path(folder, "valkey")
        child = start_valkey(path, Path(folder, "valkey.log"))
        yield f"redis+socket://{path}?virtual_host=0"
        child.terminate()
        child.wait()


@pytest.fixture
def valkey_url(valkey_server: str) -> Iterator[str]:
    """An empty Valkey, which Celery's application uses in this test."""
    with Connection(valkey_server) as line:
        line.default_channel.client.flushall()
    before = use_broker(valkey_server)
    yield valkey_server
    use_broker(before)


@pytest.fixture(autouse=True)
def logged_errors() -> Iterator[ErrorGuard]:
    """Fails a test that logs an error it did not name (`logged_errors.expect("django.request")`)."""
    guard = ErrorGuard()
    root = logging.getLogger()
    root.addHandler(guard)
    yield guard
    root.removeHandler(guard)
    guard.check()


@pytest.fixture
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """Django's clock, standing still: `frozen_clock.move_to(datetime)`, `frozen_clock.forward(minutes=5)`."""
    return FrozenClock(monkeypatch)
