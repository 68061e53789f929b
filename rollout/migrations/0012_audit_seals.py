"""Seals of the audit trail, so that an entry changed behind the back of the application is found out."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0011_comments_at_a_deployment"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_id", models.BigIntegerField(default=0, verbose_name="up to entry")),
                ("transaction", models.BigIntegerField(default=0, verbose_name="number of the transaction")),
                (
                    "looked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="looked at"
                    ),
                ),
            ],
            options={
                "verbose_name": "mark in the audit trail",
                "verbose_name_plural": "marks in the audit trail",
                "ordering": ["pk"],
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="rollout_auditmark_one")],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                ("after_id", models.BigIntegerField(unique=True, verbose_name="after entry")),
                ("last_id", models.BigIntegerField(unique=True, verbose_name="up to entry")),
                ("entries", models.PositiveIntegerField(verbose_name="entries")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="sealed at"
                    ),
                ),
            ],
            options={
                "verbose_name": "seal of the audit trail",
                "verbose_name_plural": "seals of the audit trail",
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("after_id__lt", models.F("last_id"))), name="rollout_auditseal_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="rollout_auditseal_hashed"
                    ),
                ],
            },
        ),
    ]
