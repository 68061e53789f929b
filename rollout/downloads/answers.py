"""The answer to `?download=csv&table=sites` on the address of the page that shows the table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from rollout.downloads.files import write_csv, write_xlsx
from rollout.downloads.tables import Table
from rollout.rates import hold_to_rate

ASKS = "download"
WHICH = "table"
NOT_FILTERS = frozenset({ASKS, WHICH, "page"})
WRITERS = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def download_answer(request: HttpRequest, tables: Mapping[str, Callable[[], Table]]) -> Any:
    """The file that the query string asks for, or None where it asks for the page.

    Only the table asked for is made. Raises Http404 for a kind of file or a table that there is not, TooManyRequests
    where the person asks for many files at once.
    """
    kind = request.GET.get(ASKS)
    if kind is None:
        return None
    make = tables.get(request.GET.get(WHICH, ""))
    if kind not in WRITERS or make is None:
        raise Http404("no such file")
    if request.user.is_authenticated:
        hold_to_rate(request.user.pk, "export")
    write, content_type = WRITERS[kind]
    table = make()
    file = write(replace(table, about=[*_about(request, table)]))
    return _attachment(file, f"{table.name}-{timezone.localdate():%Y-%m-%d}.{kind}", content_type)


def _attachment(file: Any, name: str, content_type: str) -> HttpResponseBase:
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _about(request: HttpRequest, table: Table) -> list[tuple[str, str]]:
    """What the file is, where it comes from, with which filters, when and by whom."""
    now = timezone.localtime()
    asked = [
        f"{name} = {value}"
        for name, values in request.GET.lists()
        if name not in NOT_FILTERS
        for value in values
        if value
    ]
    return [
        (gettext("What"), str(table.title)),
        *((str(what), str(value)) for what, value in table.about),
        (gettext("Filters"), ", ".join(asked) or gettext("None")),
        (gettext("Page"), request.build_absolute_uri(request.path)),
        (gettext("Made at"), f"{date_format(now, 'j F Y, H:i')} ({timezone.get_current_timezone_name()})"),
        (gettext("Made by"), str(request.user)),
    ]
