"""Your work: where a person starts the day."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.programmes import why_nothing
from readiness.dashboards.work.beginning import beginning_of, nobody_waits
from readiness.dashboards.work.changed import changed_since, looked_from
from readiness.dashboards.work.due import due_of
from readiness.dashboards.work.duties import put_together
from readiness.dashboards.work.imports import imports_left
from readiness.dashboards.work.sessions import sessions_held
from readiness.dashboards.work.shifts import shifts_of
from readiness.dashboards.work.waiting import waiting_for
from readiness.forms.work import SeenForm
from rollout.choices import Role
from rollout.htmx import render_page
from rollout.models import LastLook, Programme
from rollout.permissions import be_logged_in, rights_of
from rollout.requests import UserRequest
from rollout.services.looks import keep_look
from rollout.views.access import permitted

SHOWN, ALL = 10, 200
DUTY_COLUMNS = ({"label": _("Record")}, {"label": _("Where")}, {"label": _("When")}, {"label": _("What to do")})
CHANGE_COLUMNS = ({"label": _("Record")}, {"label": _("What happened")}, {"label": _("Where")}, {"label": _("When")})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(be_logged_in)
def work(request: UserRequest) -> HttpResponse:
    """Three lists: due and late, waiting, changed. A POST says that what changed has been seen.

    Who is here for a board alone starts at the board dashboard. `?all=due`, `waiting` or `changed` shows more of one.
    """
    if rights_of(request.user).roles == {Role.BOARD_MEMBER}:
        return to_the_board(request)
    if request.method != "POST":
        return page(request)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return page(request, problem=str(form.errors["at"][0]), status=422)
    keep_look(user=request.user, at=form.cleaned_data["at"])
    messages.success(request, gettext("Marked as seen. What changes from now on shows in the list."))
    return redirect("readiness:work")


def to_the_board(request: UserRequest) -> HttpResponse:
    """The dashboard of the only programme, or of all."""
    programmes = list(Programme.objects.current().visible_to(request.user).order_by("pk")[:2])
    if len(programmes) == 1:
        return redirect("readiness:programme-board", programme=programmes[0].code)
    return redirect("readiness:board")


def page(request: UserRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, each list cut unless it is the one asked for in full."""
    user, today, now = request.user, timezone.localdate(), timezone.now()
    rights = rights_of(user)
    whole = request.GET.get("all", "")

    def most(name: str) -> int:
        return ALL if whole == name else SHOWN

    since = looked_from(last_look(request), now)
    held, left = sessions_held(user, now), imports_left(user, since)
    due = due_of(user, today, most("due"))
    first = put_together([each.duties(most("waiting")) for each in (held, left)], most("waiting"), by_day=False)
    waiting = waiting_for(user, today, most("waiting"), first=first)
    changed = changed_since(user, since, most("changed"), own=left.ended())
    context: dict[str, Any] = {
        "due": due,
        "waiting": waiting,
        "changed": changed[: most("changed")],
        "more_changed": len(changed) > most("changed"),
        "first": next(iter([*due.rows, *waiting.rows]), None),
        "since": since,
        "now": now,
        "today": today,
        "whole": whole,
        "beginning": beginning_of(user),
        "administers": rights.administrator,
        "shifts": shifts_of(user, now) if Role.CHAMPION in rights.roles else None,
        "sessions": held.coming[: most("sessions")],
        "more_sessions": max(len(held.coming) - most("sessions"), 0),
        "trains": Role.TRAINER in rights.roles,
        "only_shifts": rights.roles == {Role.CHAMPION},
        "nothing": "" if due.total or waiting.total or changed else nothing_of(request),
        "nobody_waits": nobody_waits(rights),
        "columns": {"duties": DUTY_COLUMNS, "changes": CHANGE_COLUMNS},
        "problem": problem,
        "error_count": 1 if problem else 0,
    }
    return render_page(request, "readiness/work.html", context, status=status)


def last_look(request: UserRequest) -> datetime | None:
    """When the person last said that they have seen what changed."""
    looks = LastLook.objects.filter(user=request.user)
    return looks.values_list("looked_at", flat=True).first()


def nothing_of(request: UserRequest) -> str:
    """Why there is nothing for this person; "" where there is a programme they may know of, and for champions."""
    rights = rights_of(request.user)
    if rights.roles == {Role.CHAMPION} or Programme.objects.current().visible_to(request.user).exists():
        return ""
    return why_nothing(rights)
