"""The audit triggers of training, and the stamp of what was last edited by hand."""

from django.db import migrations

from rollout.sql import audit_table

# Table, columns that could name a person, whether it keeps `edited_at`.
TABLES = (
    ("training_absence", (), True),
    ("training_accesscheck", (), True),
    ("training_attendance", (), True),
    ("training_champion", (), True),
    ("training_championshift", ("notes",), True),
    ("training_course", (), True),
    ("training_posting", (), True),
    ("training_shiftpattern", (), True),
    ("training_staffmember", ("name", "email"), True),
    ("training_trainingplan", (), True),
    ("training_trainingplanpoint", (), True),
    ("training_trainingsession", (), True),
)


class Migration(migrations.Migration):
    dependencies = [("training", "0001_records"), ("rollout", "0002_audit")]

    operations = [
        *(audit_table(table, excluded, stamped=stamped) for table, excluded, stamped in TABLES),
    ]
