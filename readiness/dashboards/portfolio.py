"""The list of programmes: one row each, with how its sites stand, what comes next and where too much comes at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from readiness.dashboards.freshness import Freshness, newest_of
from readiness.dashboards.gates import GateDay, next_gate_of_each
from readiness.dashboards.programmes import BAND_ORDER, Bands, band_rows, bands_in, measure_in_words, sites_address
from readiness.dashboards.sites import ordinal
from rollout.change_load import collisions
from rollout.choices import ProgrammeState, Stage
from rollout.downloads import Column, Table
from rollout.models import Measure, Programme

COLLISION_DAYS = 60
BEHIND = (Band.AT_RISK, Band.OFF_TRACK)
# What ?sort= may say, with the expression behind it; rows without a value always come last.
SORTS: dict[str, Any] = {
    "name": Lower("name"),
    "portfolio": Lower("portfolio"),
    "state": ordinal("state", tuple(ProgrammeState)),
    "target": F("target_on"),
}
DEFAULT_SORT = "name"


def chosen(programmes: QuerySet, choice: Mapping[str, Any]) -> QuerySet:
    """Programmes that fit the filters: q (words of name, product or goal), portfolio, state."""
    for word in choice.get("q", "").split():
        names = Q(name__icontains=word) | Q(code__iexact=word) | Q(product__icontains=word)
        programmes = programmes.filter(names | Q(goal__icontains=word))
    for name in ("portfolio", "state"):
        if value := choice.get(name):
            programmes = programmes.filter(**{name: value})
    return programmes


def in_order(programmes: QuerySet, sort: str) -> QuerySet:
    """Programmes in the order of `?sort=`, with `target_on`: the day of the headline measure, else of the programme."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        name = sort = DEFAULT_SORT
    headline = Measure.objects.filter(programme=OuterRef("pk"), headline=True, retired_at=None)
    ordered = programmes.annotate(
        target_on=Coalesce(Subquery(headline.values("target_date")[:1]), "target_date")
    ).alias(sort_key=SORTS[name])
    key = F("sort_key").desc(nulls_last=True) if sort.startswith("-") else F("sort_key").asc(nulls_last=True)
    return ordered.order_by(key, Lower("name"), "pk")


@dataclass(frozen=True)
class PortfolioRow:
    """One programme: `measure` is the headline measure in words, `collisions` weeks of the next 60 days."""

    programme: Programme
    bands: Bands
    measure: str
    target_on: date | None
    next_gate: GateDay | None
    collisions: int

    @property
    def href(self) -> str:
        """The programme's page."""
        return reverse("readiness:programme-detail", kwargs={"programme": self.programme.code})

    @property
    def sites_href(self) -> str:
        """The list of its sites."""
        return sites_address(self.programme)


@dataclass(frozen=True)
class Portfolio:
    """Rows of the list, and how old the newest of their scores is."""

    rows: list[PortfolioRow]
    freshness: Freshness


@dataclass(frozen=True)
class Answer:
    """How all programmes of a list stand: sites that are compared, those of them that are behind, and collisions.

    `first` is the programme with most sites behind, and `first_behind` how many these are; None where none are.
    """

    compared: int
    behind: int
    off_track: int
    colliding: int
    programmes: int
    first: PortfolioRow | None
    first_behind: int


def behind_of(row: PortfolioRow) -> int:
    """How many sites of a programme are at risk or off track."""
    return sum(row.bands.counts[band] for band in BEHIND)


def answer_of(rows: Sequence[PortfolioRow]) -> Answer:
    """The answer of a list of all programmes."""
    first = max(rows, key=behind_of, default=None)
    most = behind_of(first) if first else 0
    return Answer(
        compared=sum(row.bands.in_bands for row in rows),
        behind=sum(behind_of(row) for row in rows),
        off_track=sum(row.bands.off_track for row in rows),
        colliding=sum(bool(row.collisions) for row in rows),
        programmes=len(rows),
        first=first if most and len(rows) > 1 else None,
        first_behind=most,
    )


def portfolio_of(programmes: Sequence[Any], deployments: QuerySet, today: date, day: date | None = None) -> Portfolio:
    """Rows for programmes that carry `target_on`; only the deployments given are counted. Six queries."""
    of_these = deployments.filter(programme__in=programmes)
    groups = band_rows("programme", of_these, day)
    bands = bands_in("programme", groups)
    headlines = {
        measure.programme_id: measure
        for measure in Measure.objects.filter(programme__in=programmes, headline=True, retired_at=None)
    }
    gates = next_gate_of_each(programmes, deployments, today)
    clashing = collisions_by_programme(of_these, today)
    rows = [
        PortfolioRow(
            programme=programme,
            bands=bands.get(programme.pk, Bands()),
            measure=measure_in_words(headlines[programme.pk]) if programme.pk in headlines else "",
            target_on=programme.target_on,
            next_gate=gates.get(programme.pk),
            collisions=clashing[programme.pk],
        )
        for programme in programmes
    ]
    return Portfolio(rows, newest_of(group["age"] for group in groups))


def collisions_by_programme(deployments: QuerySet, today: date) -> Counter[int]:
    """How many collisions (a site and a week) the next 60 days hold at each programme's sites. Three queries.

    Where a programme was stopped, its site is not its own any more.
    """
    there = deployments.exclude(stage=Stage.STOPPED)
    found = collisions(today, today + timedelta(days=COLLISION_DAYS - 1), there.values("site"))
    weeks = Counter(week.site_id for week in found)
    counted: Counter[int] = Counter()
    for programme, site in there.filter(site__in=list(weeks)).values_list("programme_id", "site_id"):
        counted[programme] += weeks[site]
    return counted


def portfolios_of(programmes: QuerySet) -> list[str]:
    """The portfolios that programmes name, in order."""
    return list(programmes.exclude(portfolio="").order_by("portfolio").values_list("portfolio", flat=True).distinct())


COLUMNS = (
    Column("code", _("Code")),
    Column("programme", _("Programme")),
    Column("portfolio", _("Portfolio")),
    Column("state", _("State")),
    Column("approach", _("Approach")),
    Column("goal", _("Goal")),
    Column("measure", _("Headline measure")),
    Column("target_on", _("Target date"), "day"),
    Column("sites", _("Sites"), "whole"),
    *(Column(band, Band(band).label, "whole") for band in BAND_ORDER),
    Column("nothing", _("Without a score"), "whole"),
    Column("next_gate", _("Next gate")),
    Column("next_gate_site", _("Site of the next gate")),
    Column("next_gate_on", _("Day of the next gate"), "day"),
    Column("collisions", _("Change-load collisions in the next 60 days"), "whole"),
    Column("differing", _("Sites where declared and computed differ"), "whole"),
)


def portfolio_table(rows: Sequence[PortfolioRow]) -> Table:
    """The list as a file."""
    return Table("programmes", _("Programmes"), COLUMNS, [_values(row) for row in rows])


def _values(row: PortfolioRow) -> list[Any]:
    programme, gate = row.programme, row.next_gate
    return [
        programme.code,
        programme.name,
        programme.portfolio,
        programme.get_state_display(),
        programme.get_approach_display(),
        programme.goal,
        row.measure,
        row.target_on,
        row.bands.sites,
        *(row.bands.counts[band] for band in BAND_ORDER),
        row.bands.nothing,
        gate.name if gate else None,
        gate.site_name if gate else None,
        gate.due_on if gate else None,
        row.collisions,
        row.bands.differing,
    ]
