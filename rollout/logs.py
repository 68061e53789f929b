"""One line of JSON per log record: when (UTC), what, which request, which user by number. Never a name or address."""

import contextvars
import json
import logging
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

# Database errors quote the row ("Key (email)=(a@b.nhs.uk) already exists"), so what looks like an address is cut out.
_ADDRESS = re.compile(r"[^\s@<>()\[\]'\"=,;:]+@[^\s@<>()\[\]'\"=,;:]+")
_QUOTED_ROW = re.compile(r"\b(DETAIL|CONTEXT):[^\n]*")


def without_names(text: str) -> str:
    """The text with e-mail addresses and quoted database rows replaced."""
    return _ADDRESS.sub("[address]", _QUOTED_ROW.sub(r"\1: [left out]", text))


class JsonFormatter(logging.Formatter):
    """Formats a record as one line; JSON escapes line ends and control characters, so no line can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_names(record.getMessage()),
        }
        if current := request_id.get():
            line["request"] = current
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            line |= {"method": request.method, "path": request.path}
            # Only a user that was looked up already: logging an error must not ask the database.
            user = getattr(request, "_cached_user", None)
            if user is not None and user.pk:
                line["user"] = user.pk
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["error"] = without_names(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True, default=str)


class RequestIdMiddleware:
    """Gives each request an id of its own, in the logs and in the answer's `X-Request-ID`.

    An id sent by the client is not taken over: it could repeat, or write into our logs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current = uuid.uuid4().hex
        request.META["REQUEST_ID"] = current  # for the error pages, which quote it
        token = request_id.set(current)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = current
        return response
