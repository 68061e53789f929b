"""The headline measure of programmes, rolled up over their sites."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext

from readiness.dashboards.board.scope import Scope, Whose, grouped
from readiness.dashboards.board.survey import Survey
from readiness.dashboards.programmes import amount
from rollout.choices import Period
from rollout.models import Measure, Observation

# Of two periods that as many sites report, the longer one is steadier.
LONGEST = {Period.DAY: 0, Period.WEEK: 1, Period.MONTH: 2}
PERCENT = ("%", "percent")
SUMS = ("sites", "part", "base", "total", "values")


@dataclass(frozen=True)
class Rolled:
    """The measure over all sites that report a period: `value` in its unit, and how many sites that are."""

    starts_on: date
    value: Fraction
    sites: int


@dataclass(frozen=True)
class Headline:
    """A headline measure with its rolled-up series, the oldest first. `all_sites` is how many could report."""

    measure: Measure
    whose: Whose
    all_sites: int
    period: str = ""
    series: list[Rolled] = field(default_factory=list)

    @property
    def latest(self) -> Rolled | None:
        """The newest period."""
        return self.series[-1] if self.series else None

    @property
    def value(self) -> str:
        """The newest value with its unit, "" without any."""
        return shown(self.latest.value, self.measure.unit) if self.latest else ""

    @property
    def target(self) -> str:
        """The target with its unit, "" where none is set."""
        return "" if self.measure.target is None else amount(self.measure.target, self.measure.unit)

    @property
    def sentence(self) -> str:
        """How the measure stands, in one sentence."""
        if self.latest is None:
            return gettext("No site has reported %(name)s yet.") % {"name": self.measure.name}
        words = gettext("%(name)s: %(value)s in the %(period)s from %(day)s, reported by %(sites)s of %(all)s.") % {
            "name": self.measure.name,
            "value": self.value,
            "period": str(Period(self.period).label).lower(),
            "day": date_format(self.latest.starts_on, "j F Y"),
            "sites": grouped(self.latest.sites),
            "all": self.whose.whole(self.all_sites),
        }
        return f"{words} {self._aim}" if self.target else words

    @property
    def _aim(self) -> str:
        if self.measure.target_date is None:
            return gettext("The target is %(target)s.") % {"target": self.target}
        return gettext("The target is %(target)s by %(day)s.") % {
            "target": self.target,
            "day": date_format(self.measure.target_date, "j F Y"),
        }


def shown(value: Fraction, unit: str) -> str:
    """A value to one decimal, with its unit."""
    return amount(Decimal(round(value * 10)) / 10, unit)


def headlines(scope: Scope, survey: Survey) -> dict[int, Headline]:
    """The headline measure of each programme that has one, by the programme. Three queries.

    Numerators and denominators of the sites are summed; values without a denominator are averaged. A site that reports
    as a whole counts once, and its wards beside it do not. Of days, weeks and months the one that most sites report is
    taken.
    """
    measures = Measure.objects.filter(programme__in=scope.programmes, headline=True, retired_at=None)
    sites = {measure.programme_id: survey.of_programme(measure.programme_id).bands.sites for measure in measures}
    return {found.measure.programme_id: found for found in measured(scope, measures, sites)}


def measured(scope: Scope, measures: Iterable[Measure], sites: Mapping[int, int]) -> list[Headline]:
    """Measures rolled up as above, in their order; `sites` is how many of a programme could report. Two queries."""
    found = {measure.pk: measure for measure in measures}
    rows: dict[int, dict[tuple[str, date], Counter[str]]] = {pk: {} for pk in found}
    for row in _sums(scope, list(found.values())):
        sums = rows[row["measure"]].setdefault((row["period"], row["period_starts_on"]), Counter())
        sums.update({name: row[name] or 0 for name in SUMS})
    return [_headline(measure, rows[pk], scope.whose, sites[measure.programme_id]) for pk, measure in found.items()]


def _sums(scope: Scope, measures: Sequence[Measure]) -> Iterator[dict[str, Any]]:
    """Sums by measure and period: of sites that report as a whole, and of those that report by ward only."""
    if not measures:
        return
    current = Observation.objects.filter(measure__in=measures, retired_at=None)
    mine = current.filter(deployment__in=scope.deployments.values("pk"), period_starts_on__lte=scope.day)
    key = ("measure", "deployment", "period", "period_starts_on")
    whole = current.filter(ward=None, **{name: OuterRef(name) for name in key})
    figures = {"part": Sum("numerator"), "base": Sum("denominator"), "total": Sum("value"), "values": Count("value")}
    for rows, sites in (
        (mine.filter(ward=None), Count("pk")),
        (mine.exclude(ward=None).filter(~Exists(whole)), Count("deployment", distinct=True)),
    ):
        grouped_rows = rows.order_by().values("measure", "period", "period_starts_on")
        yield from map(dict, grouped_rows.annotate(sites=sites, **figures))


def _headline(
    measure: Measure, sums: Mapping[tuple[str, date], Mapping[str, Any]], whose: Whose, sites: int
) -> Headline:
    if not sums:
        return Headline(measure, whose, sites)
    reach = {
        each: max((row["sites"] for (period, _), row in sums.items() if period == each), default=0) for each in Period
    }
    chosen = max(Period, key=lambda each: (reach[each], LONGEST[each]))
    series = [
        Rolled(day, _value(measure, row), row["sites"])
        for (period, day), row in sorted(sums.items())
        if period == chosen
    ]
    return Headline(measure, whose, sites, chosen, series)


def _value(measure: Measure, row: Mapping[str, Any]) -> Fraction:
    """A share in the measure's unit, or the mean of what was observed."""
    if row["base"]:
        share = Fraction(row["part"]) / Fraction(row["base"])
        return share * 100 if measure.unit in PERCENT else share
    return Fraction(row["total"]) / row["values"]
