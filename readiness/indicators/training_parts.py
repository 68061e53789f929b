"""The pairs behind `training.completion` in parts: by ward, staff group, course, line managers; and what moves them.

The same units as the score's, added up otherwise: the parts of each table come to the indicator's numerator and
denominator. Three queries for one deployment on one day, whatever its size.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection

from readiness.indicators.gather import parameters, with_ctes
from readiness.indicators.population import ABSENT, STAFF
from readiness.indicators.training import VALID
from readiness.scoring import Model
from rollout.models import StaffGroup

WEEK = timedelta(days=7)

# One pass over the units. Each row of the answer is a part of one of the tables, the last one is the whole.
PARTS = f"""
    , absent AS ({ABSENT}),
    counted AS (
        SELECT u.staff_id, u.course_id, u.ward_id, u.line_manager, m.group_id, u.credit_num > 0 AS trained,
            EXISTS (SELECT 1 FROM absent ab WHERE ab.staff_id = u.staff_id) AS away,
            u.credit_num = 0 AND EXISTS (
                SELECT 1 FROM training_attendance t
                JOIN training_course c ON c.id = t.course_id AND c.assessed
                WHERE t.staff_id = u.staff_id AND t.course_id = u.course_id AND t.state = 'attended'
                  AND t.retired_at IS NULL AND t.on <= %(day)s::date AND t.passed IS NOT TRUE
            ) AS attended
        FROM training_units u
        JOIN training_staffmember m ON m.id = u.staff_id
        WHERE u.code = 'training.completion'
    ),
    parts AS (
        SELECT
            CASE 0
                WHEN GROUPING(ward_id) THEN 'ward'
                WHEN GROUPING(group_id) THEN 'group'
                WHEN GROUPING(course_id) THEN 'course'
                WHEN GROUPING(line_manager) THEN 'line_manager'
                ELSE 'whole'
            END AS part,
            ward_id, group_id, course_id, line_manager,
            count(*) AS required,
            count(*) FILTER (WHERE trained) AS completed,
            count(*) FILTER (WHERE NOT away) AS required_present,
            count(*) FILTER (WHERE trained AND NOT away) AS completed_present,
            count(DISTINCT staff_id) AS people,
            count(DISTINCT staff_id) FILTER (WHERE trained) AS started,
            count(DISTINCT staff_id) FILTER (WHERE NOT trained) AS unfinished,
            count(DISTINCT staff_id) FILTER (WHERE away) AS people_away,
            count(*) FILTER (WHERE attended) AS attended
        FROM counted
        GROUP BY GROUPING SETS ((ward_id), (group_id), (course_id), (line_manager), ())
    )
    SELECT p.part, COALESCE(w.code, g.code, c.code, p.line_manager::text, ''), COALESCE(w.name, g.name, c.name, ''),
        COALESCE(c.mode, ''), p.required, p.completed, p.required_present, p.completed_present,
        p.people, p.started, p.unfinished, p.people_away, p.attended
    FROM parts p
    LEFT JOIN rollout_ward w ON w.id = p.ward_id
    LEFT JOIN rollout_staffgroup g ON g.id = p.group_id
    LEFT JOIN training_course c ON c.id = p.course_id
"""

# Somebody posted anywhere on a day: with it, whoever came or went only moved. With its limit it is asked of each of the
# few who came or went; as an EXISTS the planner would rather read all postings there are.
POSTED_ON = """(
            SELECT true FROM training_posting po
            WHERE po.staff_id = {staff} AND po.retired_at IS NULL
              AND po.from_on <= %({on})s::date AND (po.to_on IS NULL OR po.to_on >= %({on})s::date)
            LIMIT 1
        )"""

# Who came and went between two days, and what there is to count at all.
TURNOVER = f"""
    , staff_before AS ({STAFF.replace("%(people_day)s", "%(before)s")}),
    compared AS (
        SELECT s.staff_id AS now_id, b.staff_id AS before_id, s.ward_id AS now_ward, b.ward_id AS before_ward
        FROM staff s FULL JOIN staff_before b ON b.staff_id = s.staff_id
    ),
    came AS MATERIALIZED (SELECT now_id AS staff_id FROM compared WHERE before_id IS NULL),
    went AS MATERIALIZED (SELECT before_id AS staff_id FROM compared WHERE now_id IS NULL),
    gone AS (
        SELECT EXISTS (
            SELECT 1 FROM training_attendance t
            WHERE t.staff_id = st.staff_id AND t.course_id = a.course_id AND {VALID.format(course="a")}
        ) AS trained
        FROM went w
        JOIN staff_before st ON st.staff_id = w.staff_id
        JOIN asked a ON a.programme_id = st.programme_id AND a.group_id = COALESCE(st.group_id, 0)
    )
    SELECT
        (SELECT count(*) FROM scope),
        (SELECT count(*) FROM staff),
        (SELECT count(DISTINCT course_id) FROM asked),
        (SELECT count(*) FROM came),
        (SELECT count(*) FROM went),
        (SELECT count(*) FROM compared WHERE now_ward <> before_ward),
        count(*) FILTER (WHERE c.staff_id IS NOT NULL),
        count(*) FILTER (WHERE c.staff_id IS NOT NULL AND p.trained),
        (SELECT count(*) FROM came WHERE {POSTED_ON.format(staff="came.staff_id", on="before")}),
        (SELECT count(*) FROM went WHERE {POSTED_ON.format(staff="went.staff_id", on="day")}),
        (SELECT count(*) FROM gone),
        (SELECT count(*) FROM gone WHERE trained)
    FROM pairs p
    LEFT JOIN came c ON c.staff_id = p.staff_id
