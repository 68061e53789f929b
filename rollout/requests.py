"""What a request carries once it has come through the middleware, for the type checker and for readers."""

from django.http import HttpRequest

from rollout.models import User
from rollout.sessions import SessionLimits


class Request(HttpRequest):
    """Any request. `session_limits` is None without a log-in; `expired_user_id` says whose log-in has just ended."""

    session_limits: SessionLimits | None
    expired_user_id: int | None


class UserRequest(Request):
    """A request behind the log-in: what every view gets that is not marked `login_not_required`."""

    user: User
    programme_code: str
    session_limits: SessionLimits
