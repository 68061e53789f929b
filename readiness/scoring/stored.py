"""What is written down of a judgement: rounded figures, the only place where a score loses exactness."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from readiness.scoring.readings import State


class StoredIndicator(NamedTuple):
    """value 0–1 with 4 decimals, 0 if unknown, None if not applicable; numerator and target exact, as text ("41/5")."""

    state: State
    value: Decimal | None
    numerator: str
    denominator: int
    target: str


@dataclass(frozen=True, slots=True)
class Stored:
    """The figures of a ReadinessScore row: scores 0–100 with 2 decimals, coverage and values 0–1 with 4, halves up."""

    score: Decimal
    raw: Decimal
    expected: Decimal | None
    coverage: Decimal
    band: str
    days: int | None
    caps: tuple[str, ...]
    domains: dict[str, Decimal | None]
    indicators: dict[str, StoredIndicator]

    def domains_json(self) -> dict[str, str | None]:
        """Domain values as JSON holds them: decimals as text, null for a domain that is not applicable."""
        return {domain: None if value is None else str(value) for domain, value in self.domains.items()}

    def indicators_json(self) -> dict[str, list[Any]]:
        """Indicator figures as JSON holds them: [state, numerator, denominator, target, value].

        A list, since a database of scores holds millions of them. Reading.from_json reads one back without loss.
        """
        return {
            code: [
                figures.state.value,
                figures.numerator,
                figures.denominator,
                figures.target,
                None if figures.value is None else str(figures.value),
            ]
            for code, figures in self.indicators.items()
        }
