"""What happened to a deployment: stages, dates, waves and status changed, what was decided, which gates were held."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from readiness.choices import PASSED, GateKind
from rollout.choices import Stage
from rollout.models import Deployment

_WHO = """
    LEFT JOIN rollout_person p ON p.id = {row}.by_id
    LEFT JOIN rollout_user u ON u.id = p.user_id
"""
_NAME = "COALESCE(NULLIF(u.name, ''), u.email, p.label, '')"
_HAPPENED = f"""
    SELECT 'change' AS source, (c.at AT TIME ZONE %(zone)s)::date AS day, c.at, c.what, c.before, c.after,
        '', c.reason, c.by_id, {_NAME}
    FROM rollout_deploymentchange c {_WHO.format(row="c")}
    WHERE c.deployment_id = %(id)s AND c.retired_at IS NULL
    UNION ALL
    SELECT 'decision', d.from_on, NULL, d.kind, '', '', d.text, d.reason, d.by_id, {_NAME}
    FROM rollout_decision d {_WHO.format(row="d")}
    WHERE d.deployment_id = %(id)s AND d.from_on IS NOT NULL AND d.retired_at IS NULL
    UNION ALL
    SELECT 'gate', r.held_on, NULL, g.kind, '', r.outcome, g.name, r.words, NULL, ''
    FROM readiness_gatereview r JOIN readiness_gate g ON g.id = r.gate_id
    WHERE r.deployment_id = %(id)s AND r.outcome <> '' AND r.retired_at IS NULL
    ORDER BY day, at NULLS LAST, source, what
"""


@dataclass(frozen=True)
class Happening:
    """One thing that happened on a day of the site; `at` is known of changes alone.

    Of a change `what` is one of ChangeWhat, with the values before and after. Of a decision it is the kind, and `text`
    what was decided. Of a gate it is the kind, with the outcome in `after` and the gate's name in `text`.
    """

    source: str
    on: date
    at: datetime | None
    what: str
    before: str
    after: str
    text: str
    reason: str
    person_id: int | None
    person: str

    def changed(self, what: str, after: str = "") -> bool:
        """Whether it changed that; where a value is given, to that value."""
        return self.source == "change" and self.what == what and (not after or self.after == after)

    @property
    def passed(self) -> bool:
        """Whether it is a go/no-go gate that let the site go live."""
        return self.source == "gate" and self.what == GateKind.GO_LIVE and self.after in PASSED


def history_of(deployment: Deployment) -> list[Happening]:
    """Everything that happened, the oldest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENED, {"id": deployment.pk, "zone": deployment.site.time_zone})
        return [Happening(*row) for row in cursor.fetchall()]


def stage_words(code: str) -> str:
    """A stage as a change holds it, in the reader's language."""
    return str(Stage(code).label) if code in Stage.values else code
