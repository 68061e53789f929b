"""Sites by band for each wave, or for each programme of a portfolio, expected against actual."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext

from readiness.dashboards.board.headline import Headline
from readiness.dashboards.board.scope import Scope
from readiness.dashboards.board.survey import Averages, Survey, Tally, added
from readiness.dashboards.programmes import BAND_ORDER, Bands, sites_address
from rollout.models import PortfolioFollow, Programme, Wave
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import ago, day_range


@dataclass(frozen=True)
class StandingRow:
    """The sites of a wave or a programme. `query` narrows the list of sites at `href` to them, and ends in "&"."""

    name: str
    window: str
    timing: str
    bands: Bands
    averages: Averages
    href: str
    query: str = ""
    page: str = ""
    headline: Headline | None = None

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each band with its count, in the order of lists."""
        return [(band.value, self.bands.counts[band]) for band in BAND_ORDER]


def wave_rows(scope: Scope, programme: Programme, survey: Survey) -> list[StandingRow]:
    """The programme's waves in order, then the sites of no wave. One query."""
    of_wave = survey.of_waves(programme.pk)
    waves = Wave.objects.filter(programme=programme, retired_at=None).order_by("number")
    rows = [_row(programme, wave, of_wave.pop(wave.pk, Tally()), scope.day) for wave in waves]
    return [*rows, _row(programme, None, added(of_wave.values()), scope.day)] if of_wave else rows


def _row(programme: Programme, wave: Wave | None, tally: Tally, day: date) -> StandingRow:
    return StandingRow(
        name=_name(wave),
        window=_window(wave),
        timing=timing(wave.starts_on, wave.ends_on, day) if wave else "",
        bands=tally.bands,
        averages=tally.averages,
        href=sites_address(programme) if wave else "",
        query=f"wave={wave.number}&" if wave else "",
    )


def _name(wave: Wave | None) -> str:
    if wave is None:
        return gettext("No wave")
    numbered = gettext("Wave %(number)s") % {"number": wave.number}
    return f"{numbered} – {wave.name}" if wave.name else numbered


def _window(wave: Wave | None) -> str:
    if wave is None or wave.starts_on is None or wave.ends_on is None:
        return ""
    return day_range(wave.starts_on, wave.ends_on)


def timing(starts_on: date | None, ends_on: date | None, day: date) -> str:
    """How far a window is: "begins in 3 days", "under way, ends in 7 days", "ended 12 days ago"; "" without one."""
    if starts_on and day < starts_on:
        return gettext("begins %(when)s") % {"when": ago(starts_on, day)}
    if ends_on and day > ends_on:
        return gettext("ended %(when)s") % {"when": ago(ends_on, day)}
    if starts_on and ends_on:
        return gettext("under way, ends %(when)s") % {"when": ago(ends_on, day)}
    return ""


@dataclass(frozen=True)
class Portfolio:
    """Programmes that a part of the board looks after together, each as a row."""

    name: str
    rows: list[StandingRow]
    table_id: str


def portfolios(scope: Scope, survey: Survey, measured: Mapping[int, Headline]) -> list[Portfolio]:
    """The programmes by portfolio, those of none last. No query."""
    ordered = sorted(scope.programmes, key=lambda each: (not each.portfolio, each.portfolio, each.name))
    grouped = groupby(ordered, key=lambda each: each.portfolio)
    return [
        Portfolio(
            name=name or gettext("No portfolio"),
            rows=[_programme_row(each, survey.of_programme(each.pk), measured.get(each.pk)) for each in group],
            table_id=f"portfolio-{number}",
        )
        for number, (name, group) in enumerate(grouped, start=1)
    ]


def _programme_row(programme: Programme, tally: Tally, headline: Headline | None) -> StandingRow:
    return StandingRow(
        name=programme.name,
        window="",
        timing=str(programme.get_state_display()),
        bands=tally.bands,
        averages=tally.averages,
        href=sites_address(programme),
        page=reverse("readiness:programme-board", kwargs={"programme": programme.code}),
        headline=headline,
    )


def followed_portfolios(user: Somebody) -> frozenset[str]:
    """The portfolios that a user calls "mine"."""
    return frozenset(PortfolioFollow.objects.filter(user=user.pk).values_list("portfolio", flat=True))
