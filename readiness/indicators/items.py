"""How each item of one checklist stands on a day, by the rules that the score counts with."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from readiness.indicators.checklists import WAIVED
from readiness.indicators.gather import parameters, with_ctes
from readiness.scoring import Model

_ITEMS = """
    SELECT item_id, state, done, due_on, waived, assurance, dated_on FROM checklist_items
"""
_WAIVED = f"""
    SELECT w.subject FROM readiness_waiver w CROSS JOIN (SELECT %(day)s::date AS day) asked
    WHERE w.deployment_id = %(deployment)s AND {WAIVED.format(row="asked")}
"""


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """An item on a day. `done`: its state is done and its shelf life has not run out; `since_on`: of what day the state
    is; `due_on`: the date set on it, else counted from its go-live, None without either."""

    state: str
    done: bool
    due_on: date | None
    waived: bool
    assurance: str
    since_on: date | None

    @property
    def stale(self) -> bool:
        """Whether it was done and no longer counts."""
        return self.state == "done" and not self.done


def items_on(model: Model, deployment_id: int, *, day: date) -> dict[int, ItemStanding]:
    """Every item of a deployment's checklist by its id, in one query; none where the deployment is not scored."""
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(_ITEMS), parameters(model, ids=[deployment_id], day=day))
        return {item_id: ItemStanding(*rest) for item_id, *rest in cursor.fetchall()}


def waived_at(deployment_id: int, *, day: date) -> frozenset[str]:
    """What is waived for a deployment on a day: codes of items, a cap, collisions. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIVED, {"deployment": deployment_id, "day": day})
        return frozenset(subject for (subject,) in cursor.fetchall())
