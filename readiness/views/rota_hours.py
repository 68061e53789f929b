"""A day of a site's rota by the hour."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.rota_hours import day_shown, rota_hours
from readiness.views.asked import day_asked
from readiness.views.frame import deployment_frame
from rollout.htmx import render_page
from rollout.models import Deployment
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.views.access import find_deployment, permitted
from training.permissions import keep_rota_at

ALONE_COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Where")},
    {"label": _("From and to")},
    {"label": _("Champion")},
)


@require_safe
@permitted(keep_rota_at, find_deployment)
def hours(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """The hours of a day (`?on=`), ward by ward, and those that one no-show leaves bare."""
    on = day_asked(request, "on") or day_shown(deployment, today_at(deployment))
    shown = rota_hours(deployment, request.user, on)
    word = (deployment.programme.ward_word or gettext("ward")).capitalize()
    context = deployment_frame(request, deployment, "rota") | {
        "shown": shown,
        "columns": [{"label": word}, *({"label": hour} for hour in shown.hours)],
        "alone_columns": ALONE_COLUMNS,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
    }
    return render_page(request, "readiness/rota_hours.html", context)
