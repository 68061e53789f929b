"""The eleven domains of a stored score as cells: how far each has come, and how many points there are to win."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

from django.utils.translation import gettext

from readiness.dashboards.few import hidden_codes
from readiness.dashboards.judged import judgement_of
from readiness.dashboards.words import domain_name
from readiness.models import ReadinessScore
from readiness.scoring import DOMAINS, INDICATORS, Judgement, Model, State, rounded
from readiness.scoring.document import number_text
from rollout.models import Deployment

# Points to win from which each darker shade begins; below the first there is next to nothing to win.
SHADES = (Fraction(1, 2), Fraction(2), Fraction(4), Fraction(7), Fraction(11))
WEAKEST = 3
KNOWN, NO_EVIDENCE, NOT_APPLICABLE, HIDDEN = "known", "unknown", "n/a", "hidden"
_CODES = {domain: tuple(spec.code for spec in INDICATORS if spec.domain == domain) for domain in DOMAINS}


@dataclass(frozen=True)
class Cell:
    """One domain of one site. `value` is 0–1, `lost` the points of the score there are to win (0–100).

    `state`: known; unknown (no records of any indicator: worth its points, and counts as nothing); n/a (left out by a
    decision); hidden (of fewer than 5 people, for a board member). Value and lost are None but where something is known
    or unknown. `points` are those to win as they are shown, `shade` the step of the one hue: 0 for next to nothing to
    win, up to 5. `coarse`: figures are whole numbers, so that those hidden beside them cannot be worked out.
    """

    domain: str
    name: str
    state: str
    value: Fraction | None = None
    lost: Fraction | None = None
    points: Decimal | None = None
    shade: int = 0
    coarse: bool = False

    @property
    def share(self) -> Fraction | None:
        """The value as a file holds it: exact, or whole percents."""
        return self.value if self.value is None or not self.coarse else Fraction(floor(self.value * 100), 100)


def cells_of(
    score: ReadinessScore, deployment: Deployment, model: Model, names: Mapping[str, str], *, few: bool
) -> tuple[Cell, ...]:
    """The domains of a stored score, in their usual order. `few`: figures about fewer than 5 people may be shown."""
    judgement = judgement_of(score, deployment, model)
    hidden = frozenset() if few else hidden_codes(list(judgement.readings.values()))
    return tuple(_cell(judgement, domain, names[domain], hidden) for domain in DOMAINS)


def domain_names() -> dict[str, str]:
    """What each domain is called, looked up once for many cells."""
    return {domain: domain_name(domain) for domain in DOMAINS}


def shades() -> list[tuple[int, str]]:
    """The steps of the hue with the points they stand for, in words."""
    marks = [str(number_text(mark)) for mark in SHADES]
    first = gettext("under %(mark)s") % {"mark": marks[0]}
    between = [gettext("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(marks)]
    last = gettext("%(mark)s or more") % {"mark": marks[-1]}
    return list(enumerate([first, *between, last]))


def weakest(cells: tuple[Cell, ...]) -> list[Cell]:
    """The three domains with most to win, the most first; none with nothing to win."""
    losing = [cell for cell in cells if cell.points]
    return sorted(losing, key=lambda cell: cell.lost or 0, reverse=True)[:WEAKEST]


def _cell(judgement: Judgement, domain: str, name: str, hidden: frozenset[str]) -> Cell:
    codes = _CODES[domain]
    value, lost = judgement.domains[domain], judgement.domains_lost[domain]
    if value is None or lost is None:
        return Cell(domain, name, NOT_APPLICABLE)
    if hidden.intersection(codes):
        return Cell(domain, name, HIDDEN)
    known = any(judgement.readings[code].state is State.KNOWN for code in codes)
    return Cell(
        domain=domain,
        name=name,
        state=KNOWN if known else NO_EVIDENCE,
        value=value,
        lost=lost,
        points=rounded(lost, 0 if hidden else 1),
        shade=bisect_right(SHADES, lost),
        coarse=bool(hidden),
    )
