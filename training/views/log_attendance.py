"""Who came: today's sessions, and the sheet of one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from rollout.htmx import render_page
from rollout.permissions import write_log
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.templatetags.formats import clock
from rollout.views.access import permitted
from training.choices import AttendanceState, EntryKind
from training.dashboards.log_state import sessions_on
from training.dashboards.sheets import sheet_counts
from training.forms.log import SheetForm, field_of
from training.models import TrainingSession
from training.services.attendance import day_of, sheet_of, zone_of
from training.services.log_entries import Entry, take_entry
from training.views.log_frame import around, where


def find_session(user: Somebody, session: int) -> TrainingSession:
    """A session whose sheet the person keeps, with its course and site."""
    sessions = TrainingSession.objects.visible_to(user).filter(retired_at=None)
    return get_object_or_404(sessions.select_related("course", "site", "programme"), pk=session)


@require_safe
@permitted(write_log)
def attendance(request: UserRequest) -> HttpResponse:
    """The sessions of today and yesterday whose sheet the person keeps."""
    now = timezone.now()
    days = [
        (title, [session_row(session) for session in sessions_on(request.user, now, back)])
        for back, title in ((0, gettext("Today")), (1, gettext("Yesterday")))
    ]
    context = around(request, where(request), days=days, none=not any(rows for _title, rows in days))
    return render_page(request, "training/log_attendance.html", context)


def session_row(session: TrainingSession) -> dict[str, Any]:
    """A session by the clock of its site."""
    zone = zone_of(session)
    times = {"from": clock(session.starts_at.astimezone(zone)), "to": clock(session.ends_at.astimezone(zone))}
    return {"session": session, "times": gettext("%(from)s to %(to)s") % times, "day": day_of(session)}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(write_log, find_session)
def sheet(request: UserRequest, session: TrainingSession) -> HttpResponse:
    """The sheet of a session: three radios a person. "Everyone attended" marks those whom nobody marked."""
    rows = sheet_of(session, request.user)
    sent: QueryDict | None = request.POST if request.method == "POST" else None
    if sent is not None and "everyone" in sent:
        sent = everybody(sent, rows, "passed" if session.course.assessed else AttendanceState.ATTENDED)
    form = SheetForm(sent, rows=rows, assessed=session.course.assessed)
    status = 200
    if sent is not None:
        status = 422
        if form.is_valid():
            words, field = take(request, session, form)
            if not words:
                return redirect("training:log-sheet", session=session.pk)
            form.add_error(field, words)
    counts = sheet_counts(session)
    shown = {"session": session, "row": session_row(session), "count": len(rows), "places": counts.places}
    context = around(request, where(request), form=form, **shown)
    return render_page(request, "training/log_sheet.html", context, status=status)


def everybody(sent: QueryDict, rows: list[Any], value: str) -> QueryDict:
    """What was sent, with this said of everybody of whom nothing was."""
    marked = sent.copy()
    for row in rows:
        if row.state != AttendanceState.WAITING and marked.get(field_of(row), "") in ("", AttendanceState.BOOKED):
            marked[field_of(row)] = value
    return marked


def take(request: UserRequest, session: TrainingSession, form: SheetForm) -> tuple[str, str | None]:
    """Take a valid sheet; "" where it is kept, else why not and at which field."""
    body = {"session": session.pk, **form.body()}
    if not body["people"]:
        return gettext("Nothing was changed. Select what each person did."), None
    entry = Entry(form.cleaned_data["once"], EntryKind.ATTENDANCE, body, mending=True)
    answer = take_entry(user=request.user, entry=entry)
    if not answer.good:
        return answer.words, answer.field if answer.field == "number" else None
    time = clock(timezone.localtime(timezone=zone_of(session)))
    messages.success(request, gettext("Attendance sent at %(time)s.") % {"time": time})
    return "", None
