"""Who is missing: the pairs behind `training.completion` that do not count, a row a person, with what is booked.

The same pairs and the same rule as the score's; champions' courses, which that indicator leaves to `champions.ratio`,
are asked of its untrained champions. One query, whatever the size of the site.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from readiness.indicators.gather import parameters, with_ctes
from readiness.indicators.training import VALID
from readiness.scoring import Model

_PAIRS = "SELECT pr.staff_id, pr.ward_id, pr.line_manager, pr.course_id FROM pairs pr WHERE NOT pr.trained"
_CHAMPIONS = f"""
    SELECT st.staff_id, st.ward_id, st.line_manager, c.id AS course_id
    FROM ward_staff ws
    JOIN staff st ON st.deployment_id = ws.deployment_id AND st.staff_id = ws.staff_id
    JOIN training_course c ON c.programme_id = st.programme_id
        AND c.active AND c.for_champions AND c.retired_at IS NULL
    WHERE ws.untrained AND NOT EXISTS (
        SELECT 1 FROM training_attendance t
        WHERE t.staff_id = st.staff_id AND t.course_id = c.id AND {VALID.format(course="c")}
    )
"""

# Of each pair the place on the next session to come, and the completion that holds today and not until go-live.
_LACKING = f"""
    , lacking AS (
        SELECT u.*, m.name, m.number, m.group_id, c.code AS course_code, booked.state, booked.on, (
            SELECT max(t.on) + c.valid_days::int
            FROM (SELECT %(day)s::date AS day, %(day)s::date AS valid_until) st
            JOIN training_attendance t ON {VALID.format(course="c")}
            WHERE t.staff_id = u.staff_id AND t.course_id = u.course_id
        ) AS lapses_on
        FROM ({{pairs}}) u
        JOIN training_staffmember m ON m.id = u.staff_id
        JOIN training_course c ON c.id = u.course_id
        LEFT JOIN LATERAL (
            SELECT t.state, t.on
            FROM training_attendance t
            JOIN training_trainingsession s ON s.id = t.session_id
                AND s.retired_at IS NULL AND s.starts_at > %(now)s
            WHERE t.staff_id = u.staff_id AND t.course_id = u.course_id
                AND t.state IN ('booked', 'waiting') AND t.retired_at IS NULL
            ORDER BY s.starts_at, t.id
            LIMIT 1
        ) booked ON true
    )
    SELECT l.staff_id, l.ward_id, l.group_id, l.line_manager,
        array_agg(l.course_id ORDER BY l.course_code), array_agg(l.state ORDER BY l.course_code),
        array_agg(l.on ORDER BY l.course_code), array_agg(l.lapses_on ORDER BY l.course_code)
    FROM lacking l
    JOIN rollout_ward w ON w.id = l.ward_id
    LEFT JOIN rollout_staffgroup g ON g.id = l.group_id
    WHERE (%(courses)s::bigint[] IS NULL OR l.course_id = ANY(%(courses)s))
      AND (%(wards)s::bigint[] IS NULL OR l.ward_id = ANY(%(wards)s))
      AND (%(groups)s::bigint[] IS NULL OR COALESCE(l.group_id, 0) = ANY(%(groups)s))
      AND (%(staff)s::bigint[] IS NULL OR l.staff_id = ANY(%(staff)s))
      AND (NOT %(managers)s OR l.line_manager)
      AND (%(booked)s::boolean IS NULL OR (l.state IS NOT NULL) = %(booked)s)
      AND (NOT %(lapsing)s OR l.lapses_on IS NOT NULL)
      AND NOT EXISTS (
          SELECT 1 FROM unnest(%(words)s::text[]) q
          WHERE strpos(lower(l.name), q) = 0 AND strpos(lower(l.number), q) = 0
      )
    GROUP BY l.staff_id, l.ward_id, l.group_id, l.line_manager, l.name, l.number, w.name, g.code
    ORDER BY {{order}}, lower(l.name), l.number, l.staff_id
"""

DEFAULT_SORT = "booked"
SORTS: Mapping[str, str] = {
    "booked": "bool_and(l.state IS NOT NULL)",  # who is not booked on all of it, then the others
    "name": "lower(l.name)",
    "ward": "lower(w.name)",
    "group": "g.code",
    "lacks": "count(*)",
    "expires": "min(l.lapses_on)",
}


@dataclass(frozen=True, slots=True)
class Lacked:
    """A course that somebody has not completed so that it lasts until go-live.

    `state` is "booked" or "waiting" for a session to come on the day `on`, "" without one. `lapses_on` is the last day
    of a completion that holds today, None where none does.
    """

    course_id: int
    state: str
    on: date | None
    lapses_on: date | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A member of staff who lacks courses, those that were asked about, in the order of their codes."""

    staff_id: int
    ward_id: int
    group_id: int | None
    line_manager: bool
    courses: tuple[Lacked, ...]


@dataclass(frozen=True)
class Asked:
    """Which pairs are looked for; None asks nothing. Group 0 stands for people of no group.

    `champions`: champions and their courses instead of everybody and theirs. `words` are each part of a name or number.
    """

    courses: Collection[int] | None = None
    wards: Collection[int] | None = None
    groups: Collection[int] | None = None
    staff: Collection[int] | None = None
    managers: bool = False
    booked: bool | None = None
    lapsing: bool = False
    champions: bool = False
    words: Sequence[str] = ()


def people_missing(
    model: Model, deployment_id: int, *, day: date, now: datetime, asked: Asked, sort: str = ""
) -> Iterator[Missing]:
    """Who at a site on a day lacks what is asked about, in the order of `?sort=`; else those not booked first."""
    name = sort.removeprefix("-")
    key = SORTS.get(name, SORTS[DEFAULT_SORT])
    order = f"{key} DESC NULLS LAST" if sort.startswith("-") and name in SORTS else f"{key} NULLS LAST"
    pairs = _CHAMPIONS if asked.champions else _PAIRS

    def ids(chosen: Collection[int] | None) -> list[int] | None:
        return None if chosen is None else list(chosen)

    values = parameters(model, ids=[deployment_id], day=day) | {
        "now": now,
        "courses": ids(asked.courses),
        "wards": ids(asked.wards),
        "groups": ids(asked.groups),
        "staff": ids(asked.staff),
        "managers": asked.managers,
        "booked": asked.booked,
        "lapsing": asked.lapsing,
        "words": [word.lower() for word in asked.words],
    }
    with connection.cursor() as cursor:
        cursor.execute(with_ctes(_LACKING.format(pairs=pairs, order=order)), values)
        rows = cursor.fetchall()
    for staff_id, ward_id, group_id, line_manager, *lists in rows:
        lacked = (Lacked(course, state or "", on, lapses) for course, state, on, lapses in zip(*lists, strict=True))
        yield Missing(staff_id, ward_id, group_id, line_manager, tuple(lacked))
