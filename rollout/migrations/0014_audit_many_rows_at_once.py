"""The audit of an update of thousands of rows in a time that grows with their number, and not with its square."""

from django.db import migrations

from rollout.sql import audit_updates_in_one_pass


class Migration(migrations.Migration):
    dependencies = [("rollout", "0013_counts_on_wards")]

    operations = [audit_updates_in_one_pass()]
