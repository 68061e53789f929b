"""The judgement: readings and the situation of one deployment on one day in, score, caps and band out, exact.

Whole numbers over a common denominator are summed first and reduced once: a nightly run judges 10,000 deployments.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import NamedTuple

from readiness.scoring.defaults import CODES
from readiness.scoring.model import Model
from readiness.scoring.numbers import rounded, rounded_ratio
from readiness.scoring.readings import Reading, State
from readiness.scoring.stored import Stored, StoredIndicator

KNOWN_CODES = frozenset(CODES)
HALTED_STAGES = frozenset({"deferred", "stopped"})
HALTED_PROGRAMME_STATES = frozenset({"paused", "stopped", "closed"})


class Band(StrEnum):
    """How a score stands against what is expected that day. Paused and unscheduled are compared with nothing."""

    READY = "ready"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    UNSCHEDULED = "unscheduled"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the caps, the expected score and the band need to know of a deployment on `day`, its site's local day.

    go_live_on is the actual go-live, else the planned one. The counts leave out what is waived, done or not applicable:
    overdue_blockers (due before `day`), blocked_blockers, unacceptable_hazards (open, rated at the model's limit or
    over) and unsigned_agreements (agreements of the deployment that miss a signature on `day`, waived or not).
    """

    day: date
    go_live_on: date | None
    stage: str
    programme_state: str
    overdue_blockers: int = 0
    blocked_blockers: int = 0
    unacceptable_hazards: int = 0
    unsigned_agreements: int = 0
    agreement_waived: bool = False

    @property
    def days(self) -> int | None:
        """Days to go-live, negative after it; None without a go-live."""
        return None if self.go_live_on is None else (self.go_live_on - self.day).days

    @property
    def halted(self) -> bool:
        """Deferred or stopped here, or the whole programme paused, stopped or closed."""
        return self.stage in HALTED_STAGES or self.programme_state in HALTED_PROGRAMME_STATES


class Judged(NamedTuple):
    """One indicator's part in the score. worth = contribution + lost: the points its full value gives (0–100)."""

    reading: Reading
    value: Fraction
    worth: Fraction
    contribution: Fraction
    lost: Fraction


class Weighed(NamedTuple):
    """The weighted mean before caps. domain_ratios are (numerator, denominator), None where not applicable."""

    raw: Fraction
    coverage: Fraction
    domain_ratios: dict[str, tuple[int, int] | None]


@dataclass(frozen=True)
class Judgement:
    """One deployment's readiness on one day, exact. raw, score and expected are 0–100, coverage and values 0–1."""

    model: Model
    situation: Situation
    readings: Mapping[str, Reading]
    raw: Fraction
    score: Fraction
    coverage: Fraction
    expected: Fraction | None
    days: int | None
    band: Band
    caps: tuple[str, ...]
    domain_ratios: Mapping[str, tuple[int, int] | None]

    @cached_property
    def domains(self) -> dict[str, Fraction | None]:
        """Each domain's value, None where it is not applicable."""
        return {domain: None if ratio is None else Fraction(*ratio) for domain, ratio in self.domain_ratios.items()}

    @cached_property
    def domains_lost(self) -> dict[str, Fraction | None]:
        """The points of the score (0–100) each domain leaves to win, None where it is not applicable.

        The lost points of its indicators together, without working those out: a list shows the domains of many sites.
        """
        total = sum(part.weight for part in self.model.layout if self.domain_ratios[part.domain] is not None)
        lost: dict[str, Fraction | None] = {}
        for part in self.model.layout:
            ratio = self.domain_ratios[part.domain]
            lost[part.domain] = ratio and Fraction(100 * part.weight * (ratio[1] - ratio[0]), total * ratio[1])
        return lost

    @cached_property
    def indicators(self) -> dict[str, Judged]:
        """Each indicator's part. Contributions add up to raw, lost points to 100 − raw where any domain applies."""
        applicable = [part for part in self.model.layout if self.domain_ratios[part.domain] is not None]
        total = sum(part.weight for part in applicable)
        worth: dict[str, Fraction] = {}
        for part in applicable:
            shares = [(code, share) for code, share in part.indicators if _applies(self.readings[code])]
            whole = total * sum(share for _code, share in shares)
            worth |= {code: Fraction(100 * part.weight * share, whole) for code, share in shares}
        return {code: _judged(self.readings[code], worth.get(code, Fraction(0))) for code in CODES}

    def stored(self) -> Stored:
        """The figures to write down, rounded."""
        return Stored(
            score=rounded(self.score, 2),
            raw=rounded(self.raw, 2),
            expected=None if self.expected is None else rounded(self.expected, 2),
            coverage=rounded(self.coverage, 4),
            band=self.band.value,
            days=self.days,
            caps=self.caps,
            domains={
                domain: None if ratio is None else rounded_ratio(*ratio, 4)
                for domain, ratio in self.domain_ratios.items()
            },
            indicators={code: _stored(reading) for code, reading in self.readings.items()},
        )


