"""Reading what a program sends as JSON: strictly, so that nothing is taken for something else."""

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext

from rollout.errors import Refusal

ViewT = TypeVar("ViewT", bound=Callable[..., Any])


class Unreadable(Refusal):
    """What was sent is no JSON, or not the JSON that was asked for."""


class WrongType(Refusal):
    """What was sent says that it is something else than JSON."""

    status = 415


class TooLarge(Refusal):
    """More was sent than is read at once."""

    status = 413


def speaks_json(view: ViewT) -> ViewT:
    """Decorate a view that programs ask: its errors are JSON whatever the request says it would like."""
    vars(view)["speaks_json"] = True
    return view


def read_json(request: HttpRequest, *, most_bytes: int) -> Any:
    """Return the body of a request. Raises WrongType, TooLarge, or Unreadable.

    Refused are names that come twice in one object, numbers that are none or beyond what a float holds, and what is
    nested too deep to be read.
    """
    if request.content_type != "application/json":
        raise WrongType(gettext("Send JSON, with the content type application/json."))
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise _too_large(most_bytes) from error
    if len(body) > most_bytes:
        raise _too_large(most_bytes)
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_without_doubles,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable(gettext("This could not be read as JSON.")) from error


def _too_large(most_bytes: int) -> TooLarge:
    return TooLarge(gettext("Send at most %(n)s KB at once.") % {"n": most_bytes // 1024})


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found


def _no_number(written: str) -> NoReturn:
    raise ValueError(written)


def _finite(written: str) -> float:
    number = float(written)
    if number in (float("inf"), float("-inf")):
        raise ValueError(written)
    return number
