"""Pilots, what they measured, asked for and taught."""

from readiness.packs.cells import Code
from readiness.packs.lookups import MEASURE, PILOT, SITE, WARD
from readiness.packs.spec import Column, Links, Reference, Table, before, names, same
from rollout.models import Lesson, Pilot, PilotMeasure, Requirement

PILOTS = Table(
    "pilots.csv",
    Pilot,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        Column("site", required=False),
        *same("wards", "question", "starts_on", "ends_on", "outcome", "decided_on", "reason", "scale_plan"),
        *same("scale_owner", "resources", "secured_on"),
        Column("staff_experience", "staff_experience", low=1, high=5),
        *same("staff_answers"),
        Column("patient_experience", "patient_experience", low=1, high=5),
        *same("patient_answers"),
    ),
    references=(Reference("site", SITE, ("site",)),),
    links=(Links("wards", "wards", WARD, within=("site",)),),
    checks=(before("ends_on", "starts_on"),),
)

PILOT_MEASURES = Table(
    "pilot_measures.csv",
    PilotMeasure,
    key=("pilot", "measure"),
    identity=("pilot", "measure"),
    columns=(*names("pilot", "measure"), *same("baseline", "target", "result")),
    references=(Reference("pilot", PILOT, ("pilot",)), Reference("measure", MEASURE, ("measure",))),
    scope="t.pilot_id IN (SELECT id FROM rollout_pilot WHERE programme_id = %(programme)s)",
)

REQUIREMENTS = Table(
    "requirements.csv",
    Requirement,
    key=("code",),
    identity=("programme", "code"),
    columns=(*same("code"), Column("pilot", required=False), *same("text", "priority")),
    references=(Reference("pilot", PILOT, ("pilot",)),),
)

LESSONS = Table(
    "lessons.csv",
    Lesson,
    key=("code",),
    identity=("programme", "code"),
    columns=(
        *same("code"),
        Column("site", required=False),
        Column("pilot", required=False),
        *same("text", "tags"),
        Column("item", "item_code", Code()),
    ),
    references=(Reference("site", SITE, ("site",)), Reference("pilot", PILOT, ("pilot",))),
)
