"""What the query string asks of a page of scores."""

import re
from datetime import date

from django.http import Http404, HttpRequest

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST = date(1900, 1, 1)
REVISION = re.compile(r"[1-9][0-9]{0,3}")


def day_asked(request: HttpRequest, name: str = "as_of") -> date | None:
    """The day of `?as_of=YYYY-MM-DD` (or `?since=`), None where none is given.

    Raises Http404 for what is no day, and for one so long ago that counting back from it would leave the calendar.
    """
    written = request.GET.get(name, "")
    if not written:
        return None
    try:
        if DAY.fullmatch(written) and (day := date.fromisoformat(written)) >= EARLIEST:
            return day
    except ValueError:
        pass
    raise Http404("not a day")


def revision_asked(request: HttpRequest) -> int | None:
    """The revision of `?revision=2`, None where the current one is wanted. Raises Http404 for what is no number."""
    written = request.GET.get("revision", "")
    if not written:
        return None
    if REVISION.fullmatch(written):
        return int(written)
    raise Http404("not a revision")
