"""The shift patterns of a programme: which shifts champions work, and how many each needs."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_settings
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import manage_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask
from training.forms.rota import NewPatternForm, PatternForm
from training.models import ShiftPattern
from training.services.patterns import add_pattern, change_pattern, retire_pattern

COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Shift")},
    {"label": _("From")},
    {"label": _("To")},
    {"label": _("Champions needed"), "numeric": True},
    {"label": _("Change"), "hidden": True},
)


@dataclass(frozen=True)
class PlacedPattern:
    """A shift pattern of a programme."""

    programme: Programme
    pattern: ShiftPattern


def find_pattern(user: Somebody, programme: str, pattern: int) -> PlacedPattern:
    """The pattern of an address like /p/<programme>/settings/shifts/<pattern>/."""
    found = find_programme(user, programme)
    return PlacedPattern(found, get_object_or_404(found.shift_patterns.filter(retired_at=None), pk=pattern))


def manage_pattern(user: Somebody, placed: PlacedPattern) -> bool:
    """Those who manage the programme."""
    return manage_programme(user, placed.programme)


def of_patterns(programme: Programme, **words: Any) -> Question:
    """A question below the list of patterns."""
    back = reverse("readiness:pattern-list", kwargs={"programme": programme.code})
    return Question(back=back, back_label=_("Shift patterns"), **words)


@require_safe
@permitted(manage_programme, find_programme)
def pattern_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The patterns in the order of the day."""
    context = programme_frame(request, programme, "settings") | {
        "trail": [crumb_programmes(), crumb_settings(programme)],
        "patterns": list(programme.shift_patterns.filter(retired_at=None)),
        "columns": COLUMNS,
    }
    return render_page(request, "readiness/pattern_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def pattern_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """A shift more."""
    question = of_patterns(
        programme,
        title=_("Add a shift"),
        button=_("Add the shift"),
        told=_("The shift is added. Every area in scope needs its champions from now on."),
    )

    def act(form: NewPatternForm) -> str:
        def do() -> str:
            add_pattern(programme_id=programme.pk, by=request.user, **form.said)
            rescore_after_commit()
            return question.back

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    return ask(request, question, make=NewPatternForm, act=act, context=programme_frame(request, programme, "settings"))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_pattern, find_pattern)
def pattern_detail(request: UserRequest, placed: PlacedPattern) -> HttpResponse:
    """The name, the hours and the minimum of a shift."""
    programme, pattern = placed.programme, placed.pattern
    question = of_patterns(
        programme,
        title=_("Change a shift"),
        caption=capfirst(pattern.name),
        lead=_("Shifts that are planned already keep their hours."),
        button=_("Save"),
        told=_("The shift is saved."),
    )

    def act(form: PatternForm) -> str:
        values = {name: value for name, value in form.values.items() if name in form.marked}
        change_pattern(pattern_id=pattern.pk, mark=form.cleaned_data["mark"], by=request.user, **values)
        rescore_after_commit()
        return question.back

    context = programme_frame(request, programme, "settings")
    return ask(request, question, make=partial(PatternForm, row=pattern), act=act, context=context)


@require_POST
@permitted(manage_pattern, find_pattern)
def pattern_retire(request: UserRequest, placed: PlacedPattern) -> HttpResponse:
    """Take a shift out; adding one of its name brings it back."""
    retire_pattern(pattern_id=placed.pattern.pk, by=request.user)
    rescore_after_commit()
    words = gettext("%(name)s is taken out: nobody is needed for it any more.") % {"name": placed.pattern.name}
    messages.success(request, words)
    return redirect("readiness:pattern-list", programme=placed.programme.code)
