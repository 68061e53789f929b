"""The people behind `technical.access`, each with their latest log-in test: where it was, on what, and why it failed.

The same staff and the same latest test as the score's, so that who passed here comes to the indicator's numerator. One
query for one deployment on one day, whatever its size.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from readiness.indicators.gather import parameters, with_ctes
from readiness.indicators.population import ABSENT
from readiness.indicators.technical import LATEST
from readiness.scoring import Model

# The latest test of a person before the go-live day begins at the site, and not after the end of the day shown.
BEFORE = LATEST.replace("st.day_ends_at", "LEAST(st.day_ends_at, st.go_live_on::timestamp AT TIME ZONE st.zone)")

TESTED = f"""
    , absent AS ({ABSENT})
    SELECT st.staff_id, st.ward_id, w.name, COALESCE(g.code, ''), COALESCE(NULLIF(g.name, ''), g.code, ''),
        c.passed, COALESCE(c.reason, ''), COALESCE(c.device, ''), c.ward_id, COALESCE(t.name, ''), c.checked_at,
        COALESCE(b.passed AND b.ward_id = st.ward_id, false),
        EXISTS (SELECT 1 FROM absent ab WHERE ab.staff_id = st.staff_id)
    FROM staff st
    JOIN rollout_ward w ON w.id = st.ward_id
    LEFT JOIN rollout_staffgroup g ON g.id = st.group_id
    LEFT JOIN LATERAL (SELECT c.passed, c.reason, c.device, c.ward_id, c.checked_at {LATEST}) c ON true
    LEFT JOIN LATERAL (SELECT c.passed, c.ward_id {BEFORE}) b ON true
    LEFT JOIN rollout_ward t ON t.id = c.ward_id
    ORDER BY st.staff_id
"""


@dataclass(frozen=True)
class Tested:
    """A member of staff in the ward where they count, and their latest test; `passed` is None without any.

    `test_ward_id` is where the test was, None where nobody said. `in_time`: the latest test before go-live passed on
    their own ward. `away`: on recorded absence in the days from go-live.
    """

    staff_id: int
    ward_id: int
    ward: str
    group_code: str
    group: str
    passed: bool | None
    reason: str
    device: str
    test_ward_id: int | None
    test_ward: str
    at: datetime | None
    in_time: bool
    away: bool

    @property
    def own(self) -> bool:
        """Whether the latest test passed on a device of the person's own ward."""
        return self.passed is True and self.test_ward_id == self.ward_id


def tested_people(model: Model, deployment_id: int, *, day: date) -> list[Tested]:
    """Everybody whom the indicator counts on a day, in the order of ids; nobody where the site is not scored."""
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(TESTED), parameters(model, ids=[deployment_id], day=day))
        return [Tested(*row) for row in cursor.fetchall()]
