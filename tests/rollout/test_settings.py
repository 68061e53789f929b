"""Settings that a fault would show only later: what the worker and the connections promise."""

import pytest
from django.conf import settings
from django.db import connection
from kombu import Connection

from rollout.celery import app


def test_task_ends_before_the_broker_gives_it_away() -> None:
    """The broker obeys the lowest of the three, so all three must be above the hard limit."""
    timeouts = {
        app.conf.broker_transport_options["visibility_timeout"],
        app.conf.result_backend_transport_options["visibility_timeout"],
        app.conf["visibility_timeout"],
    }

    assert timeouts == {900}
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit == 600 < min(timeouts)


def test_lost_worker_loses_no_task() -> None:
    names = ("task_acks_late", "task_reject_on_worker_lost", "worker_prefetch_multiplier", "task_ignore_result")

    assert {name: app.conf[name] for name in names} == {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_ignore_result": True,
    }
    assert app.conf.worker_soft_shutdown_timeout == 30


def test_channel_takes_the_options(valkey_url: str) -> None:
    """An option that is misspelled would be dropped without a word."""
    with Connection(valkey_url, transport_options=app.conf.broker_transport_options) as line:
        channel = line.default_channel

        taken = {name: getattr(channel, name) for name in app.conf.broker_transport_options}

    assert taken == app.conf.broker_transport_options
    assert (channel.unacked_restore_interval, channel.unacked_restore_throttle) == (10, 1)


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    app.finalize()

    missing = [entry["task"] for entry in app.conf.beat_schedule.values() if entry["task"] not in app.tasks]

    assert missing == []
    assert app.conf.enable_utc
    assert app.conf.timezone == "UTC"


@pytest.mark.django_db
def test_connection_cannot_wait_for_ever() -> None:
    names = ("lock_timeout", "idle_in_transaction_session_timeout", "TimeZone")

    with connection.cursor() as cursor:
        shown = []
        for name in names:
            cursor.execute("SELECT current_setting(%s)", [name])
            shown.append(cursor.fetchone()[0])

    assert shown == ["3s", "10min", "UTC"]
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]
