"""Everyone attended: several sessions of the list at once, looked at before they are saved."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from readiness.tasks import rescore_after_commit
from readiness.views.attendance import around_session
from rollout.forms.once import OnceForm
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_programme, permitted
from training.permissions import record_courses
from training.services.attendance_everyone import PlacesChanged, everyone_on, record_everyone, sessions_to_mark

MOST_SESSIONS = 50
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Session")},
    {"label": _("Where")},
    {"label": _("Will be marked as attended"), "numeric": True},
)


class EveryoneForm(OnceForm):
    """A mark of the people that were shown, on its way back."""

    mark = forms.RegexField(r"^[0-9a-f]{16}$", widget=forms.HiddenInput)


def chosen(sent: QueryDict) -> list[int]:
    """The sessions that were ticked, as far as they can be ids; at most as many as a page of the list has."""
    texts = dict.fromkeys(sent.getlist("item"))
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= 18][:MOST_SESSIONS]


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(record_courses, find_programme)
def everyone_attended(request: UserRequest, programme: Programme) -> HttpResponse:
    """Who would be marked on the sessions that were chosen; a POST marks them."""
    back = reverse("readiness:attendance-missing", kwargs={"programme": programme.code})
    if request.method != "POST":
        return check_page(request, programme, chosen(request.GET), back)
    ids, form = chosen(request.POST), EveryoneForm(request.POST)
    if not form.is_valid():
        return check_page(request, programme, ids, back, status=422)

    def do() -> str:
        mark = form.cleaned_data["mark"]
        count = record_everyone(programme_id=programme.pk, session_ids=ids, mark=mark, by=request.user)
        rescore_after_commit()
        words = ngettext("Attendance of %(n)s person is saved.", "Attendance of %(n)s people is saved.", count)
        messages.success(request, words % {"n": count})
        return back

    try:
        body = {**form.said, "sessions": sorted(ids), "programme": programme.pk}
        return redirect(done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do))
    except PlacesChanged as changed:
        return check_page(request, programme, ids, back, refusal=str(changed), status=409)
    except Refused as refusal:
        return check_page(request, programme, ids, back, refusal=str(refusal), status=422)


def check_page(
    request: UserRequest, programme: Programme, ids: list[int], back: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The sessions with how many people would be marked; nothing to confirm where nobody would be."""
    sessions, everyone = list(sessions_to_mark(programme.pk, ids, request.user)), None
    try:
        everyone = everyone_on(sessions, request.user)
    except Refused as refused:
        refusal, status = refusal or str(refused), max(status, 422)
    held = everyone.sessions if everyone else []
    context = {
        "programme": programme,
        "back": back,
        "refusal": refusal,
        "columns": COLUMNS,
        "form": EveryoneForm(initial={"mark": everyone.mark}) if everyone and held else None,
        "count": everyone.count if everyone else 0,
        "lines": [around_session(request, each.session, count=each.count) for each in held],
        "assessed": any(each.session.course.assessed for each in held),
    }
    return render_page(request, "readiness/everyone_attended.html", context, status=status)
