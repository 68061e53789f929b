"""Places in the sessions to come for what a site still needs, and the completions that run out until day 300.

The same pairs as `training.completion` counts. Three queries for one deployment, whatever its size.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from readiness.indicators.gather import parameters, with_ctes
from readiness.indicators.training import VALID
from readiness.scoring import Model

# Sessions at the site, and those open to every site. Of somebody's places on one course the first alone counts, and
# only where they still need the course: the others take a seat and bring no completion more.
SEATS = """
    , coming AS (
        SELECT s.id, s.course_id, s.site_id IS NULL AS shared, s.capacity, s.starts_at,
            (s.starts_at AT TIME ZONE sc.zone)::date AS held_on
        FROM scored sc
        JOIN training_trainingsession s ON s.programme_id = sc.programme_id
            AND (s.site_id = sc.site_id OR s.site_id IS NULL)
            AND s.retired_at IS NULL AND s.starts_at > %(now)s
    ),
    places AS (
        SELECT c.id, t.state <> 'waiting' AS taken,
            COALESCE(NOT pr.trained, false) AND row_number() OVER (
                PARTITION BY t.staff_id, c.course_id, t.state = 'waiting' ORDER BY c.starts_at, c.id
            ) = 1 AS needed
        FROM coming c
        JOIN training_attendance t ON t.session_id = c.id AND t.retired_at IS NULL
            AND t.state IN ('booked', 'attended', 'waiting')
        LEFT JOIN pairs pr ON pr.staff_id = t.staff_id AND pr.course_id = c.course_id
    ),
    held AS (
        SELECT c.id,
            count(*) FILTER (WHERE p.taken) AS taken,
            count(*) FILTER (WHERE p.taken AND p.needed) AS booked,
            count(*) FILTER (WHERE NOT p.taken AND p.needed) AS waiting
        FROM coming c JOIN places p ON p.id = c.id GROUP BY c.id
    )
    SELECT co.code, date_trunc('week', c.held_on)::date, c.held_on <= %(by)s::date, c.shared, count(*),
        COALESCE(sum(h.booked), 0)::int,
        COALESCE(sum(GREATEST(c.capacity - COALESCE(h.taken, 0), 0)), 0)::int,
        COALESCE(sum(h.waiting), 0)::int,
        bool_or(c.capacity IS NULL)
    FROM coming c
    JOIN training_course co ON co.id = c.course_id
    LEFT JOIN held h ON h.id = c.id
    GROUP BY co.code, 2, 3, c.shared
    ORDER BY 2, co.code, 3, c.shared
"""

# How many places a session of a course usually has in the programme.
USUAL = """
    SELECT co.code, mode() WITHIN GROUP (ORDER BY s.capacity)
    FROM training_trainingsession s
    JOIN training_course co ON co.id = s.course_id
    WHERE s.programme_id IN (SELECT programme_id FROM scored) AND s.retired_at IS NULL AND s.capacity > 0
    GROUP BY co.code
"""

# Each pair's last completion of those that count, where it runs out before the day asked for.
REFRESHERS = f"""
    , last AS (
        SELECT st.staff_id, a.course_id, max(t.on) + a.valid_days AS until
        FROM staff st
        JOIN asked a ON a.programme_id = st.programme_id AND a.group_id = COALESCE(st.group_id, 0)
            AND a.valid_days IS NOT NULL
        JOIN training_attendance t ON t.staff_id = st.staff_id AND t.course_id = a.course_id
            AND {VALID.format(course="a")}
        GROUP BY st.staff_id, a.course_id, a.valid_days
        HAVING max(t.on) + a.valid_days < %(until)s::date
    )
    SELECT date_trunc('week', l.until)::date, c.code, c.name, count(*), count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM training_attendance b
        JOIN training_trainingsession s ON s.id = b.session_id AND s.retired_at IS NULL
        WHERE b.staff_id = l.staff_id AND b.course_id = l.course_id AND b.retired_at IS NULL
          AND b.state = 'booked' AND s.starts_at > %(now)s AND b.on <= l.until
    ))
    FROM last l
    JOIN training_course c ON c.id = l.course_id
    GROUP BY 1, c.code, c.name
    ORDER BY 1, c.code
"""


@dataclass(frozen=True)
class Seats:
    """The sessions of a course that begin in the week from `week`, a Monday; `shared` ones are open to every site.

    `in_time`: they are held by the day asked for; those of one week may be held before and after it.
    `booked` and `waiting` are people of the site who still need the course, `free` places that nobody has.
    `unlimited`: one of the sessions has no limit, so that its free places are not among them.
    """

    course: str
    week: date
    in_time: bool
    shared: bool
    sessions: int
    booked: int
    free: int
    waiting: int
    unlimited: bool


@dataclass(frozen=True)
class Refresher:
    """So many completions of a course that run out in a week; of so many the person is booked on it again in time."""

    week: date
    course: str
    name: str
    out: int
    booked: int

    @property
    def unbooked(self) -> int:
        """People who are not booked on the course again in time."""
        return self.out - self.booked


def _rows(sql: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(sql), values)
        yield from cursor.fetchall()


def seats_to_come(model: Model, deployment_id: int, *, day: date, now: datetime, by: date) -> list[Seats]:
    """Places in the sessions that begin after a moment, by week and course, for what is needed on the day."""
    values = parameters(model, ids=[deployment_id], day=day) | {"now": now, "by": by}
    return [Seats(*row) for row in _rows(SEATS, values)]


def usual_sizes(model: Model, deployment_id: int, *, day: date) -> dict[str, int]:
    """The most frequent number of places of a session, by the code of its course."""
    return dict(_rows(USUAL, parameters(model, ids=[deployment_id], day=day)))


def refreshers(model: Model, deployment_id: int, *, day: date, now: datetime, until: date) -> list[Refresher]:
    """Completions that count on the day and run out before another, by week and course."""
    values = parameters(model, ids=[deployment_id], day=day) | {"now": now, "until": until}
    return [Refresher(*row) for row in _rows(REFRESHERS, values)]
