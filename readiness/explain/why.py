"""Why this number: the ledger of one judgement, row by row, adding up exactly and as shown."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from readiness.explain.evidence import BY_STAFF, Evidence
from readiness.explain.rounding import shown
from readiness.scoring import CODES, DOMAINS, INDICATORS, Judgement, Model, Reading, State, rounded
from readiness.scoring.judging import held

PLACES = 2


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One indicator. worth = contribution + lost, in points of the score; numerator ÷ denominator ÷ target is value.

    An indicator that is not applicable is worth nothing and stands here to be shown as left out.
    """

    code: str
    domain: str
    state: State
    value: Fraction
    worth: Fraction
    contribution: Fraction
    lost: Fraction
    numerator: Fraction | int
    denominator: int
    target: Fraction
    shown_contribution: Decimal
    shown_lost: Decimal


@dataclass(frozen=True, slots=True)
class DomainRow:
    """One domain: its value, None where it is not applicable, and its points as the sums of its rows."""

    domain: str
    value: Fraction | None
    worth: Fraction
    contribution: Fraction
    lost: Fraction
    shown_contribution: Decimal
    shown_lost: Decimal


@dataclass(frozen=True, slots=True)
class CapRow:
    """A cap that holds: how far down, how many records hold it (0 for a log without entries), and what it costs alone.

    `costs` is how much the score would rise if only this cap were gone; 0 while another one holds it as far down.
    """

    code: str
    limit: Fraction
    count: int
    costs: Fraction


@dataclass(frozen=True, slots=True)
class Why:
    """The ledger: contributions add up to raw, lost points to 100 − raw, raw − held_back to the score."""

    rows: tuple[LedgerRow, ...]
    domains: tuple[DomainRow, ...]
    caps: tuple[CapRow, ...]
    raw: Fraction
    score: Fraction
    held_back: Fraction


def why(judgement: Judgement) -> Why:
    """The ledger of a judgement, indicators in the order of the definition's table.

    Shown figures have two decimals and add up to the raw score as stored, and to what it lacks to 100. Where nothing
    at all is applicable, there is nothing to win and every row is empty.
    """
    judged = judgement.indicators
    raw = rounded(judgement.raw, PLACES)
    lacking = 100 - raw if any(judgement.indicators[code].worth for code in CODES) else None
    contributions = shown([judged[code].contribution for code in CODES], PLACES, raw)
    losses = shown([judged[code].lost for code in CODES], PLACES, lacking)
    rows = tuple(
        LedgerRow(
            code=spec.code,
            domain=spec.domain,
            state=judged[spec.code].reading.state,
            value=judged[spec.code].value,
            worth=judged[spec.code].worth,
            contribution=judged[spec.code].contribution,
            lost=judged[spec.code].lost,
            numerator=judged[spec.code].reading.numerator,
            denominator=judged[spec.code].reading.denominator,
            target=judged[spec.code].reading.target,
            shown_contribution=contribution,
            shown_lost=lost,
        )
        for spec, contribution, lost in zip(INDICATORS, contributions, losses, strict=True)
    )
    return Why(
        rows=rows,
        domains=tuple(_domain_row(judgement, domain, rows) for domain in DOMAINS),
        caps=tuple(_cap_row(judgement, cap) for cap in judgement.caps),
        raw=judgement.raw,
        score=judgement.score,
        held_back=judgement.raw - judgement.score,
    )


def present_readings(evidence: Evidence, absent: Collection[int], model: Model) -> dict[str, Reading]:
    """The second basis of training and access: the same indicators over staff who are not in `absent` (staff ids).

    Shown beside the score, which uses all staff. `absent` are those on recorded absence in the days from go-live on.
    """
    return {
        code: evidence.reading(code, [unit for unit in evidence.of(code) if unit.key[0] not in absent], model)
        for code in CODES
        if code in BY_STAFF
    }


def _domain_row(judgement: Judgement, domain: str, rows: tuple[LedgerRow, ...]) -> DomainRow:
    own = [row for row in rows if row.domain == domain]
    return DomainRow(
        domain=domain,
        value=judgement.domains[domain],
        worth=sum((row.worth for row in own), Fraction(0)),
        contribution=sum((row.contribution for row in own), Fraction(0)),
        lost=sum((row.lost for row in own), Fraction(0)),
        shown_contribution=sum((row.shown_contribution for row in own), Decimal(0)),
        shown_lost=sum((row.shown_lost for row in own), Decimal(0)),
    )


def _cap_row(judgement: Judgement, cap: str) -> CapRow:
    situation = judgement.situation
    counts = {
        "agreement_unsigned": situation.unsigned_agreements,
        "blocker_blocked": situation.blocked_blockers,
        "blocker_overdue": situation.overdue_blockers,
        "hazard_unacceptable": situation.unacceptable_hazards,
    }
    others = [code for code in judgement.caps if code != cap]
    return CapRow(
        code=cap,
        limit=judgement.model.caps[cap],
        count=counts.get(cap, 0),
        costs=held(judgement.model, judgement.raw, others) - judgement.score,
    )
