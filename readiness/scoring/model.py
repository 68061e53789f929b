"""What a scoring model says: weights, shares, targets, caps, the expected curve and every other number of the score."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

from readiness.scoring import document as read
from readiness.scoring.defaults import CAPS, CODES, DOMAINS, INDICATORS, PILOT_OUTCOMES, WINDOWS, Json
from readiness.scoring.document import ModelError


class DomainLayout(NamedTuple):
    """A domain with its weight and its indicators' shares as whole numbers over one common denominator."""

    domain: str
    weight: int
    indicators: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Model:
    """Every number of the score, exact. Scores and caps are 0–100, shares of one another are 0–1, windows are days.

    `caps` says how far each cap holds the score down, `off_track_caps` which of them put the band at off track.
    `expected_curve` is (days to go-live, expected score), the furthest day first. `confidence_minimum` counts answers.
    """

    version: str
    domain_weights: Mapping[str, Fraction]
    shares: Mapping[str, Fraction]
    targets: Mapping[str, Fraction]
    caps: Mapping[str, Fraction]
    off_track_caps: tuple[str, ...]
    expected_curve: tuple[tuple[int, Fraction], ...]
    ready_at: Fraction
    on_track_margin: Fraction
    at_risk_margin: Fraction
    hazard_limit: int
    windows: Mapping[str, int]
    staff_per_champion: int
    cover_overlap: Fraction
    declared_credit: Fraction
    pilot_credits: Mapping[str, Fraction]
    unsecured_pilot_credit: Fraction

    def target(self, code: str) -> Fraction:
        """The share that counts as the whole of an indicator; 1 where the model names none."""
        return self.targets.get(code, Fraction(1))

    @cached_property
    def layout(self) -> tuple[DomainLayout, ...]:
        """Domains in the order of `DOMAINS`: only ratios of weights and of shares matter, so integers will do."""
        weight_unit = lcm(*(weight.denominator for weight in self.domain_weights.values()))
        share_unit = lcm(*(share.denominator for share in self.shares.values()))
        return tuple(
            DomainLayout(
                domain,
                int(self.domain_weights[domain] * weight_unit),
                tuple((i.code, int(self.shares[i.code] * share_unit)) for i in INDICATORS if i.domain == domain),
            )
            for domain in DOMAINS
        )

    @classmethod
    def from_json(cls, document: Json) -> "Model":
        """The model a JSON document describes. Raises ModelError for a missing, unknown or impossible entry."""
        names = {field.name for field in fields(cls)}
        read.same_keys("model", document, names)
        if not isinstance(document["version"], str) or not document["version"]:
            raise ModelError("version: a text is needed")
        return cls(
            version=document["version"],
            domain_weights=read.numbers(document, "domain_weights", DOMAINS, low=0, above=True),
            shares=read.numbers(document, "shares", CODES, low=0, above=True),
            targets=read.targets(document),
            caps=read.numbers(document, "caps", CAPS, high=100),
            off_track_caps=read.off_track_caps(document),
            expected_curve=read.curve(document),
            ready_at=read.number("ready_at", document["ready_at"], high=100),
            on_track_margin=read.number("on_track_margin", document["on_track_margin"], high=100),
            at_risk_margin=read.number("at_risk_margin", document["at_risk_margin"], high=100),
            hazard_limit=read.count("hazard_limit", document["hazard_limit"]),
            windows={
                name: read.count(f"windows.{name}", value)
                for name, value in read.table(document, "windows", WINDOWS).items()
            },
            staff_per_champion=read.count("staff_per_champion", document["staff_per_champion"]),
            cover_overlap=read.number("cover_overlap", document["cover_overlap"], high=1, above=True),
            declared_credit=read.number("declared_credit", document["declared_credit"], high=1, above=True),
            pilot_credits=read.numbers(document, "pilot_credits", PILOT_OUTCOMES, high=1),
            unsecured_pilot_credit=read.number("unsecured_pilot_credit", document["unsecured_pilot_credit"], high=1),
        )

    def to_json(self) -> Json:
        """The document this model was read from; `from_json` of it gives an equal model."""
        return {field.name: read.plain(getattr(self, field.name)) for field in fields(self)}
