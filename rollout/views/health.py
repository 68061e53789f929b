"""Two questions of the machine that runs the site: is this process alive, and can it serve people?"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from rollout.celery import app

logger = logging.getLogger(__name__)
BROKER_SECONDS = 1


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Whether the process answers at all; it asks nobody, so a database that is away restarts no web server."""
    return JsonResponse({"live": True})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Whether people can be served: 503 without the database. Without the broker pages work, so that is only said."""
    database = database_answers()
    return JsonResponse(
        {"ready": database, "database": database, "broker": broker_answers()}, status=200 if database else 503
    )


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("the database does not answer")
        return False
    return True


def broker_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=BROKER_SECONDS) as line:
            line.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (KombuError, OSError):
        return False
    return True
