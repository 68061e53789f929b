"""Making a programme, setting it up, describing it, deciding its state and what does not apply to it."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.programme.setup import done_of, setup_of
from readiness.dashboards.programmes import programme_address, settings_address
from readiness.dashboards.words import indicator_name
from readiness.scoring import CODES
from readiness.services.programmes import create_programme
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from rollout.forms.programmes import LeftOutForm, NewProgrammeForm, ProgrammeForm, StateForm
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import add_programme, manage_programme
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.programmes import decide_state, edit_programme, leave_out
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(add_programme)
def programme_new(request: UserRequest) -> HttpResponse:
    """A new programme: what it is for. Everything else is set up afterwards."""
    question = Question(
        title=_("Add a programme"),
        lead=_("It starts with the standard checklist, the standard gates and you as its manager. All can be changed."),
        button=_("Add the programme"),
        back=reverse("readiness:programme-list"),
        back_label=_("Programmes"),
        told=_("The programme is added. Go through this list from the top."),
    )

    def act(form: NewProgrammeForm) -> str:
        return done_once(
            user=request.user,
            key=form.cleaned_data["once"],
            body=form.said,
            do=lambda: settings_address(create_programme(by=request.user, **form.said)),
        )

    return ask(request, question, make=NewProgrammeForm, act=act)


@require_safe
@permitted(manage_programme, find_programme)
def programme_settings(request: UserRequest, programme: Programme) -> HttpResponse:
    """Setting a programme up, as a list of what there is to do."""
    parts = setup_of(programme, timezone.localdate())
    done, asked = done_of(parts)
    context = programme_frame(request, programme, "settings") | {"parts": parts, "done": done, "asked": asked}
    return render_page(request, "readiness/programme_settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def programme_edit(request: UserRequest, programme: Programme) -> HttpResponse:
    """What a programme is for, and what its people call things."""
    question = of_settings(
        programme, title=_("Describe the programme"), button=_("Save"), told=_("The programme is saved.")
    )

    def act(form: ProgrammeForm) -> str:
        edit_programme(programme_id=programme.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return settings_address(programme)

    make = partial(ProgrammeForm, row=programme)
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, "settings"))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def programme_state(request: UserRequest, programme: Programme) -> HttpResponse:
    """Another state of the programme, by a decision."""
    question = of_settings(
        programme,
        title=_("Decide the state of the programme"),
        lead=_("Pausing and stopping are ordinary decisions. Each is kept with its reason. Nothing recorded is lost."),
        button=_("Record the decision"),
        told=_("The decision is recorded."),
    )

    def act(form: StateForm) -> str:
        said = form.values
        decide_state(
            programme_id=programme.pk,
            mark=form.cleaned_data["mark"],
            to=said["state"],
            reason=said["reason"],
            by=request.user,
        )
        rescore_after_commit()
        return programme_address(programme)

    make = partial(StateForm, row=programme)
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, "settings"))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def programme_left_out(request: UserRequest, programme: Programme) -> HttpResponse:
    """What does not apply to the programme and so is left out of its scores, by a decision."""
    indicators = {code: indicator_name(code) for code in CODES}
    question = of_settings(
        programme,
        title=_("What does not apply"),
        lead=_("Leave out only what applies to no site. Each site's page then says who left it out, and why."),
        button=_("Record the decision"),
        told=_("The decision is recorded."),
    )

    def act(form: LeftOutForm) -> str:
        said = form.values
        leave_out(
            programme_id=programme.pk,
            mark=form.cleaned_data["mark"],
            codes=said["not_applicable"],
            words=indicators,
            reason=said["reason"],
            by=request.user,
        )
        rescore_after_commit()
        return settings_address(programme)

    make = partial(LeftOutForm, row=programme, indicators=indicators.items())
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, "settings"))


def of_settings(programme: Programme, **words: Any) -> Question:
    """A question below the settings of a programme."""
    return Question(back=settings_address(programme), back_label=_("Settings"), **words)
