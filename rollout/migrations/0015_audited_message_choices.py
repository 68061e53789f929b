"""The audit keeps which messages a person says they want, like their other settings."""

from django.db import migrations

from rollout.sql import audit_table


class Migration(migrations.Migration):
    dependencies = [("rollout", "0014_audit_many_rows_at_once")]

    operations = [audit_table("rollout_notificationchoice", stamped=False)]
