"""Where the QR code at the door of a session leads: "I am here"."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from rollout.htmx import render_page
from rollout.permissions import be_logged_in
from rollout.rates import hold_to_rate
from rollout.requests import Request, UserRequest
from rollout.services.refusals import Refused
from rollout.views.access import permitted
from rollout.views.sign_in import ask_to_log_in, log_in_address
from training.choices import AttendanceState
from training.models import StaffMember, TrainingSession
from training.services.door import LONGEST_LOG_IN, check_in, sealed, session_at_door, unsealed
from training.views.log_attendance import session_row

# What somebody brought from the door, while they log in.
COOKIE = "door"
LONGEST_CODE = 6


class CodeForm(forms.Form):
    """The six digits on the screen at the door."""

    code = forms.RegexField(
        rf"^[0-9]{{{LONGEST_CODE}}}$",
        label=_("Code"),
        help_text=_("The six digits on the screen at the door. They change every 30 seconds."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "size": "6"}),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter the six digits on the screen")),
    )


@login_not_required
def check_in_page(request: Request, session: int) -> HttpResponseBase:
    """Whoever scans a code may have to log in first: what they brought is kept meanwhile, sealed."""
    if request.user.is_authenticated:
        return at_door(request, session=session)
    if request.method == "GET" and (code := request.GET.get("c", "")[:LONGEST_CODE]):
        expired = request.expired_user_id is not None
        return keep(redirect(log_in_address(request.path, expired=expired)), session, code)
    return ask_to_log_in(request)


def keep(response: HttpResponse, session: int, code: str) -> HttpResponse:
    """Send along, for ten minutes, that this browser was at the door just now with this code, right or wrong."""
    response.set_cookie(
        COOKIE,
        sealed(session, code),
        max_age=int(LONGEST_LOG_IN.total_seconds()),
        path=reverse("training:check-in", kwargs={"session": session}),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(be_logged_in)
def at_door(request: UserRequest, session: int) -> HttpResponse:
    """One button where the code was right; else the code is asked for. What there is behind it only the code tells."""
    if request.method == "POST":
        return say_so(request, session)
    if code := request.GET.get("c", "")[:LONGEST_CODE]:
        hold_to_rate(request.user.pk, "door")
        return keep(redirect("training:check-in", session=session), session, code)
    return shown(request, session, CodeForm())


def say_so(request: UserRequest, session: int) -> HttpResponse:
    """ "I am here", with the code that was scanned before, or with one that is typed."""
    hold_to_rate(request.user.pk, "door")
    typed, (code, moment) = "code" in request.POST, brought(request, session)
    form = CodeForm({"code": code} if code and not typed else request.POST)
    moment = timezone.now() if typed else moment
    if form.is_valid():
        try:
            check_in(session_id=session, code=form.cleaned_data["code"], moment=moment, by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            done = redirect("training:check-in", session=session)
            return keep(done, session, form.cleaned_data["code"]) if typed else done
    return shown(request, session, form, status=422)


def brought(request: UserRequest, session: int) -> tuple[str, datetime]:
    """The code that was scanned, and when."""
    return unsealed(session, request.COOKIES.get(COOKIE, ""))


def shown(request: UserRequest, session_id: int, form: CodeForm, *, status: int = 200) -> HttpResponse:
    """The session, as far as a right code was brought."""
    session = session_at_door(session_id, *brought(request, session_id))
    context: dict[str, Any] = {"form": form, "session": session}
    if session is not None:
        context |= {"row": session_row(session), "came": came(request, session)}
        person = StaffMember.objects.current().filter(user=request.user)
        context["linked"] = bool(context["came"]) or person.exists()
    return render_page(request, "training/check_in.html", context, status=status)


def came(request: UserRequest, session: TrainingSession) -> bool:
    """Whether it is written that the person attends."""
    rows = session.attendances.filter(retired_at=None, state=AttendanceState.ATTENDED)
    return rows.filter(staff__user=request.user).exists()
