"""The runs that work out a programme's scores, for its managers. Those of all are in readiness.views.health."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.programmes import programme_band
from readiness.dashboards.runs import (
    Address,
    announcement,
    failures_of,
    interruptions_of,
    run_rows,
    seen_mark,
    with_names,
)
from readiness.forms.runs import RunForm
from readiness.models import RecomputeRun
from readiness.services.runs import NothingToScore, request_run
from readiness.tasks import work_after_commit
from readiness.views.trail import crumb_programmes, crumb_runs, crumb_sites
from rollout.htmx import render_page, wants_part
from rollout.models import Programme
from rollout.permissions import manage_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted

COLUMNS = (
    {"label": _("Days")},
    {"label": _("State")},
    {"label": _("Worked out")},
    {"label": _("Failed"), "numeric": True},
    {"label": _("Written"), "numeric": True},
    {"label": _("Started")},
    {"label": _("Took")},
)
FAILURE_COLUMNS = ({"label": _("Site")}, {"label": _("Day")}, {"label": _("Kind of error")}, {"label": _("At")})
PER_PAGE = 25
NOTHING_TO_SCORE = _("No site of this programme is scored on these days.")
FAILURES_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def run_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """A programme's runs, live while one is under way; a POST asks for days to be worked out again."""
    form = RunForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and ask(request, form, programme):
        return redirect("readiness:run-list", programme=programme.code)
    runs = RecomputeRun.objects.visible_to(request.user).filter(programme=programme)
    context: dict[str, Any] = {
        "programme": programme,
        "programme_band": None if wants_part(request) else programme_band(programme),
        "trail": [crumb_programmes(), crumb_sites(programme)],
        "form": form,
    }
    return answer(request, runs, address_within(programme), context, status=422 if form.is_bound else 200)


def ask(request: UserRequest, form: RunForm, programme: Programme | None) -> bool:
    """Queue the run the form asks for; what cannot be scored is said at the form."""
    days = form.cleaned_data
    try:
        run = request_run(programme=programme, first_day=days["first_day"], last_day=days["last_day"], by=request.user)
    except NothingToScore:
        form.add_error("first_day", NOTHING_TO_SCORE)
        return False
    work_after_commit()
    words = ngettext(
        "%(count)d score is being worked out again.", "%(count)d scores are being worked out again.", run.total
    )
    messages.success(request, words % {"count": run.total})
    return True


def answer(
    request: UserRequest, runs: QuerySet, address: Address, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page of a list of runs, or its live part; 304 when the part that is shown already says it all."""
    page = Paginator(with_names(runs), PER_PAGE).get_page(request.GET.get("page"))
    rows = run_rows(list(page.object_list), address)
    mark, seen = seen_mark(rows), request.GET.get("seen", "")
    if wants_part(request) and seen == mark:
        return HttpResponseNotModified()
    live = any(row.under_way for row in rows) and page.number == 1
    context |= {
        "rows": rows,
        "page": page,
        "columns": COLUMNS,
        "mark": mark,
        "live": live,
        "paused": request.GET.get("live") == "off",
        "said": announcement(rows, seen),
        "part": wants_part(request),
    }
    return render_page(request, "readiness/run_list.html", context, partial="runs", status=status)


def find_run(user: Somebody, programme: str, run: int) -> RecomputeRun:
    """The run of an address like /p/<programme>/runs/<run>/."""
    runs = RecomputeRun.objects.visible_to(user).filter(programme=find_programme(user, programme))
    return get_object_or_404(with_names(runs), pk=run)


def manage_run(user: Somebody, run: RecomputeRun) -> bool:
    """Those who manage the run's programme; nobody else finds it."""
    return run.programme is not None and manage_programme(user, run.programme)


@require_safe
@permitted(manage_run, find_run)
def run_detail(request: UserRequest, run: RecomputeRun) -> HttpResponse:
    """One run of a programme, with what could not be scored."""
    return detail(request, run, run.programme)


def detail(request: UserRequest, run: RecomputeRun, programme: Programme | None) -> HttpResponse:
    """The page of one run."""
    page = Paginator(failures_of(run), FAILURES_PER_PAGE).get_page(request.GET.get("page"))
    [row] = run_rows([run], lambda run: "")
    context = {
        "row": row,
        "page": page,
        "columns": FAILURE_COLUMNS,
        "interruptions": interruptions_of(run),
        "programme": programme,
        "programme_band": programme_band(programme) if programme else None,
        "trail": [crumb_sites(programme), crumb_runs(programme)] if programme else [crumb_runs(None)],
    }
    return render_page(request, "readiness/run_detail.html", context)


def address_within(programme: Programme) -> Address:
    """Where a run of a programme is shown to its managers."""
    return lambda run: reverse("readiness:run-detail", kwargs={"programme": programme.code, "run": run.pk})
