"""Courses, their sessions, who attended."""

from readiness.packs.lookups import COURSE, SESSION, SITE, STAFF, STAFF_GROUP
from readiness.packs.spec import Check, Column, Links, Reference, Table, before, fields, names, same
from training.models import Attendance, Course, TrainingSession
from training.models.courses import MOST_DAYS, MOST_PLACES

COURSES = Table(
    "courses.csv",
    Course,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code", "name", "mode", "groups", "mandatory"),
        Column("valid_days", "valid_days", low=0, high=MOST_DAYS),
        *same("for_champions", "assessed", "active"),
    ),
    links=(Links("groups", "groups", STAFF_GROUP),),
)

SESSIONS = Table(
    "sessions.csv",
    TrainingSession,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        *names("course"),
        Column("site", required=False),
        *same("room", "starts_at", "ends_at"),
        Column("capacity", "capacity", low=0, high=MOST_PLACES),
        *same("trainer"),
    ),
    references=(Reference("course", COURSE, ("course",)), Reference("site", SITE, ("site",))),
    checks=(
        before("ends_at", "starts_at"),
        Check(("ends_at",), "n.ends_at = n.starts_at", "the same as starts_at"),
    ),
    # A session over a link has no site: its times are read as London's.
    zone="COALESCE(r_site.time_zone, 'Europe/London')",
)

ATTENDANCE = Table(
    "attendance.csv",
    Attendance,
    key=("course", "organisation", "number", "date", "session"),
    identity=("course", "staff", "on", "session"),
    columns=(
        *names("course", "organisation", "number"),
        *fields(date="on"),
        Column("session", required=False),
        *same("state", "passed"),
    ),
    references=(
        Reference("course", COURSE, ("course",)),
        Reference("staff", STAFF, ("organisation", "number")),
        Reference("session", SESSION, ("session",)),
    ),
    warnings=(
        Check(
            ("date",),
            "n.state = 'attended' AND n.on > (now() AT TIME ZONE 'Europe/London')::date",
            "attended in the future",
        ),
    ),
    scope="t.course_id IN (SELECT id FROM training_course WHERE programme_id = %(programme)s)",
)
