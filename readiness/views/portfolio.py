"""The programmes as a list, and as a calendar of their go-lives and of other changes."""

import re
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.calendar import (
    WEEKS,
    Week,
    calendar_table,
    calendar_weeks,
    changes_listed,
    programme_choices,
)
from readiness.dashboards.freshness import nothing_known
from readiness.dashboards.portfolio import (
    answer_of,
    chosen,
    in_order,
    portfolio_of,
    portfolio_table,
    portfolios_of,
)
from readiness.dashboards.programmes import why_nothing
from readiness.dashboards.sites import PER_PAGE
from readiness.forms.programmes import CalendarFilters, ProgrammeFilters
from readiness.views.asked import day_asked
from readiness.views.days_to_come import day_to_come
from rollout.change_load import WEEK, monday_of
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme
from rollout.permissions import add_programme, be_logged_in, rights_of
from rollout.requests import UserRequest
from rollout.views.access import permitted

# `sort` is the word of ?sort=; see readiness.dashboards.portfolio.SORTS.
COLUMNS: tuple[dict[str, Any], ...] = (
    {"label": _("Programme and portfolio"), "sort": "name"},
    {"label": _("State"), "sort": "state"},
    {"label": _("Goal measure"), "sort": "target"},
    {"label": _("Sites by band")},
    {"label": _("Next gate")},
    {"label": _("Collisions in 60 days"), "numeric": True},
    {"label": _("Declared and computed differ"), "numeric": True},
)
ORDERS = tuple((column["sort"], column["label"]) for column in COLUMNS if "sort" in column)
WEEK_COLUMNS = (
    {"label": _("Week")},
    {"label": _("Go-lives")},
    {"label": _("Other changes")},
    {"label": _("Collisions")},
)
CALENDAR = "calendar"
NAMED = re.compile(r"(20[0-9]{2})-W([0-9]{2})")
FEW, MANY = 8, 200  # entries of a kind that a week shows among others, and alone


@require_safe
@permitted(be_logged_in)
def programme_list(request: UserRequest) -> HttpResponse:
    """The programmes the person may see, with the sites they may see of each; or their calendar."""
    programmes = Programme.objects.current().visible_to(request.user)
    deployments = Deployment.objects.current().visible_to(request.user)
    if request.GET.get("view") == CALENDAR:
        return calendar(request, programmes, deployments)
    day, today = day_asked(request), timezone.localdate()
    if nothing_known(day, deployments):
        return day_to_come(request, _("Programmes"), {"as_of": day}, part="programmes")
    form = ProgrammeFilters(request.GET, portfolios=portfolios_of(programmes))
    listed = in_order(chosen(programmes, form.choice), request.GET.get("sort", ""))
    files = {"programmes": lambda: portfolio_table(portfolio_of(list(listed), deployments, today, day).rows)}
    if answer := download_answer(request, files):
        return answer
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    shown = portfolio_of(list(page.object_list), deployments, today, day)
    part = wants_part(request)
    every = shown if part or (not form.has_changed() and page.paginator.num_pages == 1) else None
    # Above the list stands how all programmes are, whichever of them the filters leave.
    whole = every or portfolio_of(list(in_order(programmes, "")), deployments, today, day)
    context = {
        "rows": shown.rows,
        "answer": answer_of(whole.rows),
        "freshness": whole.freshness,
        "page": page,
        "form": form,
        "columns": COLUMNS,
        "sort": request.GET.get("sort", ""),
        "as_of": day,
        "today": today,
        "orders": ORDERS,
        "nothing": "" if shown.rows or form.has_changed() else why_nothing(rights_of(request.user)),
        "may_add": add_programme(request.user),
        "part": part,
    }
    return render_page(request, "readiness/programme_list.html", context, partial="programmes")


def calendar(request: UserRequest, programmes: QuerySet, deployments: QuerySet) -> HttpResponse:
    """A quarter of a year, week by week; or one week alone with all that is in it."""
    choices = programme_choices(programmes)
    form = CalendarFilters(request.GET, portfolios=portfolios_of(programmes), programmes=choices)
    choice = form.choice
    filtered = chosen(programmes, choice)
    if code := choice.get("programme"):
        filtered = filtered.filter(code=code)
    one = request.GET.get("week", "")
    first = week_named(one) if one else monday_of(first_asked(request) or timezone.localdate())
    last = first if one else first + (WEEKS - 1) * WEEK
    wanted = frozenset(filtered.values_list("pk", flat=True))
    there = deployments.filter(programme__in=wanted)
    weeks = calendar_weeks(
        first, last, programmes=wanted, changes=changes_listed(there, programmes), visible=deployments
    )
    if choice.get("collisions"):
        weeks = [week for week in weeks if week.collisions]
    if answer := download_answer(request, {"calendar": lambda: calendar_table(weeks)}):
        return answer
    context = {
        "weeks": weeks,
        "form": form,
        "columns": WEEK_COLUMNS,
        "first": first,
        "last": Week(last).sunday,
        "earlier": first - WEEKS * WEEK,
        "later": first + WEEKS * WEEK,
        "one": one,
        "limit": MANY if one else FEW,
        "kept": (("view", CALENDAR),),
        "clear": f"?view={CALENDAR}",
        "weeks_shown": WEEKS,
        "colliding": sum(len(week.collisions) for week in weeks),
        "part": wants_part(request),
    }
    return render_page(request, "readiness/programme_calendar.html", context, partial="calendar")


def first_asked(request: UserRequest) -> date | None:
    """The day of `?from=YYYY-MM-DD`, None without one. Raises Http404 for what is no day of this century."""
    day = day_asked(request, "from")
    if day and not 2000 <= day.year < 2100:
        raise Http404("not a day of this century")
    return day


def week_named(code: str) -> date:
    """The Monday of an ISO week like "2026-W14". Raises Http404 for what is no week of this century."""
    try:
        if found := NAMED.fullmatch(code):
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise Http404("not a week of this century")
