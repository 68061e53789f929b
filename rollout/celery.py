"""The Celery application. Its settings are Django's, named CELERY_…"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_process_init
from django.conf import settings

from rollout.embedded.client import join
from rollout.embedded.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollout.settings")

app = Celery("rollout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


# The process of the worker itself, which forks those of its pool.
_worker = 0


@celeryd_init.connect
@beat_init.connect
def join_embedded_servers(**_kwargs: Any) -> None:
    """A worker asks the broker before the database: have the embedded one running, unless REDIS_URL names another."""
    if settings.EMBEDDED.valkey_url == settings.CELERY_BROKER_URL:
        join(settings.EMBEDDED)


@celeryd_init.connect
def remember_the_worker(**_kwargs: Any) -> None:
    """For the children of its pool."""
    global _worker
    _worker = os.getpid()


@worker_process_init.connect
def end_with_the_worker(**_kwargs: Any) -> None:
    """A child of the pool has the worker's connections, also the one that keeps the embedded servers running: when the
    worker is killed in the middle of a task, nobody else would end it. What it was doing is rolled back.
    """
    end_with_parent(_worker)
