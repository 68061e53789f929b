"""The domains of a score with their points, as the site's page lists them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.few import hidden_codes
from readiness.dashboards.words import domain_name
from readiness.explain import why
from readiness.scoring import Judgement
from rollout.downloads import Column, Table

COLUMNS = (
    Column("domain", _("Domain")),
    Column("value", _("Value"), "percent"),
    Column("contribution", _("Contribution"), "number"),
    Column("lost", _("Lost points"), "number"),
)


@dataclass(frozen=True)
class DomainPoints:
    """One domain: its value 0–1 (None: not applicable), its points with two decimals, whether they may be shown."""

    domain: str
    name: str
    value: Fraction | None
    contribution: Decimal
    lost: Decimal
    hidden: bool


@dataclass(frozen=True)
class Points:
    """The domains of a score; contributions add up to the raw score, lost points to what it lacks to 100."""

    domains: tuple[DomainPoints, ...]

    @property
    def hidden(self) -> bool:
        """Whether some are left out, so that nobody can be recognised; the others are then whole numbers."""
        return any(domain.hidden for domain in self.domains)

    @property
    def contribution(self) -> Decimal:
        """All contributions together."""
        return sum((domain.contribution for domain in self.domains), Decimal(0))

    @property
    def lost(self) -> Decimal:
        """All lost points together."""
        return sum((domain.lost for domain in self.domains), Decimal(0))


def points_of(judgement: Judgement, *, few: bool) -> Points:
    """The points of a judgement. `few`: counts of fewer than 5 people may be shown, and what would tell them."""
    ledger = why(judgement)
    hidden = frozenset() if few else hidden_codes(ledger.rows)
    private = {row.domain for row in ledger.rows if row.code in hidden}
    return Points(
        tuple(
            DomainPoints(
                domain=row.domain,
                name=domain_name(row.domain),
                value=row.value,
                contribution=row.shown_contribution,
                lost=row.shown_lost,
                hidden=row.domain in private and row.value is not None,
            )
            for row in ledger.domains
        )
    )


def points_table(points: Points) -> Table:
    """The domains as a table for a file: no more exact than the page where some are left out, or they would follow."""
    rows: list[tuple[Any, ...]] = []
    for domain in points.domains:
        if domain.value is None or domain.hidden:
            rows.append((domain.name, None, None, None))
        elif points.hidden:
            share = Fraction(int(domain.value * 100), 100)
            rows.append((domain.name, share, _whole(domain.contribution), _whole(domain.lost)))
        else:
            rows.append((domain.name, domain.value, domain.contribution, domain.lost))
    return Table("domains", gettext("Points by domain"), COLUMNS, rows)


def _whole(points: Decimal) -> int:
    return int(points.to_integral_value(ROUND_HALF_UP))
