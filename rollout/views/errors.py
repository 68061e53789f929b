"""Calm errors: a page, a part for htmx, or JSON, each in house style with an id to quote and nothing from inside."""

import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from rollout.htmx import wants_json, wants_part
from rollout.kept import keep
from rollout.requests import Request
from rollout.views.sign_in import ask_to_log_in, log_in_address

# Status → what is the matter, and what to do about it.
WORDS = {
    400: (_("That request could not be read"), _("Go back and try again. If you followed a link, it may be broken.")),
    403: (
        _("You may not do this"),
        _("Your roles do not allow it here. Ask a programme manager or an administrator for access."),
    ),
    404: (
        _("Page not found"),
        _("Check the address if you typed it. The page may have moved, or it may be one that you may not see."),
    ),
    405: (_("That cannot be done here"), _("Go back to the page and use its links and buttons.")),
    409: (_("Somebody else was there first"), _("What you see has changed since. Reload the page and look again.")),
    413: (_("That is too large"), _("Send less at once: a smaller file or a shorter text.")),
    415: (_("That kind of content cannot be read"), _("Send it in the form that this address asks for.")),
    429: (_("Too many requests"), _("Wait a little and try again.")),
    500: (_("Something went wrong"), _("The fault is ours and has been recorded. Try again in a few minutes.")),
    503: (_("The service is busy"), _("Try again in a minute.")),
}
NOTHING_CHANGED = _("Nothing was changed.")
PERHAPS_CHANGED = _("Check whether your change was saved before you send it again.")


def answer(
    request: HttpRequest,
    status: int,
    *,
    detail: Any = "",
    retry_after: int | None = None,
    framed: bool = True,
) -> HttpResponse:
    """Return the answer for a status from WORDS in the form the request asked for.

    `detail` replaces the second sentence; `framed` false leaves out what would ask the database again: account,
    navigation, everything that context processors bring.
    """
    title, words = WORDS[status]
    reference = request.META.get("REQUEST_ID", "")
    context = {"status": status, "error_title": title, "detail": detail or words, "reference": reference}
    if status >= 500:
        context["outcome"] = NOTHING_CHANGED if request.method in ("GET", "HEAD") else PERHAPS_CHANGED
    if wants_json(request):
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": context["detail"],
            "reference": reference,
        }
        response: HttpResponse = JsonResponse(body, status=status, content_type="application/problem+json")
    else:
        template = "errors/page.html#part" if wants_part(request) else "errors/page.html"
        if framed and not wants_part(request):
            response = render(request, template, context, status=status)
        else:
            response = HttpResponse(render_to_string(template, context), status=status)
    if wants_part(request):
        # The part goes to the page's own place for problems, so that what was typed stays where it is.
        response.headers["HX-Retarget"] = "#problem"
        response.headers["HX-Reswap"] = "innerHTML show:#problem:top"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, or 413 where the request was merely too large."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return answer(request, 413 if too_large else 400, framed=False)


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Answer 403 in the words of the rule that refused, where it has some."""
    return answer(request, 403, detail=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 without saying what was looked for."""
    return answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where it was the database that could not be reached."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return answer(request, 503, retry_after=30, framed=False)
    return answer(request, 500, framed=False)


def csrf_failure(request: Request, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or out of date.

    A form that came from our own page (the browser says so in Origin) was merely open too long: nothing typed is lost,
    it can be sent again. Anything else is refused.
    """
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return answer(
            request, 403, detail=_("The form did not come from this service. Open the page again and try there.")
        )
    if request.path == log_in_address():
        return redirect(log_in_address(request.POST.get("next", "")))
    if wants_part(request) or wants_json(request):
        return answer(
            request,
            403,
            detail=_("This page was open for too long. Copy what you typed, reload the page and try again."),
        )
    if not request.user.is_authenticated:
        return ask_to_log_in(request)
    return render(request, "account/send_again.html", {"kept": keep(request), "stale": True}, status=403)
