"""Every unit behind one deployment's score, in one statement: what the pages explain and act on."""

import json
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import connection

from readiness.explain import Evidence
from readiness.indicators import champions, checklists, engagement, programme, technical, training
from readiness.indicators.family import Family
from readiness.indicators.gather import CHECKLIST, EVERYTHING, facts_of_chunk, parameters, with_ctes
from readiness.indicators.population import ABSENT
from readiness.scoring import DOMAINS, Model, Situation, Unit

_STANDING = """
    SELECT 'standing', json_build_array(sc.not_applicable, EXISTS (
        SELECT 1 FROM readiness_checklist c WHERE c.deployment_id = sc.deployment_id AND c.retired_at IS NULL
    ))
    FROM scored sc
"""


# Which family holds the units of an indicator.
FAMILY_OF: dict[str, Family] = {
    **{f"{CHECKLIST}{domain}": checklists.FAMILY for domain in DOMAINS},
    "training.completion": training.FAMILY,
    "training.managers": training.FAMILY,
    "champions.ratio": champions.RATIO_FAMILY,
    "champions.cover": champions.COVER_FAMILY,
    "technical.access": technical.FAMILY,
    "engagement.reach": engagement.REACH_FAMILY,
    "engagement.confidence": engagement.CONFIDENCE_FAMILY,
    "goals.targets": programme.TARGETS_FAMILY,
    "partnerships.commitments": programme.COMMITMENTS_FAMILY,
    "pilots.outcome": programme.PILOTS_FAMILY,
    "governance.hazards": programme.HAZARDS_FAMILY,
}


def _unit_rows(family: Family, name: str = "") -> str:
    """The units of a family as one JSON list, beside a name if one is given."""
    columns = ", ".join(("code", "weight", "credit_num", "credit_den", *family.key, *family.facts))
    named = f"'{name}', " if name else ""
    return f"SELECT {named}json_agg(json_build_array({columns})) FROM {family.table}"


def units_sql() -> str:
    """One statement, and so one moment of the database: a row a family with all its units as JSON."""
    return with_ctes(" " + " UNION ALL ".join([*(_unit_rows(each, each.name) for each in EVERYTHING), _STANDING]))


def units_behind(model: Model, deployment_id: int, *, day: date, people_day: date | None = None) -> Evidence:
    """Every unit of one deployment on a day, in one query. Raises LookupError if it is not scored.

    With `people_day`: what the records of `day` say about the people of another.
    """
    with connection.cursor() as cursor:
        cursor.execute(units_sql(), parameters(model, ids=[deployment_id], day=day, people_day=people_day))
        found = {name: json.loads(rows) if isinstance(rows, str) else rows or [] for name, rows in cursor.fetchall()}
    if "standing" not in found:
        raise LookupError(f"deployment {deployment_id} is not scored")
    not_applicable, has_template = found["standing"]
    units: dict[str, list[Unit]] = {}
    for family in EVERYTHING:
        for code, weight, credit_num, credit_den, *rest in found[family.name]:
            units.setdefault(code, []).append(_unit(family, weight, Fraction(credit_num, credit_den), rest))
    agreements = units.pop("agreement", [])
    return Evidence(units, frozenset(not_applicable), has_template, agreements)


def evidence_of(
    model: Model, deployment_id: int, *, day: date, people_day: date | None = None
) -> tuple[Evidence, Situation]:
    """Every unit behind one deployment's score on a day, and the situation. Raises LookupError if it is not scored.

    Two queries, however many units there are.
    """
    facts = next(facts_of_chunk(model, ids=[deployment_id], day=day), None)
    if facts is None:
        raise LookupError(f"deployment {deployment_id} is not scored")
    return units_behind(model, deployment_id, day=day, people_day=people_day), facts.situation


def _unit(family: Family, weight: int, credit: Fraction, written: list[Any]) -> Unit:
    names = (*family.key, *family.facts)
    values = [_value(name, value) for name, value in zip(names, written, strict=True)]
    keys = len(family.key)
    return Unit(tuple(values[:keys]), weight, credit, dict(zip(family.facts, values[keys:], strict=True)))


def _value(name: str, written: Any) -> Any:
    """Days and instants out of their text: days are called `…_on` or date, instants `…_at`."""
    if written is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(written)
    return date.fromisoformat(written) if name.endswith("_on") or name == "date" else written


def units_of(model: Model, deployment_id: int, code: str, *, day: date) -> list[Unit]:
    """The units of one indicator of one deployment on a day, in one query; none where it is not scored.

    Raises KeyError for a code that is no indicator.
    """
    family = FAMILY_OF[code]
    values = parameters(model, ids=[deployment_id], day=day) | {"code": code}
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(f" {_unit_rows(family)} WHERE code = %(code)s"), values)
        (found,) = cursor.fetchone()
    rows = json.loads(found) if isinstance(found, str) else found or []
    return [
        _unit(family, weight, Fraction(credit_num, credit_den), rest)
        for _code, weight, credit_num, credit_den, *rest in rows
    ]


def absent_staff(model: Model, deployment_id: int, *, day: date) -> frozenset[int]:
    """Of the staff of one deployment on a day, the ids of those on recorded absence in the days from go-live."""
    with connection.cursor() as cursor:
        cursor.execute(
            with_ctes(f", absent AS ({ABSENT}) SELECT staff_id FROM absent"),
            parameters(model, ids=[deployment_id], day=day),
        )
        return frozenset(row[0] for row in cursor.fetchall())
