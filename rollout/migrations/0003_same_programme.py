"""A record that names a programme and a deployment names a deployment of that programme."""

from django.db import migrations

from rollout.sql import same_programme

TABLES = (
    "rollout_decision",
    "rollout_pulseresponse",
    "rollout_commitment",
    "rollout_agreement",
)


class Migration(migrations.Migration):
    dependencies = [("rollout", "0002_audit")]

    operations = [same_programme(table) for table in TABLES]
