"""Who took a waiver back stands beside the day on which."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0013_evidence_files"),
        ("rollout", "0011_comments_at_a_deployment"),
    ]

    operations = [
        migrations.AddField(
            model_name="waiver",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rollout.person",
                verbose_name="revoked by",
            ),
        ),
    ]
