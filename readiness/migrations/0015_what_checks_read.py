"""System checks: which event one of them wrote, and marks on what they read, so that they are asked again."""

from django.db import migrations, models

# Where the change of a row can change what a check finds, today alone; `changed` are its rows before and after.
OF_DEPLOYMENT = "SELECT c.deployment_id, NULL::date AS from_day FROM changed c"
OF_PROGRAMME = (
    "SELECT d.id AS deployment_id, NULL::date AS from_day "
    "FROM changed c JOIN rollout_deployment d ON d.programme_id = c.programme_id"
)
READ = {
    "rollout_seat": f"{OF_PROGRAMME} AND (c.site_id IS NULL OR c.site_id = d.site_id)",
    "rollout_decision": f"{OF_PROGRAMME} AND (c.deployment_id IS NULL OR c.deployment_id = d.id)",
    "rollout_fundingline": OF_PROGRAMME,
    "rollout_otherchange": (
        "SELECT d.id AS deployment_id, NULL::date AS from_day "
        "FROM changed c JOIN rollout_deployment d ON d.site_id = c.site_id"
    ),
    "rollout_readinessgroup": OF_DEPLOYMENT,
    "rollout_baselineassessment": OF_DEPLOYMENT,
    "rollout_commandrota": OF_DEPLOYMENT,
    "rollout_observation": OF_DEPLOYMENT,
    "training_trainingplan": OF_DEPLOYMENT,
    "training_trainingplanpoint": (
        "SELECT p.deployment_id, NULL::date AS from_day FROM changed c JOIN training_trainingplan p ON p.id = c.plan_id"
    ),
}
EVENTS = {
    "insert": "AFTER INSERT ON {} REFERENCING NEW TABLE AS changed",
    "delete": "AFTER DELETE ON {} REFERENCING OLD TABLE AS changed",
    "update": "AFTER UPDATE ON {} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
}


def triggers(table: str, mapping: str) -> str:
    return "\n".join(
        f"CREATE TRIGGER mark_{name} {event.format(table)} FOR EACH STATEMENT EXECUTE FUNCTION readiness_mark('{mapping}');"
        for name, event in EVENTS.items()
    )


def dropped(table: str) -> str:
    return "\n".join(f"DROP TRIGGER mark_{name} ON {table};" for name in EVENTS)


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0014_who_revoked_a_waiver"),
        ("rollout", "0011_comments_at_a_deployment"),
        ("training", "0003_redundant_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="checklistevent",
            name="check_code",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="system check that said so"),
        ),
        *(migrations.RunSQL(triggers(table, mapping), dropped(table)) for table, mapping in READ.items()),
    ]
