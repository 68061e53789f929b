"""Attendance that is missing: sessions that are over, and people on them of whom nobody said whether they came."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.views.attendance import address_of, around_session
from readiness.views.frame import programme_frame
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted
from training.choices import AttendanceState, CourseMode
from training.models import TrainingSession
from training.permissions import record_courses
from training.services.sheet_people import people_of_sheets

PER_PAGE = 50
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Select"), "hidden": True},
    {"label": _("Session")},
    {"label": _("Where")},
    {"label": _("Not marked yet"), "numeric": True},
    {"label": _("Actions"), "hidden": True},
)


@require_safe
@permitted(record_courses, find_programme)
def attendance_missing(request: UserRequest, programme: Programme) -> HttpResponse:
    """The sessions, the newest first, with the people that are the reader's to mark; and courses without sessions."""
    unmarked = Q(attendances__state=AttendanceState.BOOKED, attendances__retired_at=None)
    own = unmarked & Q(attendances__staff__in=people_of_sheets(request.user).values("pk"))
    sessions = TrainingSession.objects.visible_to(request.user).filter(programme=programme)
    sessions = sessions.unrecorded(timezone.now()).annotate(unmarked=Count("attendances", filter=own))
    rows = sessions.filter(unmarked__gt=0).select_related("course", "site", "programme").order_by("-starts_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        around_session(request, session, href=address_of(session, "session-attendance")) for session in page.object_list
    ]
    courses = programme.courses.filter(retired_at=None, active=True)
    context = programme_frame(request, programme, "training") | {
        "lines": lines,
        "page": page,
        "columns": COLUMNS,
        "courses": list(courses.filter(mode=CourseMode.E_LEARNING).order_by("name", "pk")),
    }
    return render_page(request, "readiness/attendance_missing.html", context)
