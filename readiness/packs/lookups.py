"""How a pack names each record, and the SQL that finds its id by that name.

Each query gives `id`, the parts of the name as text in `k1`, `k2`, …, and whether the record is `live`: not retired,
nor what it hangs on. Those of a programme take it as the parameter `programme`. Places also give their `time_zone`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lookup:
    """A way to name a record: `file` holds such records, `words` say what was not found.

    `key_of_file` are the places of the name's parts that make up the key of that file, where it is not all of them.
    """

    file: str
    words: str
    parts: int
    sql: str
    key_of_file: tuple[int, ...] | None = None


def _simple(file: str, words: str, table: str, code: str = "code", *, programme: bool = True) -> Lookup:
    where = " WHERE programme_id = %(programme)s" if programme else ""
    return Lookup(file, words, 1, f'SELECT id, "{code}"::text AS k1, retired_at IS NULL AS live FROM {table}{where}')


ORGANISATION = _simple("organisations.csv", "no such organisation", "rollout_organisation", programme=False)
PARTNER = _simple("partners.csv", "no such partner", "rollout_partner", programme=False)
SITE = Lookup(
    "sites.csv",
    "no such site",
    1,
    "SELECT x.id, x.code AS k1, x.time_zone, x.retired_at IS NULL AND o.retired_at IS NULL AS live"
    " FROM rollout_site x JOIN rollout_organisation o ON o.id = x.organisation_id",
)
WARD = Lookup(
    "wards.csv",
    "no such ward in this site",
    2,
    "SELECT x.id, y.code AS k1, x.code AS k2, y.time_zone, x.retired_at IS NULL AND y.retired_at IS NULL AS live"
    " FROM rollout_ward x JOIN rollout_site y ON y.id = x.site_id",
)
DEPLOYMENT = Lookup(
    "deployments.csv",
    "this programme has no deployment at such a site",
    1,
    "SELECT x.id, y.code AS k1, y.time_zone, x.retired_at IS NULL AND y.retired_at IS NULL AS live"
    " FROM rollout_deployment x JOIN rollout_site y ON y.id = x.site_id WHERE x.programme_id = %(programme)s",
)
STAFF = Lookup(
    "staff.csv",
    "no such member of staff",
    2,
    "SELECT x.id, y.code AS k1, x.number AS k2, x.retired_at IS NULL AND y.retired_at IS NULL AS live"
    " FROM training_staffmember x JOIN rollout_organisation y ON y.id = x.organisation_id",
)
WAVE = _simple("waves.csv", "no such wave", "rollout_wave", "number")
COURSE = _simple("courses.csv", "no such course", "training_course")
SESSION = _simple("sessions.csv", "no such session", "training_trainingsession")
PILOT = _simple("pilots.csv", "no such pilot", "rollout_pilot")
MEASURE = _simple("measures.csv", "no such measure", "rollout_measure")
GATE = _simple("gates.csv", "no such gate", "readiness_gate")
AGREEMENT = _simple("agreements.csv", "no such agreement", "rollout_agreement")
REVIEW = Lookup(
    "gate_reviews.csv",
    "no such gate review",
    3,
    "SELECT x.id, g.code AS k1, y.code AS k2, x.held_on::text AS k3,"
    " x.retired_at IS NULL AND g.retired_at IS NULL AND d.retired_at IS NULL AND y.retired_at IS NULL AS live"
    " FROM readiness_gatereview x JOIN readiness_gate g ON g.id = x.gate_id"
    " JOIN rollout_deployment d ON d.id = x.deployment_id JOIN rollout_site y ON y.id = d.site_id"
    " WHERE g.programme_id = %(programme)s",
)
# An item travels only where the template that is in force still has its code.
ITEM = Lookup(
    "template.csv",
    "no such item in the checklist of this site",
    2,
    "SELECT x.id, y.code AS k1, x.code AS k2, x.retired_at IS NULL AND x.code IN (SELECT i.code"
    " FROM readiness_templateitem i WHERE i.template_id = (SELECT t.id FROM readiness_checklisttemplate t"
    " WHERE t.programme_id = %(programme)s AND t.published_at IS NOT NULL AND t.retired_at IS NULL"
    " ORDER BY t.version DESC LIMIT 1)) AS live"
    " FROM readiness_checklistitem x JOIN rollout_deployment d ON d.id = x.deployment_id"
    " JOIN rollout_site y ON y.id = d.site_id WHERE d.programme_id = %(programme)s",
    key_of_file=(1,),
)


def _words_of(table: str, words: str) -> Lookup:
    """A word of a vocabulary: never missing, since it is made when it is first named."""
    return Lookup("", words, 1, f"SELECT id, code AS k1, TRUE AS live FROM {table}")


STAFF_GROUP = _words_of("rollout_staffgroup", "no such staff group")
SEAT_ROLE = _words_of("rollout_seatrole", "no such seat")
DISCIPLINE = _words_of("rollout_discipline", "no such discipline")

# A person is exported by the address that works now; an import finds it through what `people.find_people` noted.
PERSON = Lookup(
    "",
    "no such person",
    1,
    "SELECT x.id, COALESCE(u.email, x.label) AS k1, TRUE AS live"
    " FROM rollout_person x LEFT JOIN rollout_user u ON u.id = x.user_id",
)
