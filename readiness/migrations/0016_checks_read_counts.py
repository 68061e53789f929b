"""A count on a ward that changes asks the checks of its deployment again."""

from django.db import migrations

EVENTS = {
    "insert": "AFTER INSERT ON rollout_wardcount REFERENCING NEW TABLE AS changed",
    "delete": "AFTER DELETE ON rollout_wardcount REFERENCING OLD TABLE AS changed",
    "update": "AFTER UPDATE ON rollout_wardcount REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
}
MAPPING = "SELECT c.deployment_id, NULL::date AS from_day FROM changed c"
TRIGGERS = "\n".join(
    f"CREATE TRIGGER mark_{name} {event} FOR EACH STATEMENT EXECUTE FUNCTION readiness_mark('{MAPPING}');"
    for name, event in EVENTS.items()
)
DROPPED = "\n".join(f"DROP TRIGGER mark_{name} ON rollout_wardcount;" for name in EVENTS)


class Migration(migrations.Migration):
    dependencies = [("readiness", "0015_what_checks_read"), ("rollout", "0013_counts_on_wards")]

    operations = [migrations.RunSQL(TRIGGERS, DROPPED)]
