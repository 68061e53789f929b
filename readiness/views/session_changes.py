"""Planning a training session, moving one, cancelling one, taking one up again."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from readiness.dashboards.sessions import Reader, line_of, reader_of
from readiness.views.frame import programme_frame
from readiness.views.session_places import moved_up_words
from readiness.views.sessions import PlacedSession, address_of, find_session, keep_placed
from rollout.forms.retiring import TakeOutForm
from rollout.models import Programme
from rollout.permissions import rights_of
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.templatetags.formats import count
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask
from training.forms.sessions import NewSessionForm, SessionForm
from training.permissions import keep_every_session, keep_sessions, sites_of_sessions
from training.services.sessions import cancel_session, change_session, make_session, restore_session


def about(request: UserRequest, placed: PlacedSession, **words: Any) -> Question:
    """A question about a session, with its name and time above."""
    line = line_of(placed.session, reader_of(placed.programme, request.user))
    return Question(
        caption=f"{placed.session.course.name}, {line.on}, {line.hours}",
        back=address_of("session-detail", placed.programme, placed.session),
        back_label=_("The session"),
        **words,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_sessions, find_programme)
def session_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """A session more; `?course=` and `?site=` fill the form in."""
    question = Question(
        title=_("Plan a training session"),
        button=_("Plan the session"),
        back=address_of("session-list", programme),
        back_label=_("Training sessions"),
        told=_("The session is planned."),
    )

    def act(form: NewSessionForm) -> str:
        def do() -> str:
            return address_of(
                "session-detail",
                programme,
                make_session(programme_id=programme.pk, by=request.user, **form.values),
            )

        return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)

    make = partial(
        NewSessionForm,
        courses=programme.courses.all(),
        sites=sites_of_sessions(request.user, programme),
        anywhere=keep_every_session(request.user, programme),
        initial=proposed(request, programme),
    )
    return ask(request, question, make=make, act=act, context=programme_frame(request, programme, ""))


def proposed(request: UserRequest, programme: Programme) -> dict[str, Any]:
    """What a new session starts from: what the address names, the only site of a lead, oneself for a trainer."""
    asked = request.GET.get("course", "").replace("\0", "")[:40]
    course = programme.courses.filter(code=asked).values_list("pk", flat=True).first() if asked else None
    site = request.GET.get("site", "").replace("\0", "")[:40]
    if not site and not keep_every_session(request.user, programme):
        codes = sites_of_sessions(request.user, programme).order_by("pk").values_list("site__code", flat=True)[:2]
        site = codes[0] if len(codes) == 1 else ""
    trains = programme.pk in rights_of(request.user).trained
    return {"course": course, "site": site, "trainer": request.user.email if trains else ""}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_placed, find_session)
def session_change(request: UserRequest, placed: PlacedSession) -> HttpResponse:
    """Another time, room, number of places or trainer for a session."""
    moved: list[int] = []
    question = about(
        request,
        placed,
        title=_("Change the session"),
        lead=_("Whoever is booked, or waits, goes along and is told of another time or place."),
        button=_("Save the session"),
        told=lambda: saved_words(sum(moved)),
    )

    def act(form: SessionForm) -> str:
        mark = form.cleaned_data["mark"]
        moved.append(change_session(session=placed.session, mark=mark, by=request.user, **form.values).moved_up)
        return question.back

    context = programme_frame(request, placed.programme, "")
    return ask(request, question, make=partial(SessionForm, row=placed.session), act=act, context=context)


def saved_words(moved_up: int) -> str:
    """What saving a session did, with those who have a place by it."""
    return " ".join([gettext("The session is saved."), *([moved_up_words(moved_up)] if moved_up else [])])


def losing(placed: PlacedSession) -> str:
    """What cancelling does to those who are on a session."""
    line = line_of(placed.session, Reader(places=True, everywhere=True, led=frozenset()))
    words = {"booked": count(line.taken), "waiting": count(line.waiting)}
    if not (line.taken or line.waiting):
        return gettext("Nobody is booked yet. You can take the session up again.")
    return (
        gettext("Booked: %(booked)s, waiting: %(waiting)s. They lose their places and are told.") % words
        + " "
        + gettext("You can take the session up again: whoever lost a place has it back.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_placed, find_session)
def session_cancel(request: UserRequest, placed: PlacedSession) -> HttpResponse:
    """Cancel a session, with the reason."""
    question = about(
        request,
        placed,
        title=_("Cancel the session"),
        lead=losing(placed),
        button=_("Cancel the session"),
        told=_("The session is cancelled."),
    )

    def act(form: TakeOutForm) -> str:
        cancel_session(session=placed.session, by=request.user, reason=form.cleaned_data["reason"])
        return question.back

    return ask(request, question, make=TakeOutForm, act=act, context=programme_frame(request, placed.programme, ""))


@require_POST
@permitted(keep_placed, find_session)
def session_restore(request: UserRequest, placed: PlacedSession) -> HttpResponse:
    """Take a cancelled session up again. A second press finds it so."""
    restore_session(session=placed.session, by=request.user)
    messages.success(request, gettext("The session is on again. Whoever lost a place by it has it back."))
    return redirect(address_of("session-detail", placed.programme, placed.session))
