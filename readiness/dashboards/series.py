"""Stored readings of an indicator over time: what charts and paces are drawn from."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models.fields.json import KeyTransform

from readiness.dashboards.few import OF_PEOPLE, hides
from readiness.models import ReadinessScore
from readiness.scoring import Reading, State
from rollout.models import Deployment


@dataclass(frozen=True)
class Stored:
    """An indicator as the current score of a day keeps it."""

    day: date
    reading: Reading

    @property
    def share(self) -> Fraction | None:
        """Numerator ÷ denominator, before any target; None where there was nothing to count."""
        reading = self.reading
        return Fraction(reading.numerator) / reading.denominator if reading.denominator else None


def series_of(deployment: Deployment, code: str, *, until: date, few: bool) -> list[Stored]:
    """The indicator on every day up to one that has a score, in order; on each day by the newest model.

    Days on which it was not applicable are left out, and without `few` (counts of fewer than 5 people may be shown)
    those that hide their figures about people. One query.
    """
    codes = {code} if few or code not in OF_PEOPLE else OF_PEOPLE
    rows = (
        ReadinessScore.objects.current()
        .until(until)
        .filter(deployment=deployment)
        .order_by("day", "model_id")
        .annotate(**{name: KeyTransform(each, "indicators") for each, name in named(codes).items()})
        .values("day", *named(codes).values())
    )
    found: dict[date, Stored] = {}
    for row in rows:
        figures = {each: row[name] for each, name in named(codes).items()}
        if not figures[code] or (len(codes) > 1 and hides(figures)):
            found.pop(row["day"], None)
            continue
        reading = Reading.from_json(code, figures[code])
        if reading.state is not State.NOT_APPLICABLE:
            found[row["day"]] = Stored(row["day"], reading)
    return list(found.values())


def named(codes: Any) -> dict[str, str]:
    """Names for columns that hold indicators: codes hold a dot, which a column may not."""
    return {code: code.replace(".", "_") for code in codes}
