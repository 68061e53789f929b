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
ANY_OF_ITS_DAYS = "LEAST(c.from_on, c.to_on + 1)"
EVENT_OF_PROGRAMME = of_programme("c.held_on")

# A leaver does not touch the days before leaving, nor a shift missed the days before.
POSTING_UPDATE = """
    SELECT d.id AS deployment_id,
        CASE
            WHEN (o.staff_id, o.ward_id, o.from_on, o.retired_at) IS DISTINCT FROM (n.staff_id, n.ward_id, n.from_on, n.retired_at)
            THEN LEAST(o.from_on, n.from_on)
            ELSE LEAST(o.to_on, n.to_on) + 1
        END AS from_day
    FROM old_rows o
    JOIN new_rows n ON n.id = o.id
    JOIN rollout_ward w ON w.id IN (o.ward_id, n.ward_id)
    JOIN rollout_deployment d ON d.site_id = w.site_id
"""
SHIFT_UPDATE = """
    SELECT d.id AS deployment_id,
        CASE
            WHEN (o.staff_id, o.ward_id, o.starts_at, o.ends_at, o.planned_on, o.retired_at)
                IS DISTINCT FROM (n.staff_id, n.ward_id, n.starts_at, n.ends_at, n.planned_on, n.retired_at)
            THEN LEAST(o.planned_on, n.planned_on)
            ELSE LEAST(o.ended_on, n.ended_on)
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
    "rollout_sitetarget": (of_deployment("c.agreed_on"),),
    "rollout_commitment": (of_either("c.delivered_on"),),
    "rollout_pilot": (of_programme("LEAST(c.ends_on, c.decided_on, c.secured_on)"),),
    "rollout_engagementevent": (EVENT_OF_PROGRAMME,),
    "rollout_engagementevent_sites": (
        through("rollout_engagementevent", "engagementevent_id", EVENT_OF_PROGRAMME, "programme_id", "held_on"),
    ),
    "rollout_engagementevent_groups": (
        through("rollout_engagementevent", "engagementevent_id", EVENT_OF_PROGRAMME, "programme_id", "held_on"),
    ),
    "rollout_pulseresponse": (of_deployment("c.answered_on"),),
    "rollout_agreement": (of_deployment(),),
    "rollout_signature": (
        through("rollout_agreement", "agreement_id", of_deployment("c.signed_on"), "deployment_id").replace(
            "SELECT t.deployment_id FROM", "SELECT t.deployment_id, x.signed_on FROM"
        ),
    ),
    "training_staffmember": (of_staff(PLAN).replace("c.staff_id", "c.id"),),
    "training_posting": (of_ward("c.from_on"), POSTING_UPDATE),
    "training_course": (of_programme(),),
    "training_course_groups": (through("training_course", "course_id", of_programme(), "programme_id"),),
    "training_attendance": (
        of_staff(
            "c.on",
            "JOIN training_course co ON co.id = c.course_id AND co.programme_id = d.programme_id",
        ),
    ),
    "training_champion": (of_staff(ANY_OF_ITS_DAYS, SAME_PROGRAMME),),
    "training_shiftpattern": (of_programme(),),
    "training_championshift": (of_ward("c.planned_on", SAME_PROGRAMME), SHIFT_UPDATE),
    "training_accesscheck": (of_staff("c.checked_at::date - 1", SAME_PROGRAMME),),
    "readiness_checklist": (of_deployment(),),
    # An item's current state follows its events, which leave marks of their own.
    "readiness_checklistitem": (of_deployment(), ITEM_UPDATE),
    "readiness_checklistevent": (of_deployment("c.at::date - 1"),),
    "readiness_waiver": (of_deployment("LEAST(c.from_on, c.decided_on, c.revoked_on)"),),
    "readiness_hazard": (of_either("LEAST(c.raised_on, c.closed_on, c.accepted_on)"),),
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
