"""What was counted on the wards of a deployment before its go-live, audited."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from rollout.sql import audit_table


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0012_audit_seals"),
    ]

    operations = [
        migrations.CreateModel(
            name="WardCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "edited_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        null=True,
                        verbose_name="last edited by hand",
                    ),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired at")),
                (
                    "retired_reason",
                    models.CharField(blank=True, editable=False, max_length=500, verbose_name="reason for retiring"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("devices", "Devices"),
                            ("wifi", "Places with Wi-Fi"),
                            ("sign_in", "Devices that people can log in on"),
                            ("printers", "Printers"),
                        ],
                        max_length=20,
                        verbose_name="what was counted",
                    ),
                ),
                ("needed", models.PositiveIntegerField(verbose_name="needed")),
                ("ready", models.PositiveIntegerField(verbose_name="ready")),
                ("counted_on", models.DateField(verbose_name="counted on")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="by",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ward_counts", to="rollout.deployment"
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="rollout.ward"
                    ),
                ),
            ],
            options={
                "verbose_name": "count on a ward",
                "verbose_name_plural": "counts on wards",
                "ordering": ["deployment_id", "ward_id", "kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("deployment", "ward", "kind"), name="rollout_wardcount_key"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["devices", "wifi", "sign_in", "printers"])),
                        name="rollout_wardcount_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ready__lte", models.F("needed"))),
                        name="rollout_wardcount_ready",
                        violation_error_message="No more can be ready than are needed.",
                    ),
                ],
            },
        ),
        audit_table("rollout_wardcount"),
    ]
