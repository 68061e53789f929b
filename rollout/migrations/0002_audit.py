"""The audit triggers of rollout, and the stamp of what was last edited by hand."""

from django.db import migrations

from rollout.sql import audit_functions, audit_table

# Table, columns that could name a person, whether it keeps `edited_at`.
TABLES = (
    ("rollout_agreement", (), True),
    ("rollout_baselineassessment", (), True),
    ("rollout_boardpaper", (), True),
    ("rollout_commandrota", (), True),
    ("rollout_comment", ("text",), True),
    ("rollout_commitment", (), True),
    ("rollout_communication", (), True),
    ("rollout_decision", (), True),
    ("rollout_deployment", (), True),
    ("rollout_deploymentchange", (), True),
    ("rollout_deploymentward", (), False),
    ("rollout_engagementevent", (), True),
    ("rollout_fundingline", (), True),
    ("rollout_groupaction", (), True),
    ("rollout_groupmeeting", (), True),
    ("rollout_lesson", (), True),
    ("rollout_measure", (), True),
    ("rollout_membership", (), False),
    ("rollout_observation", (), True),
    ("rollout_organisation", (), True),
    ("rollout_otherchange", (), True),
    ("rollout_partner", (), True),
    ("rollout_partnerassessment", (), True),
    ("rollout_person", ("label",), False),
    ("rollout_pilot", (), True),
    ("rollout_pilotmeasure", (), True),
    ("rollout_priorityreview", (), True),
    ("rollout_programme", (), True),
    ("rollout_pulsefollowup", (), True),
    ("rollout_pulseresponse", ("words",), True),
    ("rollout_readinessgroup", (), True),
    ("rollout_releasebundle", (), True),
    ("rollout_requirement", (), True),
    ("rollout_resourceneed", (), True),
    ("rollout_savedview", (), True),
    ("rollout_seat", (), True),
    ("rollout_signature", (), True),
    ("rollout_site", (), True),
    ("rollout_sitetarget", (), True),
    ("rollout_situationreport", (), True),
    ("rollout_story", ("words",), True),
    ("rollout_supportissue", ("words",), True),
    ("rollout_tierlimit", (), True),
    ("rollout_user", ("email", "name", "password", "last_login"), False),
    ("rollout_ward", (), True),
    ("rollout_wave", (), True),
)


class Migration(migrations.Migration):
    dependencies = [("rollout", "0001_records")]

    operations = [
        audit_functions(),
        *(audit_table(table, excluded, stamped=stamped) for table, excluded, stamped in TABLES),
    ]