"""

# Completions that count on the day but will not for long: each pair's last one, by the week of its last valid day.
LAPSING = f"""
    SELECT l.week, c.name, count(*)
    FROM (
        SELECT date_trunc('week', max(t.on) + a.valid_days)::date AS week, a.course_id
        FROM (SELECT programme_id, staff_id, group_id, day, day AS valid_until FROM staff) st
        JOIN asked a ON a.programme_id = st.programme_id AND a.group_id = COALESCE(st.group_id, 0)
            AND a.valid_days IS NOT NULL
        JOIN training_attendance t ON t.staff_id = st.staff_id AND t.course_id = a.course_id
            AND {VALID.format(course="a")}
        GROUP BY st.staff_id, a.course_id, a.valid_days
        HAVING max(t.on) + a.valid_days < %(until)s::date
    ) l
    JOIN training_course c ON c.id = l.course_id
    GROUP BY l.week, c.code, c.name
    ORDER BY l.week, c.code
"""


@dataclass(frozen=True)
class Count:
    """Pairs of a person and a course required of them, of all staff and of those not absent from go-live.

    `started` have completed at least one of theirs, `unfinished` lack at least one; both are people, as is `away`.
    `attended` are pairs that were attended and are not passed yet, so that they do not count.
    """

    required: int = 0
    completed: int = 0
    required_present: int = 0
    completed_present: int = 0
    people: int = 0
    started: int = 0
    unfinished: int = 0
    away: int = 0
    attended: int = 0

    @property
    def missing(self) -> int:
        """Pairs without a valid completion."""
        return self.required - self.completed

    @property
    def share(self) -> Fraction | None:
        """Completed of required, 0–1; None where nothing is required."""
        return Fraction(self.completed, self.required) if self.required else None


@dataclass(frozen=True)
class Part:
    """One ward, staff group or course, with what its people need; `mode` is the course's.

    Name and code are "" for people of no staff group.
    """

    code: str
    name: str
    mode: str
    count: Count


@dataclass(frozen=True)
class Parts:
    """The pairs of one deployment on one day, five times over."""

    whole: Count = Count()
    wards: tuple[Part, ...] = ()
    groups: tuple[Part, ...] = ()
    courses: tuple[Part, ...] = ()
    managers: Count = Count()
    others: Count = Count()


@dataclass(frozen=True)
class Turnover:
    """What there is to count, and who joined, left or changed wards since the day `before`, all of them people.

    `required` and `completed` are pairs of the starters, `gone_required` and `gone_completed` those that the leavers
    would have. Of the starters `moved_in` worked elsewhere before, of the leavers `moved_out` work elsewhere now.
    """

    before: date
    wards: int
    staff: int
    courses: int
    starters: int
    leavers: int
    movers: int
    required: int
    completed: int
    moved_in: int = 0
    moved_out: int = 0
    gone_required: int = 0
    gone_completed: int = 0


@dataclass(frozen=True)
class Lapse:
    """So many completions of a course whose last valid day is in the week from `week`, a Monday."""

    week: date
    course: str
    completions: int


def _rows(sql: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(sql), values)
        yield from cursor.fetchall()


def training_parts(model: Model, deployment_id: int, *, day: date) -> Parts:
    """The pairs by ward, group and course, and line managers apart. Empty for a deployment that is not scored."""
    found: dict[str, list[Part]] = {}
    for part, code, name, mode, *counts in _rows(PARTS, parameters(model, ids=[deployment_id], day=day)):
        words = str(StaffGroup(code=code, name=name)) if part == "group" else name
        found.setdefault(part, []).append(Part(code, words, mode, Count(*counts)))
    managing = {part.code: part.count for part in found.get("line_manager", ())}
    return Parts(
        whole=found["whole"][0].count,
        wards=tuple(found.get("ward", ())),
        groups=tuple(found.get("group", ())),
        courses=tuple(found.get("course", ())),
        managers=managing.get("true", Count()),
        others=managing.get("false", Count()),
    )


def turnover(model: Model, deployment_id: int, *, day: date) -> Turnover:
    """Who came and went in the week before a day."""
    before = day - WEEK
    values = parameters(model, ids=[deployment_id], day=day) | {"before": before}
    (row,) = _rows(TURNOVER, values)
    return Turnover(before, *row)


def lapses(model: Model, deployment_id: int, *, day: date, until: date) -> list[Lapse]:
    """Completions that count on the day and run out before another, by week and course."""
    values = parameters(model, ids=[deployment_id], day=day) | {"until": until}
    return [Lapse(*row) for row in _rows(LAPSING, values)]
