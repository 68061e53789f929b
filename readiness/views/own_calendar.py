"""A person's own calendar, read by calendar programs at an address that is its only key."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from readiness.dashboards.own_calendar import entries_of
from rollout.calendars import CONTENT_TYPE, calendar_text
from rollout.rates import hold_to_rate
from rollout.services.calendars import owner_of


@login_not_required
@sensitive_variables("secret")
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The calendar of the person whose `?key=` it is, as their rights are now.

    The secret stands in the query, which no log keeps and no other site is told. A stopped one is as unknown as any.
    """
    secret = request.GET.get("key", "")
    owner = owner_of(secret)
    if owner is None:
        raise Http404("no such calendar")
    hold_to_rate(owner.pk, "export")
    text = calendar_text(
        entries_of(owner),
        name=gettext("Go-live readiness"),
        host=urlsplit(settings.SITE_URL).hostname or "localhost",
        now=timezone.now(),
    )
    response = HttpResponse(text, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'inline; filename="go-live-readiness.ics"'
    return response
