"""Staff, where they are posted, when they are away. Shared by the programmes at their sites."""

from readiness.packs.cells import Code
from readiness.packs.lookups import ORGANISATION, STAFF, WARD
from readiness.packs.spec import Column, Reference, Table, before, fields, names, same
from training.models import Absence, Posting, StaffMember

OTHERS_OF_STAFF = (
    "EXISTS (SELECT FROM training_posting p JOIN rollout_ward w ON w.id = p.ward_id"
    " JOIN rollout_deployment o ON o.site_id = w.site_id"
    " WHERE p.staff_id = {staff} AND o.programme_id <> %(programme)s)"
)

STAFF_MEMBERS = Table(
    "staff.csv",
    StaffMember,
    key=("organisation", "number"),
    identity=("organisation", "number"),
    columns=(
        *names("organisation"),
        Column("number", "number", Code()),
        *same("name", "email", "group", "line_manager"),
    ),
    references=(Reference("organisation", ORGANISATION, ("organisation",)),),
    scope="t.id IN (SELECT id FROM pack_staff)",
    shared=OTHERS_OF_STAFF.format(staff="t.id"),
)

ABSENCES = Table(
    "absences.csv",
    Absence,
    key=("organisation", "number", "from"),
    identity=("staff", "from_on"),
    columns=(*names("organisation", "number"), *fields(from_="from_on", to="to_on"), *same("kind")),
    references=(Reference("staff", STAFF, ("organisation", "number")),),
    checks=(before("to", "from", "to_on", "from_on"),),
    scope="t.staff_id IN (SELECT id FROM pack_staff)",
    shared=OTHERS_OF_STAFF.format(staff="t.staff_id"),
)

POSTINGS = Table(
    "postings.csv",
    Posting,
    key=("organisation", "number", "site", "ward", "from"),
    identity=("staff", "ward", "from_on"),
    columns=(*names("organisation", "number", "site", "ward"), *fields(from_="from_on", to="to_on")),
    references=(Reference("staff", STAFF, ("organisation", "number")), Reference("ward", WARD, ("site", "ward"))),
    checks=(before("to", "from", "to_on", "from_on"),),
    scope="t.ward_id IN (SELECT w.id FROM rollout_ward w JOIN pack_sites p ON p.id = w.site_id)",
    shared=OTHERS_OF_STAFF.format(staff="t.staff_id"),
)
