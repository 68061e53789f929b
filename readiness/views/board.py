"""The board dashboard, of one programme and of all that a reader calls theirs."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from readiness.dashboards.board import SHOWN, Board, board_of, headline_chart, scope_of, sentences, tables_of
from readiness.dashboards.board.chart import NAME as CHART
from readiness.dashboards.board.scope import Scope
from readiness.dashboards.board.waves import followed_portfolios
from readiness.dashboards.freshness import nothing_known
from readiness.dashboards.programmes import sites_address, why_nothing
from readiness.views.asked import day_asked
from readiness.views.days_to_come import day_to_come
from readiness.views.frame import programme_frame
from rollout.downloads import download_answer
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import be_logged_in, read_programme, rights_of
from rollout.requests import UserRequest
from rollout.views.access import find_programme, permitted

HEADING = _("Board dashboard")
# So many rows "Show all" brings at most; the files have no end.
ALL_SHOWN = 500
SCORES: tuple[dict[str, Any], ...] = (
    {"label": _("Sites by band")},
    {"label": _("Mean score"), "numeric": True},
    {"label": _("Expected"), "numeric": True},
)
COLUMNS: dict[str, tuple[dict[str, Any], ...]] = {
    "asked_columns": (
        {"label": _("What waits")},
        {"label": _("Where")},
        {"label": _("What is asked")},
        {"label": _("Since or by")},
    ),
    "wave_columns": ({"label": _("Wave")}, {"label": _("Window")}, *SCORES),
    "portfolio_columns": ({"label": _("Programme")}, {"label": _("Headline goal")}, *SCORES),
    "differing_columns": (
        {"label": _("Site")},
        {"label": _("We say")},
        {"label": _("We measure")},
        {"label": _("Score"), "numeric": True},
    ),
    "holding_columns": (
        {"label": _("What holds them back")},
        {"label": _("Sites"), "numeric": True},
        {"label": _("Where, the longest first")},
    ),
    "moved_columns": (
        {"label": _("Site")},
        {"label": _("Before"), "numeric": True},
        {"label": _("Now"), "numeric": True},
        {"label": _("Points"), "numeric": True},
        {"label": _("Band")},
    ),
    "money_columns": (
        {"label": _("Funding line")},
        {"label": _("Ends on")},
        {"label": _("Sites live by then"), "numeric": True},
        {"label": _("Gap")},
        {"label": _("Next line")},
    ),
}


@require_safe
@permitted(read_programme, find_programme)
def programme_board(request: UserRequest, programme: Programme) -> HttpResponse:
    """What the board of one programme reads: answers on one screen, then the detail."""
    scope = scope_asked(request, [programme])
    if nothing_known(scope.as_of, scope.deployments):
        return day_to_come(request, HEADING, programme_frame(request, programme, "board"))
    board = board_of(scope)
    return file_of(request, board) or render_page(
        request,
        "readiness/programme_board.html",
        programme_frame(request, programme, "board") | board_context(request, board),
    )


@require_safe
@permitted(be_logged_in)
def board(request: UserRequest) -> HttpResponse:
    """The same over the programmes of the portfolios the reader follows, or over all, by portfolio."""
    visible = list(Programme.objects.current().visible_to(request.user))
    followed = followed_portfolios(request.user)
    mine = [programme for programme in visible if programme.portfolio in followed]
    show_mine = request.GET.get("show", "mine" if mine else "all") == "mine"
    scope = scope_asked(request, mine if show_mine else visible)
    if nothing_known(scope.as_of, scope.deployments):
        return day_to_come(request, HEADING, {"as_of": scope.as_of})
    shown = board_of(scope)
    context = {
        "as_of": scope.as_of,
        "today": timezone.localdate(),
        "late": None,
        "visible": visible,
        "mine": mine,
        "show_mine": show_mine,
        "why_nothing": "" if visible else why_nothing(rights_of(request.user)),
    }
    return file_of(request, shown) or render_page(
        request, "readiness/board_detail.html", context | board_context(request, shown)
    )


def scope_asked(request: UserRequest, programmes: list[Programme]) -> Scope:
    """The sites of some programmes on the day asked for, compared with another day."""
    days = {"as_of": day_asked(request), "since": day_asked(request, "since")}
    return scope_of(request.user, programmes, today=timezone.localdate(), **days)


def file_of(request: UserRequest, board: Board) -> Any:
    """A table of the dashboard as a file, None where the page is asked for."""
    headline = board.headline
    chart = {CHART: lambda: headline_chart(headline, board.scope.day).table} if headline else {}
    return download_answer(request, {**tables_of(board), **chart})


def board_context(request: UserRequest, board: Board) -> dict[str, Any]:
    """The context of templates/readiness/board/."""
    scope, query = board.scope, request.GET.copy()
    query["all"] = "asked"
    day = f"as_of={scope.as_of:%Y-%m-%d}&" if scope.as_of else ""
    sites = sites_address(scope.programme) if scope.programme else ""
    hrefs = {"held": "#holding", "asked": "#asked", "sites": "#readiness", "expected": "#readiness"}
    hrefs["differing"] = f"{sites}?{day}differs=on" if sites else "#differing"
    return {
        **COLUMNS,
        "board": board,
        "chart": headline_chart(board.headline, scope.day) if board.headline else None,
        "scope": scope,
        "sentences": sentences(board.standing, hrefs),
        "sites_href": sites,
        "day_query": day,
        "shown": SHOWN,
        "asked_shown": ALL_SHOWN if request.GET.get("all") == "asked" else SHOWN,
        "all_asked_href": f"?{query.urlencode()}#asked",
        "all_shown": ALL_SHOWN,
        "freshness": board.freshness,
    }
