"""The waves of a programme: when they are, how their sites stand, how many are live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from readiness.dashboards.freshness import Freshness, newest_of
from readiness.dashboards.programmes import BAND_ORDER, Bands, band_rows, bands_in
from readiness.forms.sites import wave_name
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


@dataclass(frozen=True)
class Waves:
    """The waves in order, then the sites of no wave if there are any; and how old their scores are."""

    rows: list[WaveRow]
    freshness: Freshness

    @property
    def bands(self) -> Bands:
        """All sites together."""
        whole = Bands()
        for row in self.rows:
            whole.counts += row.bands.counts
            whole.nothing += row.bands.nothing
            whole.differing += row.bands.differing
        return whole

    @property
    def asked(self) -> int:
        """How many sites registered interest."""
        return sum(row.asked for row in self.rows)

    @property
    def begun(self) -> int:
        """How many of those have begun."""
        return sum(row.begun for row in self.rows)


def waves_of(programme: Programme, deployments: QuerySet, day: date | None = None) -> Waves:
    """The waves of a programme with their sites among the deployments, scored as of a day. Two queries."""
    going = ~Q(stage__in=HALTED_STAGES)
    groups = band_rows(
        "wave",
        with_go_live(deployments),
        day,
        live=Count("pk", filter=Q(actual_go_live_on__lte=day) if day else Q(actual_go_live_on__isnull=False)),
        asked=Count("interest_on"),
        begun=Count("interest_on", filter=~Q(stage=Stage.NOT_STARTED)),
        first=Min("goes_live_on", filter=going),
        last=Max("goes_live_on", filter=going),
    )
    bands = bands_in("wave", groups)

    def row(key: int | None, wave: Wave | None) -> WaveRow:
        those = [group for group in groups if group["wave"] == key]
        return WaveRow(
            wave=wave,
            bands=bands.get(key, Bands()),
            live=sum(group["live"] for group in those),
            asked=sum(group["asked"] for group in those),
            begun=sum(group["begun"] for group in those),
            first=min((group["first"] for group in those if group["first"]), default=None),
            last=max((group["last"] for group in those if group["last"]), default=None),
        )

    waves = Wave.objects.filter(programme=programme, retired_at=None).order_by("number")
    rows = [row(wave.pk, wave) for wave in waves]
    none = [row(None, None)] if None in bands else []
    return Waves([*rows, *none], newest_of(group["age"] for group in groups))


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
