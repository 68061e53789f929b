"""What holds for every request: safe headers, a log-in that is there and not too old, calm errors."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.common import CommonMiddleware

from rollout import sessions
from rollout.clients import is_background
from rollout.errors import Refusal, Unavailable
from rollout.rates import hold_to_rate
from rollout.requests import Request
from rollout.services.sign_in import end_session
from rollout.views import errors
from rollout.views.sign_in import ask_to_log_in, key_of

GetResponse = Callable[[Request], HttpResponseBase]
logger = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

# Nothing here needs the camera, the place or the rest; a page that does must say so.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


class SafeHeaders:
    """Headers beyond the content security policy, on every answer, files included."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Add what is missing; what a view set on purpose stays."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


class OneAddress(CommonMiddleware):
    """Sends a reader of an address without its last slash to the one with it; what is sent there is not lost by it."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Say whether to send the reader on: a redirected form would arrive without what was typed."""
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)


class SessionLimits:
    """Ends a log-in whose time is up, and keeps every page out of every cache."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Judge the session before the view; whatever page follows must not be found by the next person here."""
        request.session_limits = None
        request.expired_user_id = None
        if request.user.is_authenticated:
            limits = sessions.limits_of(request.session)
            if limits.seconds_left <= 0:
                request.expired_user_id = request.user.pk
                end_session(session_key=key_of(request))
                logout(request)
            elif not is_background(request):
                sessions.touch(request.session)
        if request.user.is_authenticated:
            request.session_limits = sessions.limits_of(request.session)
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store, private"
        return response


class LoginRequired:
    """Every page needs a log-in unless its view says `login_not_required`."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Pass on; what is decided is decided once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: Request, view_func: Callable, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask for the log-in in the form that fits the request: page, whole-page redirect for htmx, JSON."""
        if request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        return ask_to_log_in(request)


class PersonalRates:
    """Counts what a person asks for, reading and changing apart; too much at once is refused for a moment."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Pass on; requests are counted once their view is known, so that the refusal is a calm one."""
        return self.get_response(request)

    def process_view(self, request: Request, view_func: Callable, view_args: Any, view_kwargs: Any) -> Any:
        """Take one from the person's bucket; without a log-in there is none, and guessing has limits of its own."""
        if request.user.is_authenticated:
            try:
                hold_to_rate(request.user.pk, "read" if request.method in SAFE else "write")
            except Refusal as refusal:
                return refused(request, refusal)
        return None


def refused(request: Request, refusal: Refusal) -> HttpResponse:
    """The calm answer to a refusal."""
    return errors.answer(
        request,
        refusal.status,
        detail=str(refusal),
        retry_after=getattr(refusal, "retry_after", None),
        framed=refusal.status < 500,
    )


class CalmErrors:
    """Turns refusals and a database that cannot answer into house pages; innermost of all."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Give a body to a refusal that came without one, such as a method that is not allowed."""
        response = self.get_response(request)
        if response.status_code in errors.WORDS and isinstance(response, HttpResponse) and not response.content:
            calm = errors.answer(request, response.status_code)
            for name, value in response.headers.items():
                calm.headers.setdefault(name, value)
            return calm
        return response

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        """Answer what views raise on purpose, and a database that is away or busy; the rest is Django's to log."""
        if isinstance(exception, OperationalError):
            logger.warning("the database could not answer", exc_info=exception)
            exception = Unavailable()
        return refused(request, exception) if isinstance(exception, Refusal) else None
