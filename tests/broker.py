"""Celery's application of the tests, pointed at a broker."""

from kombu import pools

from rollout.celery import app


def use_broker(url: str) -> str:
    """Send tasks to this broker from now on, over new lines. Gives the broker before it."""
    before: str = app.conf.broker_url
    pools.reset()
    app._after_fork()  # as in a forked child: the application forgets its pools
    app.conf.broker_url = url
    return before