def judge(model: Model, readings: Mapping[str, Reading], situation: Situation) -> Judgement:
    """The score of one deployment on one day. An indicator without a reading is unknown and counts as nothing.

    Raises ValueError for a reading of an indicator that does not exist.
    """
    complete = _complete(model, readings)
    weighed = weigh(model, complete)
    caps = caps_holding(model, complete, situation)
    score = held(model, weighed.raw, caps)
    expected = expected_on(model, situation.days)
    return Judgement(
        model=model,
        situation=situation,
        readings=complete,
        raw=weighed.raw,
        score=score,
        coverage=weighed.coverage,
        expected=expected,
        days=situation.days,
        band=band_of(model, score, caps, expected, halted=situation.halted),
        caps=caps,
        domain_ratios=weighed.domain_ratios,
    )


def weigh(model: Model, readings: Mapping[str, Reading]) -> Weighed:
    """The weighted mean of a complete set of readings; 0 where no domain is applicable."""
    ratios: dict[str, tuple[int, int] | None] = {}
    total = 0
    raw_top, raw_bottom, known_top, known_bottom = 0, 1, 0, 1
    for domain, weight, indicators in model.layout:
        shares = known = top = 0
        bottom = 1
        for code, share in indicators:
            reading = readings[code]
            if reading.state is State.NOT_APPLICABLE:
                continue
            shares += share
            if reading.state is State.KNOWN:
                known += share
                top, bottom = _plus(top, bottom, share, *reading.ratio())
        if not shares:
            ratios[domain] = None
            continue
        ratios[domain] = (top, bottom * shares)
        total += weight
        raw_top, raw_bottom = _plus(raw_top, raw_bottom, weight, top, bottom * shares)
        known_top, known_bottom = _plus(known_top, known_bottom, weight, known, shares)
    if not total:
        return Weighed(Fraction(0), Fraction(0), ratios)
    return Weighed(Fraction(100 * raw_top, raw_bottom * total), Fraction(known_top, known_bottom * total), ratios)


def caps_holding(model: Model, readings: Mapping[str, Reading], situation: Situation) -> tuple[str, ...]:
    """The caps that hold, in alphabetical order. `readings` is complete."""
    days = situation.days
    near = days is not None and days <= model.windows["agreement_days"]
    holding = {
        "agreement_unsigned": near and situation.unsigned_agreements > 0 and not situation.agreement_waived,
        "blocker_blocked": situation.blocked_blockers > 0,
        "blocker_overdue": situation.overdue_blockers > 0,
        "hazard_log_missing": readings["governance.hazards"].state is State.UNKNOWN,
        "hazard_unacceptable": situation.unacceptable_hazards > 0,
    }
    return tuple(sorted(code for code, holds in holding.items() if holds))


def held(model: Model, raw: Fraction, caps: Collection[str]) -> Fraction:
    """The score: the smallest of raw and each cap that holds."""
    return min([raw, *(model.caps[code] for code in caps)])


def expected_on(model: Model, days: int | None) -> Fraction | None:
    """The score expected so many days before go-live: straight lines between the model's points, flat outside them."""
    if days is None:
        return None
    curve = model.expected_curve
    if days >= curve[0][0]:
        return curve[0][1]
    for (far, low), (near, high) in pairwise(curve):
        if days >= near:
            return low + (high - low) * Fraction(far - days, far - near)
    return curve[-1][1]


def band_of(
    model: Model, score: Fraction, caps: Collection[str], expected: Fraction | None, *, halted: bool = False
) -> Band:
    """The first band that fits, decided on exact values. No `expected` means no go-live."""
    if halted:
        return Band.PAUSED
    if expected is None:
        return Band.UNSCHEDULED
    if score >= model.ready_at and not caps:
        return Band.READY
    if any(code in model.off_track_caps for code in caps):
        return Band.OFF_TRACK
    if score >= expected - model.on_track_margin:
        return Band.ON_TRACK
    if score >= expected - model.at_risk_margin:
        return Band.AT_RISK
    return Band.OFF_TRACK


def _complete(model: Model, readings: Mapping[str, Reading]) -> dict[str, Reading]:
    if not readings.keys() <= KNOWN_CODES:
        raise ValueError(f"not an indicator: {', '.join(sorted(readings.keys() - KNOWN_CODES))}")
    return {
        code: readings[code] if code in readings else Reading(code, State.UNKNOWN, target=model.target(code))
        for code in CODES
    }


def _plus(top: int, bottom: int, times: int, other_top: int, other_bottom: int) -> tuple[int, int]:
    """top/bottom + times·other_top/other_bottom, over the least common denominator and not reduced."""
    if other_bottom == bottom:
        return top + times * other_top, bottom
    common = lcm(bottom, other_bottom)
    return top * (common // bottom) + times * other_top * (common // other_bottom), common


def _applies(reading: Reading) -> bool:
    return reading.state is not State.NOT_APPLICABLE


def _judged(reading: Reading, worth: Fraction) -> Judged:
    value = reading.value
    contribution = worth * value
    return Judged(reading, value, worth, contribution, worth - contribution)


def _stored(reading: Reading) -> StoredIndicator:
    value = rounded_ratio(*reading.ratio(), 4) if _applies(reading) else None
    return StoredIndicator(reading.state, value, str(reading.numerator), reading.denominator, str(reading.target))
