"""Facts out of the database: for a chunk of deployments the sums behind each score.

`evidence` runs the same SELECTs of units: the sums group them, the evidence lists them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import lcm
from typing import Any

from django.db import connection

from readiness.indicators import champions, checklists, engagement, programme, technical, training
from readiness.indicators.family import Family
from readiness.indicators.population import CTES
from readiness.scoring import Model, Reading, Situation, State, reading_from_sums

FAMILIES: tuple[Family, ...] = (
    checklists.FAMILY,
    training.FAMILY,
    champions.RATIO_FAMILY,
    champions.COVER_FAMILY,
    technical.FAMILY,
    engagement.REACH_FAMILY,
    engagement.CONFIDENCE_FAMILY,
    programme.TARGETS_FAMILY,
    programme.COMMITMENTS_FAMILY,
    programme.PILOTS_FAMILY,
    programme.HAZARDS_FAMILY,
)
EVERYTHING: tuple[Family, ...] = (*FAMILIES, programme.AGREEMENTS_FAMILY)
CHECKLIST = "checklist."

_WAIVED = checklists.WAIVED.format(row="sc")

# Which units stand behind the caps that count records: how the count is called, the units, and which of them.
BEHIND_CAPS: Mapping[str, tuple[str, str]] = {
    "overdue_blockers": ("checklist_units", "blocking AND NOT done AND NOT waived AND due_on < day"),
    "blocked_blockers": ("checklist_units", "blocking AND state = 'blocked' AND NOT waived"),
    "unacceptable_hazards": ("hazards_units", "open AND rating >= %(hazard_limit)s"),
    "unsigned_agreements": ("agreements_units", "true"),
}
_COUNTED = "".join(
    f"""
    SELECT '{name}', deployment_id, count(*), 0, 0, 1 FROM {table} WHERE {condition} GROUP BY deployment_id
    UNION ALL"""
    for name, (table, condition) in BEHIND_CAPS.items()
)

# What the caps ask, beside the indicators.
_CAP_COUNTS = f"""{_COUNTED}
    SELECT 'agreement_waived', sc.deployment_id, 1, 0, 0, 1
    FROM scored sc WHERE EXISTS (
        SELECT 1 FROM readiness_waiver w
        WHERE w.deployment_id = sc.deployment_id AND w.subject = 'agreement_unsigned' AND {_WAIVED}
    )
    UNION ALL
    SELECT 'has_template', c.deployment_id, 1, 0, 0, 1
    FROM scored JOIN readiness_checklist c USING (deployment_id) WHERE c.retired_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one deployment's score needs: a reading for every indicator, and the situation for caps and band.

    `day_begins_at` and `day_ends_at` are the instants between which the day runs at the site.
    """

    deployment_id: int
    readings: Mapping[str, Reading]
    situation: Situation
    day_begins_at: datetime
    day_ends_at: datetime


def sums_sql(family: Family) -> str:
    """The units of a family added up: code, deployment, units, Σ weight, Σ weight·credit, credit denominator."""
    return (
        "SELECT code, deployment_id, count(*), sum(weight), sum(weight * credit_num), credit_den "
        f"FROM {family.table} GROUP BY code, deployment_id, credit_den"
    )


def with_ctes(select: str) -> str:
    """A SELECT over units and population; PostgreSQL leaves out the CTEs that it does not mention."""
    ctes = dict(CTES)
    for family in EVERYTHING:
        ctes |= family.ctes
        ctes[family.table] = family.units
    return "WITH " + ", ".join(f"{name} AS ({sql})" for name, sql in ctes.items()) + select


def chunk_sql() -> str:
    """One statement, and so one moment of the database: a row a deployment with all its sums as JSON."""
    sums = " UNION ALL ".join([*(sums_sql(family) for family in FAMILIES), _CAP_COUNTS])
    return with_ctes(
        f""", sums (code, deployment_id, units, weight, credited, unit) AS ({sums}),
        collected AS (
            SELECT deployment_id, json_agg(json_build_array(code, units, weight, credited, unit)) AS rows
            FROM sums GROUP BY deployment_id
        )
        SELECT deployment_id, day, go_live_on, stage, programme_state, day_begins_at, day_ends_at,
            not_applicable, rows
        FROM scored LEFT JOIN collected USING (deployment_id) ORDER BY deployment_id"""
    )


def parameters(
    model: Model,
    *,
    ids: Sequence[int],
    day: date,
    people_day: date | None = None,
) -> dict[str, Any]:
    """The numbers of the model, and the deployments and days asked for, as the SQL names them."""
    pilot_den = lcm(*(credit.denominator for credit in model.pilot_credits.values()))
    pilot_credits = {outcome: int(credit * pilot_den) for outcome, credit in model.pilot_credits.items()}
    return {
        "day": day,
        "people_day": people_day or day,
        "ids": list(ids),
        "declared_num": model.declared_credit.numerator,
        "declared_den": model.declared_credit.denominator,
        "staff_per_champion": model.staff_per_champion,
        "cover_days": model.windows["cover_days"],
        "overlap_num": model.cover_overlap.numerator,
        "overlap_den": model.cover_overlap.denominator,
        "reach_days": model.windows["reach_days"],
        "confidence_days": model.windows["confidence_days"],
        "pilot_credits": json.dumps(pilot_credits),
        "pilot_undecided": pilot_credits["undecided"],
        "secured_den": model.unsecured_pilot_credit.denominator,
        "unsecured_num": model.unsecured_pilot_credit.numerator,
        "pilot_den": pilot_den * model.unsecured_pilot_credit.denominator,
        "hazard_limit": model.hazard_limit,
    }


def facts_of_chunk(model: Model, *, ids: Sequence[int], day: date) -> Iterator[Facts]:
    """The facts of each of these deployments that is scored on a day, in the order of ids."""
    with connection.cursor() as cursor:
        cursor.execute(chunk_sql(), parameters(model, ids=ids, day=day))
        rows = cursor.fetchall()
    for deployment_id, scored_day, go_live_on, stage, state, begins_at, ends_at, not_applicable, collected in rows:
        sums = json.loads(collected) if isinstance(collected, str) else collected or []
        readings, situation = _read(model, (scored_day, go_live_on, stage, state), frozenset(not_applicable), sums)
        yield Facts(deployment_id, readings, situation, begins_at, ends_at)


def _read(
    model: Model,
    plan: tuple[date, date | None, str, str],
    not_applicable: frozenset[str],
    sums: Sequence[Sequence[Any]],
) -> tuple[dict[str, Reading], Situation]:
    by_code: dict[str, list[tuple[int, int, int, int]]] = {}
    for code, units, weight, credited, unit in sums:
        by_code.setdefault(code, []).append((units, weight, credited, unit))
    counts = {name: by_code.pop(name)[0][0] for name in _COUNTS if name in by_code}
    has_template = bool(counts.pop("has_template", 0))
    waived = bool(counts.pop("agreement_waived", 0))
    readings = {
        code: reading_from_sums(
            code,
            by_code.get(code, ()),
            model,
            empty=State.NOT_APPLICABLE if has_template and code.startswith(CHECKLIST) else State.UNKNOWN,
            excluded=code in not_applicable,
        )
        for code in model.shares
    }
    day, go_live_on, stage, state = plan
    return readings, Situation(day, go_live_on, stage, state, agreement_waived=waived, **counts)


_COUNTS = (
    "overdue_blockers",
    "blocked_blockers",
    "unacceptable_hazards",
    "unsigned_agreements",
    "agreement_waived",
    "has_template",
)
