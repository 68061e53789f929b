"""The audit triggers of readiness, and the stamp of what was last edited by hand."""

from django.db import migrations

from rollout.sql import audit_table

# Table, columns that could name a person, whether it keeps `edited_at`.
TABLES = (
    ("readiness_alert", (), False),
    ("readiness_checklist", (), True),
    ("readiness_checklistevent", (), True),
    ("readiness_checklistitem", (), True),
    ("readiness_checklisttemplate", (), True),
    ("readiness_condition", (), True),
    ("readiness_gate", (), True),
    ("readiness_gatereview", (), True),
    ("readiness_hazard", ("rating",), True),
    ("readiness_programmescoring", (), False),
    ("readiness_scoringmodel", (), False),
    ("readiness_signoff", (), True),
    ("readiness_templateitem", (), False),
    ("readiness_waiver", (), True),
)


class Migration(migrations.Migration):
    dependencies = [("readiness", "0001_records"), ("rollout", "0002_audit")]

    operations = [
        *(audit_table(table, excluded, stamped=stamped) for table, excluded, stamped in TABLES),
    ]
