"""What a load balancer and an operator's alarm ask: is the process alive, and can it do its work?"""

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from readiness.dashboards.runs import signs_of_life


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers: a failing database is no reason to restart the web server."""
    return JsonResponse({"status": "live"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, 503 when the database is away.

    A worker or a beat that is late is named and changes nothing: pages and logging work without them.
    """
    try:
        connection.ensure_connection()
        late = [str(sign.name) for sign in signs_of_life() if sign.late]
    except OperationalError:
        return JsonResponse({"status": "not ready", "late": ["database"]}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"status": "ready", "late": late})
