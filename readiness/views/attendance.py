"""Who came to a session, written at a desk: the sheet of one session, of any day that has begun."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from readiness.tasks import rescore_after_commit
from rollout.htmx import render_page
from rollout.permissions import write_log
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.templatetags.formats import clock
from rollout.templatetags.formats import day as day_words
from rollout.views.access import permitted
from training.choices import AttendanceState
from training.dashboards.sheets import SheetCounts, sheet_counts
from training.forms.attendance import DeskSheetForm, stands
from training.models import Attendance, TrainingSession
from training.permissions import keep_session
from training.services.attendance import MarkedOtherwise, Seen, day_of, record_attendance, sheet_of, zone_of

# A form has at most three fields a person, and a request at most a thousand.
PER_PAGE = 100


def find_session(user: Somebody, programme: str, session: int) -> TrainingSession:
    """A session of the programme whose sheet the person keeps, with its course and site."""
    sessions = TrainingSession.objects.visible_to(user).filter(
        retired_at=None, programme__code=programme, programme__retired_at=None
    )
    return get_object_or_404(sessions.select_related("course", "site", "programme"), pk=session)


def address_of(session: TrainingSession, name: str) -> str:
    """The address of a page of the session."""
    return reverse(f"readiness:{name}", kwargs={"programme": session.programme.code, "session": session.pk})


def when_words(session: TrainingSession) -> str:
    """Its day, and where it is held: what tells it from others of its course."""
    return ", ".join(filter(None, (day_words(day_of(session)), session.site.name if session.site else "")))


def around_session(request: UserRequest, session: TrainingSession, **more: Any) -> dict[str, Any]:
    """What stands around every page about who came to a session: when by the clock of its site, and the ways on."""
    zone = zone_of(session)
    times = {"from": clock(session.starts_at.astimezone(zone)), "to": clock(session.ends_at.astimezone(zone))}
    return {
        "session": session,
        "programme": session.programme,
        "day": day_of(session),
        "times": gettext("%(from)s to %(to)s") % times,
        "back": address_of(session, "session-detail"),
        "holds_door": keep_session(request.user, session),
        **more,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(write_log, find_session)
def session_attendance(request: UserRequest, session: TrainingSession) -> HttpResponse:
    """The sheet: a row a person. What somebody else marked meanwhile is shown beside what was typed (409)."""
    page = Paginator(sheet_of(session, request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows, assessed, shown = list(page.object_list), session.course.assessed, partial(sheet_page, page=page)
    if request.method != "POST":
        return shown(request, session, DeskSheetForm(rows=rows, assessed=assessed))
    sent = everyone(request.POST, rows) if "everyone" in request.POST else request.POST
    form = DeskSheetForm(sent, rows=rows, assessed=assessed)
    if not form.is_valid():
        return shown(request, session, form, status=422)
    try:
        seen = form.seen()
        if not seen:
            raise Refused(gettext("Nothing was changed. Select what each person did."))
        record_attendance(client_id=uuid4(), session_id=session.pk, seen=seen, by=request.user)
    except MarkedOtherwise as changed:
        mine = DeskSheetForm(seen_now(sent, rows), rows=rows, assessed=assessed)
        mine.is_valid()
        return shown(request, session, mine, status=409, differences=form.differences(changed.rows))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return shown(request, session, form, status=422)
    rescore_after_commit()
    messages.success(request, told(seen, sheet_counts(session)))
    return redirect(request.get_full_path())


def everyone(sent: QueryDict, rows: list[Attendance]) -> QueryDict:
    """What was sent, and "attended" for everybody with a place whom nobody marked."""
    marked = sent.copy()
    for row in rows:
        name = f"staff_{row.staff_id}"
        if row.state != AttendanceState.WAITING and marked.get(name, "") in ("", AttendanceState.BOOKED):
            marked[name] = AttendanceState.ATTENDED
    return marked


def seen_now(sent: Mapping[str, Any], rows: list[Attendance]) -> QueryDict:
    """What was sent, over the sheet as it stands now."""
    mine = QueryDict(mutable=True)
    mine.update(sent)
    for row in rows:
        mine[f"was_{row.staff_id}"] = stands(row)
    return mine


def told(seen: list[Seen], counts: SheetCounts) -> str:
    """What was saved, and how the sheet stands."""
    added = [each.number for each in seen if each.number]
    words = [gettext("Attendance is saved: %(came)s attended.") % {"came": counts.attended}]
    if added:
        words.append(
            ngettext("%(n)s person was added to the list.", "%(n)s people were added to the list.", len(added))
            % {"n": len(added)}
        )
    if counts.capacity is not None and counts.placed > counts.capacity:
        words.append(gettext("That is %(places)s; everybody who came is kept.") % {"places": counts.places})
    return " ".join(words)


def sheet_page(
    request: UserRequest,
    session: TrainingSession,
    form: DeskSheetForm,
    *,
    page: Page,
    status: int = 200,
    differences: Any = None,
) -> HttpResponse:
    """The sheet, 100 people a page, with what stands or was typed on it."""
    context = around_session(
        request,
        session,
        form=form,
        page=page,
        counts=sheet_counts(session),
        differences=differences,
        too_late=status == 409,
    )
    return render_page(request, "readiness/session_attendance.html", context, status=status)
