"""Logging in and out, and what happens to a request that came without a log-in."""

import secrets
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rollout import sessions
from rollout.clients import Client, Device, client_address, is_own_device, read_device, read_phone, remember_device
from rollout.forms.account import LogInForm
from rollout.htmx import wants_json, wants_part
from rollout.kept import Kept, keep, unseal
from rollout.models import User
from rollout.navigation import home_of
from rollout.requests import Request
from rollout.services.phones import phone_of
from rollout.services.sign_in import (
    TooManyAttempts,
    WrongCredentials,
    check_credentials,
    end_session,
    record_sign_in,
)

HOME = "/"


def key_of(request: Request) -> str:
    """Return the key of the session, "" where none was saved."""
    return request.session.session_key or ""


def log_in_address(then: str = "", *, expired: bool = False) -> str:
    """Return the address of the log-in page, which goes on to `then` and says if a log-in has just expired."""
    query = ({"next": then} if then and then != HOME else {}) | ({"expired": "1"} if expired else {})
    return reverse("rollout:sign-in") + (f"?{urlencode(query)}" if query else "")


def safe_next(request: Request, then: str) -> str:
    """Return where to go after log-in: a page of this service, never another site nor the log-in pages themselves."""
    ours = url_has_allowed_host_and_scheme(then, {request.get_host()}, require_https=request.is_secure())
    path = urlsplit(then).path
    return (
        then if ours and then.startswith("/") and path not in (log_in_address(), reverse("rollout:sign-out")) else HOME
    )


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: Request) -> HttpResponse:
    """Show the log-in page, or open a session and go on to where the person wanted to be."""
    if request.method != "POST":
        then = safe_next(request, request.GET.get("next", ""))
        return redirect(then) if request.user.is_authenticated else log_in_page(request, LogInForm(), then=then)

    form = LogInForm(request.POST)
    kept = unseal(request.POST.get("kept", ""))
    then = safe_next(request, request.POST.get("next", ""))
    retry_after = None
    if form.is_valid():
        device = read_device(request) or Device(number=secrets.token_hex(16), owner="")
        shared = form.cleaned_data["shared_device"]
        client = Client(client_address(request), "" if shared and read_device(request) is None else device.number)
        try:
            user = check_credentials(
                email=form.cleaned_data["email"], password=form.cleaned_data["password"], client=client
            )
        except WrongCredentials:
            form.add_error("password", _("The email address or the password is not right. Check both and try again."))
        except TooManyAttempts as refused:
            retry_after = refused.retry_after
            form.add_error("password", wait_words(retry_after))
        else:
            return welcome(request, user, device=device, shared=shared, kept=kept, then=then)
    status = 422 if retry_after is None else 429
    response = log_in_page(request, form, then=then, kept=kept, status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def wait_words(seconds: int) -> str:
    """Say how long to wait before the next try."""
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many tries. Wait %(minutes)s minute and try again.",
        "Too many tries. Wait %(minutes)s minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


def log_in_page(
    request: Request, form: LogInForm, *, then: str, kept: Kept | None = None, status: int = 200
) -> HttpResponse:
    """Render the log-in page, carrying what the person typed elsewhere before the session ended."""
    sealed = kept.sealed() if kept else ""
    context = {
        "form": form,
        "next": then,
        "kept": sealed,
        "lost": bool(request.FILES) or bool(kept and not sealed),
        "expired": request.expired_user_id is not None or "expired" in request.GET,
        "logged_out": request.method == "GET" and "logged-out" in request.GET,
    }
    return render(request, "account/log_in.html", context, status=status)


def welcome(
    request: Request, user: User, *, device: Device, shared: bool, kept: Kept | None, then: str
) -> HttpResponse:
    """Open the session, remember the device, and go on: to the page, or to the form that was not sent."""
    if request.user.is_authenticated:
        end_session(session_key=key_of(request))
    phone = phone_of(read_phone(request))
    shared = shared or phone is not None
    login(request, user)
    own = not shared and is_own_device(request, user)
    sessions.start(request.session, own_device=own, shared_device=shared, ward_phone=phone is not None)
    request.session_limits = sessions.limits_of(request.session)
    record_sign_in(user=user, session_key=key_of(request), shared_device=shared, phone=phone)
    if kept and kept.owner in (None, user.pk):
        response = render(request, "account/send_again.html", {"kept": kept, "at_once": kept.owner == user.pk})
    else:
        if kept:
            messages.info(request, _("What was typed before belongs to another person and was not sent."))
        response = redirect(home_of(user) if then == HOME else then)
    if not shared:
        remember_device(response, device)
    return response


@login_not_required
@require_POST
def log_out(request: Request) -> HttpResponse:
    """End this session. Logging out twice is no error."""
    if request.user.is_authenticated:
        end_session(session_key=key_of(request))
    logout(request)
    return redirect(f"{log_in_address()}?logged-out=1")


def ask_to_log_in(request: Request) -> HttpResponse:
    """Answer a request that needs a log-in and has none, without losing what it carried.

    A page becomes the log-in page and returns there. A form that was sent is kept and sent after log-in. htmx is told
    to open the log-in page: a part is never replaced by it (js/parts.js sends a form again as a whole page instead).
    """
    expired = request.expired_user_id is not None
    if wants_part(request):
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = log_in_address(safe_next(request, page_of_part(request)), expired=expired)
        return response
    if wants_json(request):
        return JsonResponse(
            {
                "type": "about:blank",
                "title": _("Log in first"),
                "status": 401,
                "reference": request.META.get("REQUEST_ID", ""),
            },
            status=401,
            content_type="application/problem+json",
        )
    if request.method == "POST":
        return log_in_page(request, LogInForm(), then=HOME, kept=keep(request), status=401)
    return redirect(log_in_address(request.get_full_path(), expired=expired))


def page_of_part(request: Request) -> str:
    """Return the path of the page an htmx request was sent from, as the browser says; the caller checks it."""
    sent_from = urlsplit(request.headers.get("HX-Current-URL", ""))
    if sent_from.netloc != request.get_host():
        return HOME
    return sent_from._replace(scheme="", netloc="", fragment="").geturl()
