"""Whether the message broker can be reached: asked by the page of the service's health alone."""

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError


def broker_answers() -> bool:
    """Say whether the broker takes a connection and answers. Takes 2 seconds at most where it is silent."""
    try:
        with current_app.connection_for_write() as line:
            line.ensure_connection(max_retries=1, interval_start=0, timeout=2)  # which also asks for a PONG
    except (OperationalError, RedisError, OSError):
        return False
    return True
