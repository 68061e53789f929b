"""The Celery application. Its settings are Django's, named CELERY_…"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init
from django.conf import settings

from rollout.embedded.client import join

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollout.settings")

app = Celery("rollout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def join_embedded_servers(**_kwargs: Any) -> None:
    """A worker asks the broker before the database: have the embedded one running, unless REDIS_URL names another."""
    if settings.EMBEDDED.valkey_url == settings.CELERY_BROKER_URL:
        join(settings.EMBEDDED)
