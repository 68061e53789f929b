"""How old the evidence is: the days of the records that let an indicator count."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from readiness.indicators.gather import FAMILIES, parameters, with_ctes
from readiness.scoring import Model


@dataclass(frozen=True, slots=True)
class Age:
    """The days of `records` records that count: the oldest, the newest, and the day half of them are not older than."""

    records: int
    oldest: date
    newest: date
    median: date


def ages_sql() -> str:
    """One statement over all families: a row an indicator that has records which count."""
    dated = " UNION ALL ".join(f"SELECT code, dated_on FROM ({family.dated}) {family.name}" for family in FAMILIES)
    return with_ctes(
        f""", dated (code, dated_on) AS ({dated})
        SELECT code, count(*), min(dated_on), max(dated_on), percentile_disc(0.5) WITHIN GROUP (ORDER BY dated_on)
        FROM dated WHERE dated_on IS NOT NULL GROUP BY code"""
    )


def ages_of(model: Model, deployment_id: int, *, day: date) -> dict[str, Age]:
    """The age of the evidence of each indicator on a day, as its records are known now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ages_sql(), parameters(model, ids=[deployment_id], day=day))
        return {code: Age(records, oldest, newest, median) for code, records, oldest, newest, median in cursor}
