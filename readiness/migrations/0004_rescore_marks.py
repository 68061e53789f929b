"""Whatever a score reads leaves a mark when it changes: which deployments, from which day on. The database sees to it."""

from django.db import migrations

FUNCTIONS = """
-- The SQL that maps changed rows to (deployment_id, from_day) stands in the trigger's arguments: the first for rows
-- inserted, deleted and both sides of an update, a second, where there is one, for updates.
CREATE FUNCTION readiness_mark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mapping text := TG_ARGV[0];
    changed text := '';
    reason text := CASE TG_OP WHEN 'INSERT' THEN 'late' ELSE 'corrected' END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF TG_NARGS > 1 THEN
            mapping := TG_ARGV[1];
        ELSE
            changed := 'WITH changed AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) ';
        END IF;
    END IF;
    EXECUTE changed || 'INSERT INTO readiness_rescoremark (deployment_id, from_day, reason) '
        || 'SELECT m.deployment_id, min(m.from_day), $1 FROM (' || mapping || ') m '
        || 'WHERE m.deployment_id IS NOT NULL GROUP BY m.deployment_id' USING reason;
    RETURN NULL;
END $$;
"""

# The plan is read as it is today: a change of it touches today alone.
PLAN = "NULL::date"


def of_deployment(day: str = PLAN) -> str:
    return f"SELECT c.deployment_id, {day} AS from_day FROM changed c"


def of_programme(day: str = PLAN, programme: str = "c.programme_id") -> str:
    return f"SELECT d.id AS deployment_id, {day} AS from_day FROM changed c JOIN rollout_deployment d ON d.programme_id = {programme}"


def of_either(day: str) -> str:
    """A record of one deployment, or of the whole programme where it names none."""
    return (
        f"SELECT d.id AS deployment_id, {day} AS from_day FROM changed c JOIN rollout_deployment d "
        "ON d.programme_id = c.programme_id AND (c.deployment_id IS NULL OR d.id = c.deployment_id)"
    )


def of_staff(day: str, programme: str = "") -> str:
    """A record of a member of staff: the deployments at every site the person was ever posted to."""
    return (
        f"SELECT d.id AS deployment_id, {day} AS from_day FROM changed c "
        "JOIN training_posting po ON po.staff_id = c.staff_id JOIN rollout_ward w ON w.id = po.ward_id "
        f"JOIN rollout_deployment d ON d.site_id = w.site_id {programme}"
    )


def of_ward(day: str, programme: str = "") -> str:
    return (
        f"SELECT d.id AS deployment_id, {day} AS from_day FROM changed c JOIN rollout_ward w ON w.id = c.ward_id "
        f"JOIN rollout_deployment d ON d.site_id = w.site_id {programme}"
    )


def through(table: str, column: str, mapping: str, *columns: str) -> str:
    """A record that points to another one: that one's mapping, over the columns that it reads."""
    chosen = ", ".join(f"t.{name}" for name in columns)
    return mapping.replace(
        "FROM changed c", f"FROM (SELECT {chosen} FROM changed x JOIN {table} t ON t.id = x.{column}) c"
    )


SAME_PROGRAMME = "AND d.programme_id = c.programme_id"
DEPLOYMENTS = "FROM old_rows o JOIN new_rows n ON n.id = o.id JOIN rollout_deployment d ON"
IN_EITHER_PROGRAMME = "d.programme_id IN (o.programme_id, n.programme_id)"
OF_EITHER = f"""
    {DEPLOYMENTS} {IN_EITHER_PROGRAMME}
    AND (o.deployment_id IS NULL OR n.deployment_id IS NULL OR d.id IN (o.deployment_id, n.deployment_id))
"""


def of_update(deployments: str, *changes: tuple[str, str]) -> str:
    """An update, from the first day it can touch; today alone where nothing of `changes` differs.

    A change is a day and the columns that count from it. The day is a column, or one and a distance ("to_on + 1").
    """
    days = ", ".join(_day_of(day, [name.strip() for name in columns.split(",")]) for day, columns in changes)
    return f"SELECT d.id AS deployment_id, LEAST({days}) AS from_day {deployments}"


def _day_of(day: str, columns: list[str]) -> str:
    old, new = (", ".join(f"{side}.{column}" for column in columns) for side in "on")
    name, _plus, distance = day.partition(" + ")
    return f"CASE WHEN ({old}) IS DISTINCT FROM ({new}) THEN LEAST(o.{name}, n.{name}) + {distance or 0} END"


