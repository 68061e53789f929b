"""Holding a session again, on another day or every week: asked, looked at, made."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.sessions import line_of, reader_of
from readiness.dashboards.shift_words import when_words
from readiness.views.frame import programme_frame
from readiness.views.sessions import PlacedSession, address_of, find_session, keep_placed
from rollout.htmx import render_page
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day
from rollout.views.access import permitted
from training.forms.rota import CopyCheckForm
from training.forms.sessions import AgainForm
from training.models import TrainingSession
from training.services.session_series import Planned, SeriesChanged, SeriesPlan, hold_again, look_ahead
from training.services.sessions import zone_at

COLUMNS: tuple[dict[str, Any], ...] = ({"label": _("When")}, {"label": _("Look out for")})
WHY_COLUMNS: tuple[dict[str, Any], ...] = ({"label": _("When")}, {"label": _("Why not")})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_placed, find_session)
def session_again(request: UserRequest, placed: PlacedSession) -> HttpResponse:
    """Ask on which days; then show what would be planned, and with a POST plan it."""
    form = AgainForm(request.GET if "first" in request.GET or "until" in request.GET else None)
    context = programme_frame(request, placed.programme, "") | {
        "session": placed.session,
        "row": line_of(placed.session, reader_of(placed.programme, request.user)),
        "form": form,
        "back": address_of("session-detail", placed.programme, placed.session),
    }
    if not form.is_bound or not form.is_valid():
        wrong = form.is_bound or request.method == "POST"
        return render_page(request, "readiness/session_again.html", context, status=422 if wrong else 200)
    plan = form.plan(placed.session)
    if request.method == "POST":
        return make_series(request, placed, plan, context)
    return check_page(request, plan, context)


def check_page(
    request: UserRequest,
    plan: SeriesPlan,
    context: dict[str, Any],
    *,
    refusal: str = "",
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What would be planned, what stands so already, and what cannot be, in words."""
    outlook, zone = look_ahead(plan, by=request.user), zone_at(plan.session)

    def lines(days: tuple[Planned, ...]) -> list[dict[str, Any]]:
        return [
            {
                "when": when_words(each.span.starts_at, each.span.ends_at, zone) if each.span else day(each.on),
                "notes": each.notes,
                "why": each.why,
            }
            for each in days
        ]

    more = {
        "check": CopyCheckForm(initial={"mark": outlook.mark}),
        "outlook": outlook,
        "made": lines(outlook.made),
        "refused": lines(outlook.refused),
        "columns": COLUMNS,
        "why_columns": WHY_COLUMNS,
        "refusal": refusal,
        "changed": changed,
    }
    return render_page(request, "readiness/session_again_check.html", context | more, status=status)


def alike(session: TrainingSession) -> str:
    """The filter of the list that shows the sessions to come of a course at a site, those just planned among them."""
    site = session.site.code if session.site else ""
    return urlencode({"site": site, "course": session.course.code, "when": "coming"})


def make_series(request: UserRequest, placed: PlacedSession, plan: SeriesPlan, context: dict[str, Any]) -> HttpResponse:
    """Plan what the check page showed, once; show it anew where it is otherwise by now."""
    sent = CopyCheckForm(request.POST)
    if not sent.is_valid():
        words = gettext("Look at the sessions, then plan them.")
        return check_page(request, plan, context, refusal=words, status=422)
    said = sent.cleaned_data
    made: list[int] = []

    def do() -> str:
        made.append(hold_again(plan, mark=said["mark"], by=request.user))
        return f"{address_of('session-list', placed.programme)}?{alike(placed.session)}"

    body = {"mark": said["mark"], "at": request.get_full_path()}
    try:
        address = done_once(user=request.user, key=said["once"], body=body, do=do)
    except SeriesChanged:
        return check_page(request, plan, context, changed=True, status=409)
    except Refused as refused:
        return check_page(request, plan, context, refusal=str(refused), status=422)
    words = ngettext("%(n)s session is planned.", "%(n)s sessions are planned.", sum(made)) % {"n": sum(made)}
    messages.success(request, words if made else gettext("The sessions are planned already."))
    return redirect(address)
