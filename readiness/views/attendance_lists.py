"""Attendance of many at once: employee numbers of a session or of a course, looked at before they are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.forms.attendance_lists import ConfirmForm, ListForm, packed, passed_of, typed
from readiness.tasks import rescore_after_commit
from readiness.views.attendance import address_of, around_session, find_session
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import write_log
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_programme, permitted
from training.models import Course, TrainingSession
from training.permissions import record_courses
from training.services.attendance import day_of
from training.services.attendance_lists import (
    Fate,
    LineFate,
    ListChanged,
    ListLine,
    Target,
    judge_list,
    mark_of,
    record_list,
)

COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Row"), "numeric": True},
    {"label": _("Employee number")},
    {"label": _("What becomes of it")},
)
# Rows that are shown one by one; the rest is counted.
MOST_SHOWN = 200


@dataclass(frozen=True)
class List:
    """What a list is about, and where its pages lead."""

    target: Target
    here: str
    done: str
    context: Mapping[str, Any]
    organisations: Sequence[tuple[int, str]] = ()

    def form(self, *args: Any, **options: Any) -> ListForm:
        """The form that asks for the numbers, and for what a list of this kind needs besides."""
        course, session = self.target.course, self.target.session
        asked: dict[str, Any] = {"dated": session is None, "assessed": course.assessed}
        return ListForm(*args, organisations=self.organisations, **asked, **options)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(write_log, find_session)
def session_numbers(request: UserRequest, session: TrainingSession) -> HttpResponse:
    """Who came to one session."""
    sheet = address_of(session, "session-attendance")
    context = around_session(request, session, list_back=sheet, list_back_label=gettext("Attendance"))
    known = session.site.organisation_id if session.site else None
    target = Target(session.course, session, day_of(session), organisation_id=known)
    choices = organisations_of(request, session.programme)
    return list_page(request, List(target, address_of(session, "session-numbers"), sheet, context, choices))


def organisations_of(request: UserRequest, programme: Programme) -> list[tuple[int, str]]:
    """The organisations at whose sites the programme is, as far as the reader sees them."""
    sites = Deployment.objects.current().visible_to(request.user).filter(programme=programme)
    rows = sites.values_list("site__organisation", "site__organisation__name")
    return list(rows.distinct().order_by("site__organisation__name", "site__organisation"))


def find_course(user: Somebody, programme: str, course: str) -> Course:
    """A course of the programme. Of one that is taught in sessions the list is refused, in words."""
    courses = find_programme(user, programme).courses.filter(retired_at=None)
    return get_object_or_404(courses.select_related("programme"), code=course)


def record_course(user: Somebody, course: Course) -> bool:
    """Whoever records attendance somewhere in the programme."""
    return record_courses(user, course.programme)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(record_course, find_course)
def course_numbers(request: UserRequest, course: Course) -> HttpResponse:
    """Who completed a course that has no sessions."""
    here = course_address(course)
    context = {
        "programme": course.programme,
        "list_back": reverse("readiness:attendance-missing", kwargs={"programme": course.programme.code}),
        "list_back_label": gettext("Attendance"),
    }
    target = Target(course, None, timezone.localdate())
    return list_page(request, List(target, here, here, context, organisations_of(request, course.programme)))


def course_address(course: Course) -> str:
    """The page on which completions of a course are recorded."""
    return reverse("readiness:course-numbers", kwargs={"programme": course.programme.code, "course": course.code})


def list_page(request: UserRequest, about: List) -> HttpResponse:
    """The form, the list with what becomes of each row, or what came of saving it."""
    if request.method != "POST":
        return form_page(
            request, about, about.form(initial={"on": about.target.on, "organisation": about.target.organisation_id})
        )
    if "lines" in request.POST:
        return confirmed(request, about)
    form = about.form(request.POST, request.FILES)
    if form.is_valid():
        try:
            return check_page(request, about, form.lines, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return form_page(request, about, form, status=422)


def form_page(request: UserRequest, about: List, form: ListForm, *, status: int = 200) -> HttpResponse:
    """Where the numbers are typed."""
    context = {**about.context, "form": form, "course": about.target.course}
    return render_page(request, "readiness/attendance_list.html", context, status=status)


def check_page(
    request: UserRequest, about: List, lines: list[ListLine], said: Mapping[str, Any], *, refusal: str = ""
) -> HttpResponse:
    """What would become of each row. Raises Refused for the list as a whole."""
    target = target_of(about, said)
    fates = judge_list(target=target, lines=lines, by=request.user)
    form = ConfirmForm(
        initial={
            "once": uuid4(),
            "lines": packed(lines),
            "mark": mark_of(fates),
            "on": target.on.isoformat(),
            "passed": said.get("passed") or "unknown",
            "organisation": said.get("organisation"),
        }
    )
    context = {
        **about.context,
        "form": form,
        "course": about.target.course,
        "on": target.on,
        "refusal": refusal,
        "columns": COLUMNS,
        **counted(fates),
    }
    return render_page(request, "readiness/attendance_list_check.html", context, status=409 if refusal else 200)


def counted(fates: list[LineFate]) -> dict[str, Any]:
    """The rows to show, those first that something is wrong with, and how many there are of each fate."""
    order = [Fate.REFUSED, Fate.WILL, Fate.ALREADY]
    shown = sorted(fates, key=lambda each: order.index(each.fate))
    count = {str(fate): sum(each.fate == fate for each in fates) for fate in order}
    return {"fates": shown[:MOST_SHOWN], "beyond": max(len(fates) - MOST_SHOWN, 0), "count": count}


def target_of(about: List, said: Mapping[str, Any]) -> Target:
    """What the list is about, with what was said of all its rows."""
    target = about.target
    day = (said.get("on") or target.on) if target.session is None else target.on
    asked = {int(each) for each in (said.get("organisation"),) if each} & {pk for pk, _name in about.organisations}
    organisation = next(iter(asked), target.organisation_id)
    return Target(target.course, target.session, day, passed_of(said), organisation)


def confirmed(request: UserRequest, about: List) -> HttpResponse:
    """Save what was shown, or go back to the numbers; what has changed meanwhile is shown anew (409)."""
    form: Any = ConfirmForm(request.POST)
    if not form.is_valid():
        return form_page(request, about, about.form(data={}), status=422)
    said = form.cleaned_data
    if "again" in request.POST:
        return form_page(request, about, about.form(initial=again(said)))

    def do() -> str:
        target = target_of(about, said)
        written = record_list(target=target, lines=said["lines"], mark=said["mark"], by=request.user)
        rescore_after_commit()
        words = ngettext("Attendance of %(n)s person is saved.", "Attendance of %(n)s people is saved.", written)
        messages.success(request, words % {"n": written})
        return about.done

    try:
        body = {**form.said, "at": about.here}
        return redirect(done_once(user=request.user, key=said["once"], body=body, do=do))
    except ListChanged as changed:
        return check_page(request, about, said["lines"], said, refusal=str(changed))
    except Refused as refusal:
        form = about.form(data=again(said))
        form.add_error(None, str(refusal))
        return form_page(request, about, form, status=422)


def again(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the first form said, read back from the list that was shown."""
    return {**said, "numbers": typed(said["lines"]), "passed": said["passed"] or "unknown"}
