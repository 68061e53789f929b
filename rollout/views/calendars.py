"""The address of a person's own calendar: made or replaced, and stopped."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rollout.requests import UserRequest
from rollout.services.calendars import make_address, stop_address

# Where a session keeps an address for the next page, and only for that.
ADDRESS_KEPT = "calendar_address"


@require_POST
def calendar_new(request: UserRequest) -> HttpResponse:
    """Make an address, which is shown once; one made before stops."""
    secret = make_address(user=request.user)
    page = request.build_absolute_uri(reverse("readiness:calendar-feed"))
    request.session[ADDRESS_KEPT] = f"{page}?key={secret}"
    messages.success(request, _("The address of your calendar is made."))
    return redirect(f"{reverse('rollout:account')}#calendar")


@require_POST
def calendar_stop(request: UserRequest) -> HttpResponse:
    """Stop the address: it gives nothing any more."""
    stop_address(user=request.user)
    messages.success(request, _("The address of your calendar is stopped."))
    return redirect(f"{reverse('rollout:account')}#calendar")
