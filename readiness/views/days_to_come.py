"""Lists on a day to come of which nothing is known: they say so, as the page of a site does."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from readiness.models import ReadinessScore
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.requests import UserRequest


def nothing_known(day: date | None, deployments: QuerySet) -> bool:
    """Whether a day is still to come and has no score of the deployments. Asks the database only for such a day.

    Where the day has begun at a site in the east there is a score of it, and the list can be shown.
    """
    if day is None or day <= timezone.localdate():
        return False
    of_it = ReadinessScore.objects.current().filter(deployment=OuterRef("pk"), day=day)
    return not deployments.filter(Exists(of_it)).exists()


def day_to_come(request: UserRequest, heading: Any, frame: dict[str, Any], *, part: str = "") -> Any:
    """The page that says so, within a programme's frame or without one; `part` is the id of what htmx asks for.

    Raises Http404 for a file: there is no table of such a day.
    """
    context = {"heading": heading, "part": part if wants_part(request) else "", **frame}
    return download_answer(request, {}) or render_page(
        request, "readiness/day_to_come.html", context, partial="nothing" if part else ""
    )
