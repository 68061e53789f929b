"""The courses of a programme: listed, added, changed, taken out, taken up again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.dashboards.course_effect import as_it_stands, effect_words, groups_offered
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_settings
from rollout.forms.retiring import TakeOutForm
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask
from training.forms.courses import CourseForm, NewCourseForm
from training.models import Course
from training.permissions import keep_courses
from training.services.courses import add_course, change_course, restore_course, retire_course, with_groups

COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Course")},
    {"label": _("Taught")},
    {"label": _("Asked of")},
    {"label": _("Valid for days"), "numeric": True},
    {"label": _("Sessions to come"), "numeric": True},
    {"label": _("Change"), "hidden": True},
)


@dataclass(frozen=True)
class PlacedCourse:
    """A course of a programme."""

    programme: Programme
    course: Course


def find_course(user: Somebody, programme: str, course: str) -> PlacedCourse:
    """The course of an address like /p/<programme>/settings/courses/<course>/."""
    found = find_programme(user, programme)
    return PlacedCourse(found, with_groups(get_object_or_404(found.courses.all(), code=course)))


def keep_course(user: Somebody, placed: PlacedCourse) -> bool:
    """Those who say what staff must learn."""
    return keep_courses(user, placed.programme)


def of_courses(programme: Programme, **words: Any) -> Question:
    """A question below the list of courses."""
    back = reverse("readiness:course-list", kwargs={"programme": programme.code})
    return Question(back=back, back_label=_("Courses"), **words)


@require_safe
@permitted(keep_courses, find_programme)
def course_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The courses by name, those taken out below."""
    coming = Q(sessions__retired_at=None, sessions__ends_at__gt=timezone.now())
    courses = programme.courses.annotate(coming=Count("sessions", filter=coming)).order_by("name", "pk")
    found = list(courses.select_related("retired_by").prefetch_related("groups"))
    context = programme_frame(request, programme, "settings") | {
        "trail": [crumb_programmes(), crumb_settings(programme)],
        "courses": [course for course in found if course.retired_at is None],
        "retired": [course for course in found if course.retired_at is not None],
        "columns": COLUMNS,
    }
    return render_page(request, "readiness/course_list.html", context)


def told_first(
    request: UserRequest,
    question: Question,
    *,
    make: Callable[[Any], Any],
    before: Mapping[str, Any] | None,
    programme: Programme,
    act: Callable[[Any], str],
) -> HttpResponse:
    """Ask for a course; before it is saved, show what follows, and ask to confirm."""
    context: dict[str, Any] = programme_frame(request, programme, "settings") | {"effect": []}
    template = "readiness/course_form.html"
    if request.method == "POST":
        form = make(request.POST)
        if form.is_valid() and not form.told and (words := effect_words(programme, before, form.deciding)):
            sent = request.POST.copy()
            sent["seen"] = form.deciding_mark
            context |= {
                "effect": words,
                "question": replace(question, button=_("Confirm and save")),
                "form": make(sent),
            }
            return render_page(request, template, context)
    return ask(request, question, make=make, act=act, context=context, template=template)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_courses, find_programme)
def course_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """A course more."""
    question = of_courses(
        programme, title=_("Add a course"), button=_("Add the course"), told=_("The course is added.")
    )

    def act(form: NewCourseForm) -> str:
        def do() -> str:
            add_course(programme_id=programme.pk, by=request.user, **form.values)
            rescore_after_commit()
            return question.back

        body = {**form.values, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    make = partial(NewCourseForm, groups=groups_offered())
    return told_first(request, question, make=make, before=None, programme=programme, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_course, find_course)
def course_detail(request: UserRequest, placed: PlacedCourse) -> HttpResponse:
    """What a course is, and of whom it is asked."""
    programme, course = placed.programme, placed.course
    question = of_courses(
        programme,
        title=_("Change the course"),
        caption=gettext("%(name)s, %(code)s") % {"name": course.name, "code": course.code},
        button=_("Save"),
        told=_("The course is saved."),
    )

    def act(form: CourseForm) -> str:
        change_course(course_id=course.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        rescore_after_commit()
        return question.back

    make = partial(CourseForm, row=course, groups=groups_offered())
    return told_first(request, question, make=make, before=as_it_stands(course), programme=programme, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_course, find_course)
def course_retire(request: UserRequest, placed: PlacedCourse) -> HttpResponse:
    """Take a course out, with the reason."""
    programme, course = placed.programme, placed.course
    before = as_it_stands(course)
    question = of_courses(
        programme,
        title=_("Take the course out"),
        caption=course.name,
        lead=" ".join(effect_words(programme, before, {**before, "active": False})),
        button=_("Take the course out"),
        told=_("The course is taken out. It can be taken up again below."),
    )

    def act(form: TakeOutForm) -> str:
        retire_course(course_id=course.pk, reason=form.cleaned_data["reason"], by=request.user)
        rescore_after_commit()
        return question.back

    return ask(request, question, make=TakeOutForm, act=act, context=programme_frame(request, programme, "settings"))


@require_POST
@permitted(keep_course, find_course)
def course_restore(request: UserRequest, placed: PlacedCourse) -> HttpResponse:
    """Take a course up again. A second press finds it so."""
    restore_course(course_id=placed.course.pk, by=request.user)
    rescore_after_commit()
    messages.success(request, gettext("%(name)s is back.") % {"name": placed.course.name})
    return redirect("readiness:course-list", programme=placed.programme.code)
