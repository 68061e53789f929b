"""What the system checks find, for many sites in a fixed number of queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from readiness.checks.catalogue import CHECKS, Check
from readiness.checks.records import CTES, SELECTS
from readiness.indicators.checklists import WAIVED
from readiness.indicators.gather import parameters, with_ctes
from readiness.models.safety import COLLISION_PREFIX
from readiness.scoring import Model
from rollout.change_load import DAYS_AFTER, DAYS_BEFORE, collisions, week_code, weeks_between
from rollout.choices import ReadinessDomain

NUMBERS = {"domains": len(ReadinessDomain), "two_weeks": 14, "year": 365}
COLLISION = "no_collision"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found for an item on a day, beside how the item is recorded.

    `holds`: the records prove it. `stale`: it was done and its shelf life has run out. `proved_here`: a check, and not
    another system, vouches for it.
    """

    item_id: int
    code: str
    found: int
    total: int
    holds: bool
    state: str
    assurance: str
    stale: bool
    proved_here: bool

    @property
    def check(self) -> Check:
        """The check itself."""
        return CHECKS[self.code]

    @property
    def words(self) -> str:
        """What was found, in a sentence."""
        return self.check.words(self.found, self.total)


@dataclass(frozen=True, slots=True)
class _Asked:
    item_id: int
    deployment_id: int
    site_id: int
    go_live_on: date | None
    check_code: str
    state: str
    assurance: str
    done_on: date | None
    valid_days: int | None
    proved_here: bool


_ASKED = """
    SELECT item_id, deployment_id, site_id, go_live_on, check_code, state, assurance, done_on, valid_days, proved_here
    FROM to_check
"""
_WAIVED_WEEKS = f"""
    SELECT w.deployment_id, w.subject FROM readiness_waiver w CROSS JOIN (SELECT %(day)s::date AS day) a
    WHERE w.deployment_id = ANY(%(ids)s) AND w.subject LIKE %(prefix)s AND {WAIVED.format(row="a")}
"""


def findings(model: Model, *, ids: Sequence[int], day: date, item_id: int | None = None) -> list[Finding]:
    """What the checks of these deployments' items find on a day, which is today at their sites; or those of one item.

    Codes that no check has are left out: nothing proves them. At most five queries, whatever the number of sites.
    """
    given = {**parameters(model, ids=ids, day=day), **NUMBERS}
    asked = [row for row in _asked(given) if row.check_code in CHECKS and item_id in (None, row.item_id)]
    if not asked:
        return []
    found = _counted({row.check_code for row in asked}, given)
    weeks = [row for row in asked if row.check_code == COLLISION]
    if weeks:
        found |= _free_weeks(weeks, day)
    return [_finding(row, found[row.item_id], day) for row in asked if row.item_id in found]


def _asked(given: dict[str, Any]) -> list[_Asked]:
    with connection.cursor() as cursor:
        cursor.execute(_with(_ASKED), given)
        return [_Asked(*row) for row in cursor.fetchall()]


def _counted(codes: Collection[str], given: dict[str, Any]) -> dict[int, tuple[int, int, bool]]:
    selects = [SELECTS[code] for code in sorted(codes) if code in SELECTS]
    if not selects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_with(" UNION ALL ".join(f"({select})" for select in selects)), given)
        return {item: (int(found), int(total), holds) for item, found, total, holds in cursor.fetchall()}


def _with(select: str) -> str:
    """A SELECT over what is asked and the population; with_ctes opens the WITH, further names follow it."""
    own = ", ".join(f"{name} AS ({sql})" for name, sql in CTES.items())
    return with_ctes(f", {own} {select}")


def _free_weeks(asked: Sequence[_Asked], day: date) -> dict[int, tuple[int, int, bool]]:
    """Of the weeks around each go-live those in which nothing collides, or whose collision is waived. Three queries."""
    spans = {row: _span(row.go_live_on) for row in asked if row.go_live_on}
    found = {row.item_id: (0, len(list(weeks_between(*_span(day)))), False) for row in asked}
    if not spans:
        return found
    first, last = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    hit = {(week.site_id, week.monday) for week in collisions(first, last, {row.site_id for row in spans})}
    waived = _waived([row.deployment_id for row in spans], day)
    for row, span in spans.items():
        mondays = list(weeks_between(*span))
        free = sum(
            (row.site_id, monday) not in hit or (row.deployment_id, f"{COLLISION_PREFIX}{week_code(monday)}") in waived
            for monday in mondays
        )
        found[row.item_id] = (free, len(mondays), free == len(mondays))
    return found


def _span(go_live: date) -> tuple[date, date]:
    return go_live - timedelta(days=DAYS_BEFORE), go_live + timedelta(days=DAYS_AFTER)


def _waived(ids: Sequence[int], day: date) -> set[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_WAIVED_WEEKS, {"ids": list(ids), "day": day, "prefix": f"{COLLISION_PREFIX}%"})
        return set(cursor.fetchall())


def _finding(row: _Asked, counted: tuple[int, int, bool], day: date) -> Finding:
    stale = bool(row.done_on and row.valid_days is not None and row.done_on + timedelta(days=row.valid_days) < day)
    return Finding(row.item_id, row.check_code, *counted, row.state, row.assurance, stale, row.proved_here)
