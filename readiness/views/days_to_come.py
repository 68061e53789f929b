"""Lists on a day to come of which nothing is known: they say so, as the page of a site does."""

from typing import Any

from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.requests import UserRequest


def day_to_come(request: UserRequest, heading: Any, frame: dict[str, Any], *, part: str = "") -> Any:
    """The page that says so, within a programme's frame or without one; `part` is the id of what htmx asks for.

    Raises Http404 for a file: there is no table of such a day.
    """
    context = {"heading": heading, "part": part if wants_part(request) else "", **frame}
    return download_answer(request, {}) or render_page(
        request, "readiness/day_to_come.html", context, partial="nothing" if part else ""
    )