# A leaver does not touch the days before leaving.
POSTING_UPDATE = of_update(
    """
    FROM old_rows o JOIN new_rows n ON n.id = o.id
    JOIN rollout_ward w ON w.id IN (o.ward_id, n.ward_id) JOIN rollout_deployment d ON d.site_id = w.site_id
    """,
    ("from_on", "staff_id, ward_id, from_on, retired_at"),
    ("to_on + 1", "to_on"),
)
CHAMPION_UPDATE = of_update(
    f"""
    FROM old_rows o JOIN new_rows n ON n.id = o.id
    JOIN training_posting po ON po.staff_id IN (o.staff_id, n.staff_id) JOIN rollout_ward w ON w.id = po.ward_id
    JOIN rollout_deployment d ON d.site_id = w.site_id AND {IN_EITHER_PROGRAMME}
    """,
    ("from_on", "staff_id, programme_id, from_on, retired_at"),
    ("to_on + 1", "to_on"),
)
TARGET_UPDATE = of_update(
    f"{DEPLOYMENTS} d.id IN (o.deployment_id, n.deployment_id)",
    ("agreed_on", "measure_id, deployment_id, agreed_on, retired_at"),
)
COMMITMENT_UPDATE = of_update(OF_EITHER, ("delivered_on", "programme_id, deployment_id, delivered_on, retired_at"))
HAZARD_UPDATE = of_update(
    OF_EITHER,
    ("raised_on", "programme_id, deployment_id, raised_on, retired_at"),
    ("closed_on", "closed_on"),
    ("accepted_on", "accepted_on"),
)
PILOT_UPDATE = of_update(
    f"{DEPLOYMENTS} {IN_EITHER_PROGRAMME}",
    ("ends_on", "programme_id, ends_on, retired_at"),
    ("decided_on", "outcome, decided_on"),
    ("secured_on", "secured_on"),
)
# Somebody entered by mistake was never there; group and line manager are read as they are today.
STAFF_UPDATE = """
    SELECT d.id AS deployment_id, CASE WHEN o.retired_at IS DISTINCT FROM n.retired_at THEN po.from_on END AS from_day
    FROM old_rows o JOIN new_rows n ON n.id = o.id
    JOIN training_posting po ON po.staff_id = n.id JOIN rollout_ward w ON w.id = po.ward_id
    JOIN rollout_deployment d ON d.site_id = w.site_id
"""
# A shift missed or cancelled stood until that day; without a day it never did.
SHIFT_UPDATE = """
    SELECT d.id AS deployment_id,
        CASE
            WHEN (o.staff_id, o.ward_id, o.starts_at, o.ends_at, o.planned_on, o.retired_at)
                IS DISTINCT FROM (n.staff_id, n.ward_id, n.starts_at, n.ends_at, n.planned_on, n.retired_at)
                OR (o.ended_on IS NULL AND o.state IN ('missed', 'cancelled'))
                    IS DISTINCT FROM (n.ended_on IS NULL AND n.state IN ('missed', 'cancelled'))
            THEN LEAST(o.planned_on, n.planned_on)
            WHEN o.ended_on IS DISTINCT FROM n.ended_on THEN LEAST(o.ended_on, n.ended_on)
        END AS from_day
    FROM old_rows o
    JOIN new_rows n ON n.id = o.id
    JOIN rollout_ward w ON w.id IN (o.ward_id, n.ward_id)
    JOIN rollout_deployment d ON d.site_id = w.site_id AND d.programme_id IN (o.programme_id, n.programme_id)
"""

ITEM_UPDATE = f"""
    SELECT n.deployment_id, {PLAN} AS from_day
    FROM old_rows o
    JOIN new_rows n ON n.id = o.id
    WHERE (o.template_item_id, o.code, o.retired_at) IS DISTINCT FROM (n.template_item_id, n.code, n.retired_at)
"""

# An event counts at its sites; its rows come before those that name them.
AT_SITE_OF_EVENT = """
    SELECT d.id AS deployment_id, e.held_on AS from_day FROM changed c
    JOIN rollout_engagementevent e ON e.id = c.engagementevent_id
    JOIN rollout_deployment d ON d.programme_id = e.programme_id AND d.site_id = c.site_id
"""
AT_SITES_OF_EVENT = """
    SELECT d.id AS deployment_id, e.held_on AS from_day
    FROM (SELECT x.id, x.programme_id, x.held_on FROM changed x) e
    JOIN rollout_engagementevent_sites es ON es.engagementevent_id = e.id
    JOIN rollout_deployment d ON d.programme_id = e.programme_id AND d.site_id = es.site_id
"""
GROUP_OF_EVENT = AT_SITES_OF_EVENT.replace(
    "FROM changed x", "FROM changed c JOIN rollout_engagementevent x ON x.id = c.engagementevent_id"
)
ITEMS_OF_TEMPLATE = f"""
    SELECT i.deployment_id, {PLAN} AS from_day
    FROM changed c JOIN readiness_checklistitem i ON i.template_item_id = c.id
"""

