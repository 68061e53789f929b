"""Programmes as lists and headers show them: sites by band, the goal above every page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from readiness.choices import Band
from readiness.dashboards.declared import differs, with_declared
from readiness.dashboards.freshness import aged
from readiness.models import ReadinessScore
from rollout.choices import Role
from rollout.models import Measure, Programme
from rollout.querysets.rights import Rights


@dataclass
class Bands:
    """Deployments by band; `nothing` are those without any score. Paused and unscheduled are in no count of bands."""

    counts: Counter[str] = field(default_factory=Counter)
    nothing: int = 0
    differing: int = 0

    @property
    def sites(self) -> int:
        """All deployments, scored or not."""
        return self.nothing + sum(self.counts.values())

    @property
    def in_bands(self) -> int:
        """Deployments that are compared with what is expected."""
        return sum(self.counts[band] for band in COMPARED)

    @property
    def good(self) -> int:
        """Deployments that are ready or on track."""
        return self.counts[Band.READY] + self.counts[Band.ON_TRACK]

    @property
    def off_track(self) -> int:
        """Deployments that are off track."""
        return self.counts[Band.OFF_TRACK]

    @property
    def apart(self) -> int:
        """Deployments that are in no count of bands: paused, without a date, without a score."""
        return self.sites - self.in_bands

    @property
    def apart_by(self) -> list[tuple[str, int]]:
        """The same by what ?band= of a list of sites calls them; "none" are those without a score."""
        found = [(Band.PAUSED.value, self.counts[Band.PAUSED]), (Band.UNSCHEDULED.value, self.counts[Band.UNSCHEDULED])]
        return [(word, sites) for word, sites in [*found, ("none", self.nothing)] if sites]

    @property
    def present(self) -> list[tuple[Band, int]]:
        """The bands that any deployment is in, in the order of lists, each with its count."""
        return [(band, self.counts[band]) for band in BAND_ORDER if self.counts[band]]

    @property
    def bar(self) -> list[tuple[str, int, int]]:
        """The same as parts of a bar that is as long as all deployments: band, where it begins, how long it is."""
        parts: list[tuple[str, int, int]] = []
        begins = 0
        for band, sites in self.present:
            parts.append((band, begins, sites))
            begins += sites
        return parts


COMPARED = (Band.READY, Band.ON_TRACK, Band.AT_RISK, Band.OFF_TRACK)
# Furthest behind first; what is compared with nothing comes last.
BAND_ORDER = (Band.OFF_TRACK, Band.AT_RISK, Band.ON_TRACK, Band.READY, Band.UNSCHEDULED, Band.PAUSED)


def band_rows(column: str, deployments: QuerySet, day: Any = None, **more: Any) -> list[dict[str, Any]]:
    """Counts of sites by a column, band, declared status and age of the score, with `more` aggregates of each group.

    Band and `age` (a text of freshness.aged) come from one probe of the index a site, so they are grouped as one. A run
    works out many sites in one moment: there are few groups.
    """
    banded = ReadinessScore.objects.newest_of_each(with_declared(deployments, day), day, age=aged("band"))
    rows = banded.order_by().values(column, "age", "declared_now").annotate(sites=Count("pk"), **more)
    return [{**row, "band": row["age"].rpartition("|")[2] if row["age"] else None} for row in rows]


def bands_in(column: str, rows: Iterable[Mapping[str, Any]]) -> dict[Any, Bands]:
    """The rows of `band_rows` put together for each value of the column."""
    found: dict[Any, Bands] = {}
    for row in rows:
        bands = found.setdefault(row[column], Bands())
        if row["band"] is None:
            bands.nothing += row["sites"]
        else:
            bands.counts[row["band"]] += row["sites"]
        if differs(row["declared_now"] or "", row["band"] or ""):
            bands.differing += row["sites"]
    return found


def why_nothing(rights: Rights) -> str:
    """Why somebody with these rights sees no programme, kindly and with what to do."""
    if not rights.roles:
        return gettext(
            "No role of yours names a programme or a site yet. A programme manager or an administrator can give you "
            "one."
        )
    if rights.administrator:
        return gettext(
            "There is no programme yet. Add one here and set it up step by step, or load a programme pack: it brings a "
            "programme with its sites and records."
        )
    if rights.roles == {Role.CHAMPION}:
        return gettext(
            "You are here as a champion. Your shifts of the next two weeks stand under Your work. Programmes and sites "
            "are for those who run them."
        )
    return gettext(
        "Your role is in place, but no programme has reached what it names yet. As soon as one does, it shows here. "
        "Your account says what your roles name."
    )


def sites_address(programme: Programme) -> str:
    """The page of a programme's sites."""
    return reverse("readiness:deployment-list", kwargs={"programme": programme.code})


def programme_address(programme: Programme) -> str:
    """The page of a programme."""
    return reverse("readiness:programme-detail", kwargs={"programme": programme.code})


def settings_address(programme: Programme) -> str:
    """Where a programme is set up."""
    return reverse("readiness:programme-settings", kwargs={"programme": programme.code})


def programme_band(programme: Programme) -> dict[str, str]:
    """What stands above the title of every page inside a programme: name, goal, headline measure, in words."""
    headline = Measure.objects.filter(programme=programme, headline=True, retired_at=None).first()
    return {
        "name": programme.name,
        "goal": programme.goal,
        "measure": measure_in_words(headline) if headline else "",
        "href": reverse("readiness:programme-board", kwargs={"programme": programme.code}),
    }


def measure_in_words(measure: Measure) -> str:
    """A measure, where it started, where it should be by when: "Beds coded: from 62% to 90% by 31 March 2027"."""
    words = measure.name
    if measure.baseline is not None and measure.target is not None:
        words = gettext("%(name)s: from %(baseline)s to %(target)s") % {
            "name": measure.name,
            "baseline": amount(measure.baseline, measure.unit),
            "target": amount(measure.target, measure.unit),
        }
    elif measure.target is not None:
        words = gettext("%(name)s: %(target)s") % {"name": measure.name, "target": amount(measure.target, measure.unit)}
    if measure.target_date is None:
        return words
    return gettext("%(words)s by %(day)s") % {"words": words, "day": date_format(measure.target_date, "j F Y")}


def amount(value: Any, unit: str) -> str:
    """A figure with its unit, without idle zeros."""
    plain = value.normalize()
    number = number_format(plain if plain.as_tuple().exponent <= 0 else int(plain), use_l10n=True, force_grouping=True)
    return f"{number}%" if unit in ("%", "percent") else f"{number} {unit}".strip()
