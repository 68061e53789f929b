"""The tables of a board dashboard as files. No row names anybody, and no figure counts people."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from readiness.dashboards.board.assembled import Board
from readiness.dashboards.board.places import Place
from readiness.dashboards.board.waves import StandingRow
from readiness.dashboards.programmes import BAND_ORDER
from rollout.choices import DeclaredStatus
from rollout.downloads import Column, Table

PROGRAMME = Column("programme", _("Programme"))
SITE = Column("site", _("Site"))
SITE_CODE = Column("site_code", _("Site code"))
PLACE = (PROGRAMME, SITE, SITE_CODE)
STANDING = (
    Column("sites", _("Sites"), "whole"),
    *(Column(band.value, band.label, "whole") for band in BAND_ORDER),
    Column("no_score", _("Without a score"), "whole"),
    Column("score", _("Mean score"), "number"),
    Column("expected", _("Mean expected"), "number"),
)


def tables_of(board: Board) -> Mapping[str, Callable[[], Table]]:
    """Every table of the page by its name, made when it is asked for."""
    made = (asked, waves, programmes, differing, held, moved, went_live, decisions, money)
    return {make.__name__.replace("_", "-"): partial(make, board) for make in made}


def asked(board: Board) -> Table:
    """Decisions that wait."""
    columns = (
        Column("kind", _("Kind")),
        Column("what", _("What waits")),
        Column("answer", _("What is asked")),
        PROGRAMME,
        Column("where", _("Where")),
        Column("on", _("Day"), "day"),
        Column("due", _("The day is a due date"), "yes_no"),
    )
    rows = (
        (each.kind.label, each.what, each.waits, each.programme, each.where, each.on, each.due) for each in board.asked
    )
    return _table(board, "asked", _("Decisions asked"), columns, rows)


def waves(board: Board) -> Table:
    """Sites by band for each wave."""
    columns = (Column("wave", _("Wave")), Column("window", _("Window")), *STANDING)
    rows = ((row.name, row.window, *_standing(row)) for row in board.waves)
    return _table(board, "waves", _("Readiness by wave"), columns, rows)


def programmes(board: Board) -> Table:
    """Sites by band for each programme."""
    columns = (Column("portfolio", _("Portfolio")), PROGRAMME, Column("state", _("State")), *STANDING)
    rows = ((each.name, row.name, row.timing, *_standing(row)) for each in board.portfolios for row in each.rows)
    return _table(board, "programmes", _("Readiness by portfolio"), columns, rows)


def differing(board: Board) -> Table:
    """Where declared and computed differ."""
    columns = (
        *PLACE,
        Column("declared", _("Declared")),
        Column("declared_on", _("Declared on"), "day"),
        Column("computed", _("Computed")),
        Column("score", _("Score"), "number"),
    )
    rows = (
        (
            *_place(place),
            DeclaredStatus(place.declared_now or "").label,
            place.declared_since,
            Band(place.band).label,
            place.score,
        )
        for place in board.differing
    )
    return _table(board, "differing", _("Where what we say and what we measure differ"), columns, rows)


def held(board: Board) -> Table:
    """Every site with a cap in force."""
    columns = (
        Column("why", _("What holds it back")),
        Column("limit", _("Held at")),
        *PLACE,
        Column("since", _("Since"), "day"),
    )
    rows = ((each.words, each.limit, *_place(row.place), row.since) for each in board.holdings for row in each.held)
    return _table(board, "held", _("What holds sites back"), columns, rows)


def moved(board: Board) -> Table:
    """Sites whose score moved by 5 points or more."""
    columns = (
        *PLACE,
        Column("before", _("Before"), "number"),
        Column("now", _("Now"), "number"),
        Column("points", _("Points"), "number"),
        Column("band", _("Band")),
    )
    rows = (
        (*_place(place), place.score_then, place.score, place.moved, Band(place.band).label)
        for place in board.changes.moved
    )
    return _table(board, "moved", _("Sites that moved by 5 points or more"), columns, rows)


def went_live(board: Board) -> Table:
    """Sites that went live."""
    rows = ((*_place(place), place.went_live_on) for place in board.changes.live)
    return _table(board, "went-live", _("Sites that went live"), (*PLACE, Column("on", _("Went live on"), "day")), rows)


def decisions(board: Board) -> Table:
    """Decisions taken, deferrals among them."""
    columns = (
        Column("on", _("Day"), "day"),
        Column("kind", _("Kind")),
        Column("what", _("What was decided")),
        Column("reason", _("Reason")),
        PROGRAMME,
        Column("where", _("Where")),
    )
    rows = (
        (each.from_on, each.label, each.what, each.reason, each.programme, each.where) for each in board.changes.taken
    )
    return _table(board, "decisions", _("Decisions taken"), columns, rows)


def money(board: Board) -> Table:
    """Gaps in the funding after a go-live."""
    columns = (
        PROGRAMME,
        Column("line", _("Funding line")),
        Column("ends_on", _("Ends on"), "day"),
        Column("live", _("Sites live by then"), "whole"),
        Column("next", _("Next line")),
        Column("next_on", _("Next line from"), "day"),
        Column("next_secured", _("Next line secured"), "yes_no"),
        Column("days", _("Days without"), "whole"),
    )
    rows = (
        (gap.programme, gap.text, gap.ends_on, gap.live, gap.next, gap.next_on, gap.next_secured, gap.days)
        for gap in board.money.gaps
    )
    return _table(board, "money", _("Money after go-live"), columns, rows)


def _place(place: Place) -> tuple[str, str, str]:
    return place.programme_name, place.site_name, place.site_code


def _standing(row: StandingRow) -> tuple[Any, ...]:
    counts = (sites for _band, sites in row.cells)
    return row.bands.sites, *counts, row.bands.nothing, row.averages.score, row.averages.expected


def _table(board: Board, name: str, title: Any, columns: Iterable[Column], rows: Iterable[tuple[Any, ...]]) -> Table:
    about = ((_("As of"), board.scope.day.isoformat()), (_("Compared with"), board.scope.since.isoformat()))
    return Table(name, title, tuple(columns), rows, about)
