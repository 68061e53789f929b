"""`training.completion` and `training.managers`: pairs of person and course with a valid completion, of all pairs."""

from readiness.indicators.family import Family

# Which active course is asked of which staff group; group 0 stands for people of no group. No groups: asked of all.
ASKED = """
    SELECT c.programme_id, g.group_id, c.id AS course_id, c.valid_days::int AS valid_days, c.assessed
    FROM training_course c
    CROSS JOIN (SELECT id AS group_id FROM rollout_staffgroup UNION ALL SELECT 0) g
    WHERE c.active AND NOT c.for_champions AND c.retired_at IS NULL
      AND c.programme_id IN (SELECT programme_id FROM scored)
      AND (
          NOT EXISTS (SELECT 1 FROM training_course_groups cg WHERE cg.course_id = c.id)
          OR EXISTS (
              SELECT 1 FROM training_course_groups cg WHERE cg.course_id = c.id AND cg.staffgroup_id = g.group_id
          )
      )
"""

# What an attendance t must be to count for a row st of staff and a course: it lasts until the go-live, or the day
# scored where that is later.
VALID = """
    t.state = 'attended' AND t.retired_at IS NULL
    AND t.on <= st.day
    AND ({course}.valid_days IS NULL OR t.on + {course}.valid_days::int >= st.valid_until)
    AND (NOT {course}.assessed OR t.passed)
"""

PAIRS = f"""
    SELECT
        st.deployment_id, st.staff_id, st.ward_id, st.line_manager, a.course_id, a.valid_days,
        EXISTS (
            SELECT 1 FROM training_attendance t
            WHERE t.staff_id = st.staff_id AND t.course_id = a.course_id AND {VALID.format(course="a")}
        ) AS trained
    FROM staff st
    JOIN asked a ON a.programme_id = st.programme_id AND a.group_id = COALESCE(st.group_id, 0)
"""

UNITS = """
    SELECT
        x.code, pr.deployment_id, 1::bigint AS weight, pr.trained::int AS credit_num, 1 AS credit_den,
        pr.staff_id, pr.course_id, pr.ward_id, pr.line_manager, pr.valid_days
    FROM pairs pr
    CROSS JOIN (VALUES ('training.completion', false), ('training.managers', true)) x (code, managers_only)
    WHERE NOT x.managers_only OR pr.line_manager
"""

# Of several completions the newest is the one that lasts longest.
DATED = f"""
    SELECT u.code, (
        SELECT max(t.on) FROM training_attendance t
        WHERE t.staff_id = u.staff_id AND t.course_id = u.course_id AND {VALID.format(course="c")}
    ) AS dated_on
    FROM training_units u
    JOIN scored st ON st.deployment_id = u.deployment_id
    JOIN training_course c ON c.id = u.course_id
    WHERE u.credit_num > 0
"""

FAMILY = Family(
    name="training",
    units=UNITS,
    key=("staff_id", "course_id"),
    facts=("ward_id", "line_manager", "valid_days"),
    ctes={"asked": ASKED, "pairs": PAIRS},
    dated=DATED,
)
