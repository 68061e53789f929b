"""The audit trail: who changed what, when, before and after."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rollout.audit import AuditLine, lines_of, matching
from rollout.audit_words import in_words
from rollout.downloads import Column, Table, download_answer
from rollout.forms.audit import AuditFilters
from rollout.htmx import render_page, wants_part
from rollout.models import AuditEntry
from rollout.permissions import read_technical_admin
from rollout.requests import UserRequest
from rollout.views.access import permitted

PER_PAGE = 50
MOST_ROWS = 50_000  # of a file
COLUMNS = ({"label": _("When")}, {"label": _("Who")}, {"label": _("Record")}, {"label": _("What changed")})


@require_safe
@permitted(read_technical_admin)
def audit(request: UserRequest) -> HttpResponse:
    """The trail, newest first, filtered; or, for htmx, the list alone. `?before=` goes on after an entry's number."""
    form = AuditFilters(request.GET)
    entries = matching(AuditEntry.objects.visible_to(request.user), form.choice, form.moments())
    if answer := download_answer(request, {"audit": lambda: audit_table(lines_of(entries[:MOST_ROWS]))}):
        return answer
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) <= 18:
        entries = entries.filter(pk__lt=int(before))
    lines = list(lines_of(entries[: PER_PAGE + 1]))
    shown = in_words(lines[:PER_PAGE])
    context: dict[str, Any] = {
        "form": form,
        "lines": shown,
        "older": lines[PER_PAGE - 1].pk if len(lines) > PER_PAGE else None,
        "newest": not before,
        "columns": COLUMNS,
        "part": wants_part(request),
    }
    return render_page(request, "rollout/audit.html", context, partial="entries")


def audit_table(lines: Iterable[AuditLine]) -> Table:
    """The trail as a file: a row for each column that changed."""
    columns = [
        Column("at", gettext("When"), "moment"),
        Column("who", gettext("Who")),
        Column("action", gettext("What was done")),
        Column("record", gettext("Kind of record")),
        Column("row", gettext("Number of the record"), "whole"),
        Column("column", gettext("Column")),
        Column("before", gettext("Before")),
        Column("after", gettext("After")),
        Column("reason", gettext("Reason")),
    ]
    rows = (
        (line.at, line.who or None, line.action, line.record, line.row_id, *change, line.reason or None)
        for line in lines
        for change in cells_of(line)
    )
    return Table("audit", gettext("Audit trail"), columns, rows)


def cells_of(line: AuditLine) -> list[tuple[str | None, str | None, str | None]]:
    """Column, before and after of each change; one empty row where nothing that may be shown changed."""
    changed: list[tuple[str | None, str | None, str | None]] = [
        (each.column, each.before, each.after) for each in line.changes
    ]
    return changed or [(None, None, None)]
