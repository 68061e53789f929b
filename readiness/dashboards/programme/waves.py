"""The waves of a programme: when they are, how their sites stand, how many are live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from readiness.dashboards.programmes import BAND_ORDER, Bands, bands_by
from readiness.forms.sites import wave_name
from readiness.models import ReadinessScore
from rollout.change_load import HALTED_STAGES, with_go_live
from rollout.choices import Stage
from rollout.downloads import Column, Table
from rollout.models import Programme, Wave


@dataclass(frozen=True)
class WaveRow:
    """A wave, or (None) the sites of none. `first` and `last` are the go-lives of its sites that are not at rest.

    `live` counts sites that went live, `asked` those that registered interest, `begun` those of them at work.
    """

    wave: Wave | None
    bands: Bands
    live: int = 0
    asked: int = 0
    begun: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def name(self) -> str:
        """The wave by its number and name."""
        return wave_name(self.wave) if self.wave else gettext("No wave")

    @property
    def query(self) -> str:
        """What narrows the list of sites to the wave, ending in "&"; "" where the list knows no such filter."""
        return f"wave={self.wave.number}&" if self.wave else ""


def wave_rows(programme: Programme, deployments: QuerySet, day: date | None = None) -> list[WaveRow]:
    """Every wave in order, then the sites of no wave if there are any. Three queries."""
    bands = bands_by("wave", deployments, day)
    going = ~Q(stage__in=HALTED_STAGES)
    grouped = with_go_live(deployments).order_by().values("wave").annotate(
        live=Count("pk", filter=Q(actual_go_live_on__isnull=False)),
        asked=Count("interest_on"),
        begun=Count("interest_on", filter=~Q(stage=Stage.NOT_STARTED)),
        first=Min("goes_live_on", filter=going),
        last=Max("goes_live_on", filter=going),
    )  # fmt: skip
    dates = {row.pop("wave"): row for row in grouped}

    def row(wave: Wave | None) -> WaveRow:
        key = wave.pk if wave else None
        return WaveRow(wave, bands.get(key, Bands()), **dates.get(key, {}))

    rows = [row(wave) for wave in Wave.objects.filter(programme=programme, retired_at=None).order_by("number")]
    return [*rows, row(None)] if None in dates else rows


def together(parts: Iterable[Bands]) -> Bands:
    """The bands of several groups of sites added up."""
    whole = Bands()
    for part in parts:
        whole.counts += part.counts
        whole.nothing += part.nothing
        whole.differing += part.differing
    return whole


def newest_scores(deployments: QuerySet, day: date | None = None) -> QuerySet:
    """The newest score of any of the deployments, at most one, for the line that says how old the figures are."""
    latest = ReadinessScore.objects.latest_of_each
    scored = deployments.annotate(score=latest("pk", day), scored_on=latest("day", day)).exclude(score=None)
    return ReadinessScore.objects.filter(pk__in=scored.order_by(F("scored_on").desc(), "pk").values("score")[:1])


COLUMNS = (
    Column("number", _("Number"), "whole"),
    Column("wave", _("Wave")),
    Column("starts_on", _("From"), "day"),
    Column("ends_on", _("To"), "day"),
    Column("sites", _("Sites"), "whole"),
    *(Column(band, Band(band).label, "whole") for band in BAND_ORDER),
    Column("nothing", _("Without a score"), "whole"),
    Column("live", _("Live"), "whole"),
    Column("first", _("First go-live"), "day"),
    Column("last", _("Last go-live"), "day"),
)


def waves_table(rows: Sequence[WaveRow]) -> Table:
    """The waves as a file."""
    return Table("waves", _("Waves"), COLUMNS, [_values(row) for row in rows])


def _values(row: WaveRow) -> list[Any]:
    return [
        row.wave.number if row.wave else None,
        row.wave.name if row.wave else gettext("No wave"),
        row.wave.starts_on if row.wave else None,
        row.wave.ends_on if row.wave else None,
        row.bands.sites,
        *(row.bands.counts[band] for band in BAND_ORDER),
        row.bands.nothing,
        row.live,
        row.first,
        row.last,
    ]
