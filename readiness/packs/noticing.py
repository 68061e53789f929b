"""What an import says of rows it took: retired ones left alone, shared ones changed, odd things of the whole."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from readiness.choices import PASSED, GateKind
from readiness.packs.checking import Look
from readiness.packs.findings import WARNED_A_FILE, Findings
from readiness.packs.report import Problem
from readiness.packs.resolving import CHANGED
from readiness.packs.spec import Table
from rollout.choices import Stage

_LIVE = (Stage.LIVE, Stage.HYPERCARE, Stage.EMBEDDED)

_NO_GATE = f"""
SELECT n.row, count(*) OVER () FROM pack_deployments n
JOIN rollout_deployment d ON d.programme_id = n.programme_id AND d.site_id = n.site_id
WHERE d.stage = ANY(%(live)s) AND d.retired_at IS NULL AND NOT EXISTS (
    SELECT FROM readiness_gatereview r JOIN readiness_gate g ON g.id = r.gate_id
    WHERE r.deployment_id = d.id AND g.kind = '{GateKind.GO_LIVE.value}' AND r.outcome = ANY(%(passed)s)
      AND r.retired_at IS NULL
)
ORDER BY n.row LIMIT {WARNED_A_FILE}
"""


def notice_rows(cursor: CursorWrapper, table: Table, look: Look, params: dict[str, Any], findings: Findings) -> None:
    """Before the merge: rows of retired records, and rows that change what another programme's pack holds too."""
    rows = f"SELECT n.row, count(*) OVER (), {{columns}} FROM {table.resolved} n"
    if look.retired:
        sql = f"{rows.format(columns='NULL')} WHERE n.retired"
        _warn(cursor, table, sql, params, findings, "retired: left as it is")
    if look.changed and table.shared:
        joined = f"JOIN {table.db_table} t ON t.id = n.id"
        sql = f"{rows.format(columns='n.changed')} {joined} WHERE {CHANGED} AND {table.shared}"
        _warn(cursor, table, sql, params, findings, "a changed value of a record that another programme shares")


def notice_programme(
    cursor: CursorWrapper, params: dict[str, Any], findings: Findings, *, has_deployments: bool
) -> None:
    """After the merge: sites that are live without a gate, a programme without a headline measure."""
    if has_deployments:
        cursor.execute(_NO_GATE, {"live": [s.value for s in _LIVE], "passed": [o.value for o in PASSED]})
        if found := cursor.fetchall():
            rows = (Problem("deployments.csv", "live, no gate recorded", row, (("stage", None),)) for row, _ in found)
            findings.warn(*rows, unseen=found[0][1] - len(found))
    cursor.execute(
        "SELECT EXISTS (SELECT FROM rollout_measure WHERE programme_id = %(programme)s AND headline"
        " AND retired_at IS NULL)",
        params,
    )
    if not cursor.fetchone()[0]:
        findings.warn(Problem("measures.csv", "the programme has no headline measure"))


def _warn(
    cursor: CursorWrapper, table: Table, sql: str, params: dict[str, Any], findings: Findings, words: str
) -> None:
    cursor.execute(f"{sql} ORDER BY n.row LIMIT {WARNED_A_FILE}", params)
    if found := cursor.fetchall():
        rows = (
            Problem(table.file, words, row, tuple((name, None) for name in columns or ())) for row, _, columns in found
        )
        findings.warn(*rows, unseen=found[0][1] - len(found))
