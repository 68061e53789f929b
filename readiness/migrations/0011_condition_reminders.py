"""Reminders of conditions, written down before they are sent."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0010_caps_in_the_index_of_current_scores"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConditionReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("for_on", models.DateField(verbose_name="of the day")),
                (
                    "queued_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="queued at"
                    ),
                ),
                (
                    "next_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="tried again from"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("given_up_at", models.DateTimeField(blank=True, null=True, verbose_name="given up at")),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="readiness.condition"
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder of a condition",
                "verbose_name_plural": "reminders of conditions",
                "ordering": ["-for_on", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at", None), ("sent_at", None)),
                        fields=["next_at"],
                        name="readiness_reminder_to_send",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("condition", "for_on"), name="readiness_conditionreminder_day"),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("given_up_at", None), _connector="OR"),
                        name="readiness_conditionreminder_end",
                    ),
                ],
            },
        ),
    ]