MARKS: dict[str, tuple[str, ...]] = {
    "rollout_programme": (of_programme(programme="c.id"),),
    "rollout_deployment": (f"SELECT c.id AS deployment_id, {PLAN} AS from_day FROM changed c",),
    "rollout_deploymentward": (of_deployment(),),
    "rollout_ward": (
        f"SELECT d.id AS deployment_id, {PLAN} AS from_day FROM changed c JOIN rollout_deployment d ON d.site_id = c.site_id",
    ),
    "rollout_site": (
        f"SELECT d.id AS deployment_id, {PLAN} AS from_day FROM changed c JOIN rollout_deployment d ON d.site_id = c.id",
    ),
    "rollout_measure": (of_programme(),),
    "rollout_sitetarget": (of_deployment("c.agreed_on"), TARGET_UPDATE),
    "rollout_commitment": (of_either("c.delivered_on"), COMMITMENT_UPDATE),
    "rollout_pilot": (of_programme("c.ends_on"), PILOT_UPDATE),
    "rollout_engagementevent": (AT_SITES_OF_EVENT,),
    "rollout_engagementevent_sites": (AT_SITE_OF_EVENT,),
    "rollout_engagementevent_groups": (GROUP_OF_EVENT,),
    "rollout_pulseresponse": (of_deployment("c.answered_on"),),
    "rollout_agreement": (of_deployment(),),
    "rollout_signature": (
        through("rollout_agreement", "agreement_id", of_deployment("c.signed_on"), "deployment_id").replace(
            "SELECT t.deployment_id FROM", "SELECT t.deployment_id, x.signed_on FROM"
        ),
    ),
    "training_staffmember": (of_staff(PLAN).replace("c.staff_id", "c.id"), STAFF_UPDATE),
    "training_posting": (of_ward("c.from_on"), POSTING_UPDATE),
    "training_course": (of_programme(),),
    "training_course_groups": (through("training_course", "course_id", of_programme(), "programme_id"),),
    "training_attendance": (
        of_staff(
            "c.on",
            "JOIN training_course co ON co.id = c.course_id AND co.programme_id = d.programme_id",
        ),
    ),
    "training_champion": (of_staff("c.from_on", SAME_PROGRAMME), CHAMPION_UPDATE),
    "training_shiftpattern": (of_programme(),),
    "training_championshift": (of_ward("c.planned_on", SAME_PROGRAMME), SHIFT_UPDATE),
    "training_accesscheck": (of_staff("c.checked_at::date - 1", SAME_PROGRAMME),),
    "readiness_templateitem": (ITEMS_OF_TEMPLATE,),
    "readiness_checklist": (of_deployment(),),
    # An item's current state follows its events, which leave marks of their own.
    "readiness_checklistitem": (of_deployment(), ITEM_UPDATE),
    "readiness_checklistevent": (of_deployment("c.at::date - 1"),),
    "readiness_waiver": (of_deployment("LEAST(c.from_on, c.decided_on, c.revoked_on)"),),
    "readiness_hazard": (of_either("c.raised_on"), HAZARD_UPDATE),
    "readiness_programmescoring": (of_programme(),),
}


def quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def triggers(table: str, mappings: tuple[str, ...]) -> str:
    arguments = ", ".join(quoted(mapping) for mapping in mappings)
    events = {
        "insert": "AFTER INSERT ON {} REFERENCING NEW TABLE AS changed",
        "delete": "AFTER DELETE ON {} REFERENCING OLD TABLE AS changed",
        "update": "AFTER UPDATE ON {} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    }
    return "\n".join(
        f"CREATE TRIGGER mark_{name} {event.format(table)} FOR EACH STATEMENT EXECUTE FUNCTION readiness_mark({arguments});"
        for name, event in events.items()
    )


def dropped(table: str) -> str:
    return "\n".join(f"DROP TRIGGER mark_{name} ON {table};" for name in ("insert", "delete", "update"))


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0003_published_and_closed"),
        ("training", "0002_audit"),
        ("rollout", "0003_same_programme"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION readiness_mark();"),
        *(migrations.RunSQL(triggers(table, mappings), dropped(table)) for table, mappings in MARKS.items()),
    ]
