"""One site of a programme, on one day: the score with everything it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext

from readiness.dashboards.few import FEW, hidden_codes
from readiness.dashboards.head import Head
from readiness.dashboards.held import Cap
from readiness.dashboards.judged import judgement_of, models_of
from readiness.dashboards.words import IndicatorWords, domain_name, in_words
from readiness.explain import DomainRow, LedgerRow, Why, why
from readiness.indicators import Age
from readiness.models import ReadinessScore
from readiness.scoring import Judgement, State, rounded
from rollout.models import Deployment


def figure(value: Fraction | int) -> str:
    """A count as people write it: whole where it is whole, else with one decimal."""
    if value.denominator == 1:
        return number_format(int(value), use_l10n=True, force_grouping=True)
    return number_format(rounded(value, 1), use_l10n=True, force_grouping=True)


@dataclass(frozen=True)
class LeftOut:
    """What does not count here: an item, or ("") the whole indicator; since when, by whom, why, as far as is known."""

    what: str
    on: date | None
    by: str
    reason: str


@dataclass(frozen=True)
class Behind:
    """What stands behind an indicator: where its records are, how old those that count are, who vouched for them.

    `vouched` are words for a level of assurance and the number of items at it.
    """

    href: str
    age: Age | None = None
    vouched: tuple[tuple[str, int], ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator with its words; `hidden` where its counts could point at fewer than 5 people."""

    row: LedgerRow
    words: IndicatorWords
    hidden: bool = False
    behind: Behind | None = None

    @property
    def tag(self) -> str:
        """The code of the tag that stands for the value where there is none."""
        return {State.UNKNOWN: "unknown", State.NOT_APPLICABLE: "n/a"}.get(self.row.state, "")

    @property
    def few_answers(self) -> bool:
        """Whether there are too few answers on confidence to say how many: nobody is told of fewer than 5."""
        return self.row.code == "engagement.confidence" and 0 < self.row.denominator < FEW

    @property
    def counts(self) -> str:
        """The numerator and the denominator, "164 of 200"; "" where there is nothing to count, or not to be told."""
        if not self.row.denominator or self.few_answers:
            return ""
        return gettext("%(part)s of %(whole)s") % {
            "part": figure(self.row.numerator),
            "whole": figure(self.row.denominator),
        }

    @property
    def target(self) -> str:
        """The share that gives the whole value, "95%"; "" where it is the whole."""
        return "" if self.row.target == 1 else f"{figure(self.row.target * 100)}%"


@dataclass(frozen=True)
class DomainLine:
    """One domain with its indicators; `hidden` where one of them is."""

    row: DomainRow
    name: str
    indicators: tuple[IndicatorLine, ...]

    @property
    def hidden(self) -> bool:
        """Whether the domain's points would tell what one of its indicators hides."""
        return any(line.hidden for line in self.indicators)

    @property
    def shown_worth(self) -> Decimal:
        """The points the domain's full value gives, as the shown parts add up to it."""
        return self.row.shown_contribution + self.row.shown_lost

    @property
    def table_id(self) -> str:
        """The id of the table of the domain's indicators."""
        return f"table-{self.row.domain}"


@dataclass(frozen=True)
class Scored:
    """A stored score, taken apart again."""

    head: Head
    judgement: Judgement
    why: Why
    domains: tuple[DomainLine, ...]
    revisions: Sequence[ReadinessScore]

    @property
    def score(self) -> ReadinessScore:
        """The stored score."""
        return self.head.score

    @property
    def caps(self) -> tuple[Cap, ...]:
        """The caps in force, those that hold and those that do not."""
        return self.head.caps

    @property
    def lines(self) -> list[IndicatorLine]:
        """Every indicator, domain by domain."""
        return [line for domain in self.domains for line in domain.indicators]

    @property
    def lost(self) -> Decimal:
        """The lost points as they are shown, together."""
        return sum((domain.row.shown_lost for domain in self.domains), Decimal(0))

    @property
    def hidden(self) -> bool:
        """Whether anything is left out so that nobody can be recognised."""
        return any(domain.hidden for domain in self.domains)


def scored(deployment: Deployment, head: Head, *, few: bool, behind: Mapping[str, Behind] | None = None) -> Scored:
    """Everything a site's score is made of. `few`: counts of fewer than 5 people may be shown.

    `behind` is what stands behind each indicator, where the page tells of it.

    At most three queries, whatever stands behind the score.
    """
    score = head.score
    model = models_of([score])[score.model_id]
    judgement = judgement_of(score, deployment, model)
    reasons = why(judgement)
    hidden = frozenset() if few else hidden_codes(reasons.rows)
    told = behind or {}
    lines = [
        IndicatorLine(row, in_words(row.code, model), row.code in hidden, told.get(row.code)) for row in reasons.rows
    ]
    return Scored(
        head=head,
        judgement=judgement,
        why=reasons,
        domains=tuple(
            DomainLine(row, domain_name(row.domain), tuple(line for line in lines if line.row.domain == row.domain))
            for row in reasons.domains
        ),
        revisions=revisions_of(score),
    )


def revisions_of(score: ReadinessScore) -> list[ReadinessScore]:
    """Every revision of the score's day and model, the newest first."""
    rows = ReadinessScore.objects.filter(deployment=score.deployment_id, day=score.day, model=score.model_id)
    return list(rows.only("revision", "reason", "computed_at", "score", "superseded_at", "day").order_by("-revision"))
