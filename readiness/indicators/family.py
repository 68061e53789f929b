"""What a family of indicators declares: how its units are found, what names a unit, what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Family:
    """One SELECT of units, serving one indicator or several of the same kind.

    `units` yields a row a unit: code, deployment_id, weight, credit_num, credit_den, then the columns of `key` and
    `facts`. It may use the CTEs of `population` and those in `ctes`. A row's credit is credit_num ÷ credit_den, 0–1.
    `dated` yields a row for each record that lets a unit count: code and the day it is of (`dated_on`).
    """

    name: str
    units: str
    key: tuple[str, ...]
    facts: tuple[str, ...] = ()
    ctes: Mapping[str, str] = field(default_factory=dict)
    dated: str = ""

    @property
    def table(self) -> str:
        """The name of the CTE that holds the units."""
        return f"{self.name}_units"


def counting(table: str) -> str:
    """The days of the units that count, where each unit is one record and its row says of which day."""
    return f"SELECT code, dated_on FROM {table} WHERE credit_num > 0"
