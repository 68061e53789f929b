"""The files of a pack, each after those it names records of. `FORMATS.md` is the specification."""

from readiness.packs.tables.access import ACCESS_CHECKS
from readiness.packs.tables.champions import CHAMPIONS, SHIFT_PATTERNS, SHIFTS
from readiness.packs.tables.checklists import CHECKLIST_EVENTS, TEMPLATE, WAIVERS
from readiness.packs.tables.deployments import DEPLOYMENT_CHANGES, DEPLOYMENTS
from readiness.packs.tables.engagement import COMMUNICATIONS, ENGAGEMENT, PULSE, STORIES
from readiness.packs.tables.gates import CONDITIONS, GATE_REVIEWS, GATES, HAZARDS, SIGN_OFFS
from readiness.packs.tables.measures import MEASURES, OBSERVATIONS, SITE_TARGETS
from readiness.packs.tables.partners import AGREEMENTS, COMMITMENTS, FUNDING, OTHER_CHANGES, PARTNERS, SIGNATURES
from readiness.packs.tables.people import ABSENCES, POSTINGS, STAFF_MEMBERS
from readiness.packs.tables.pilots import LESSONS, PILOT_MEASURES, PILOTS, REQUIREMENTS
from readiness.packs.tables.places import ORGANISATIONS, SITES, WARDS
from readiness.packs.tables.programme import DECISIONS, PROGRAMME, SEATS, WAVES
from readiness.packs.tables.support import SUPPORT_ISSUES
from readiness.packs.tables.training import ATTENDANCE, COURSES, SESSIONS

# The programme comes first: the ids of its other records are sought within it.
TABLES = (
    PROGRAMME,
    ORGANISATIONS,
    SITES,
    WARDS,
    WAVES,
    PARTNERS,
    DEPLOYMENTS,
    DEPLOYMENT_CHANGES,
    SEATS,
    STAFF_MEMBERS,
    ABSENCES,
    POSTINGS,
    COURSES,
    SESSIONS,
    ATTENDANCE,
    CHAMPIONS,
    SHIFT_PATTERNS,
    SHIFTS,
    ACCESS_CHECKS,
    TEMPLATE,
    CHECKLIST_EVENTS,
    WAIVERS,
    HAZARDS,
    GATES,
    GATE_REVIEWS,
    CONDITIONS,
    SIGN_OFFS,
    MEASURES,
    SITE_TARGETS,
    OBSERVATIONS,
    PILOTS,
    PILOT_MEASURES,
    REQUIREMENTS,
    LESSONS,
    ENGAGEMENT,
    COMMUNICATIONS,
    STORIES,
    PULSE,
    COMMITMENTS,
    AGREEMENTS,
    SIGNATURES,
    FUNDING,
    OTHER_CHANGES,
    SUPPORT_ISSUES,
    DECISIONS,
)
BY_FILE = {table.file: table for table in TABLES}
REQUIRED = (PROGRAMME, ORGANISATIONS, SITES)
# Written by an export, never read.
SCORES_FILE = "scores.csv"
