"""Reminders of shifts, written down before they are sent."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0020_scores_of_a_night"),
        ("training", "0004_log_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShiftReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "shift",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder",
                        to="training.championshift",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder of a shift",
                "verbose_name_plural": "reminders of shifts",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at", None), ("sent_at", None)),
                        fields=["next_at"],
                        name="readiness_shifts_to_remind_of",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("given_up_at", None), _connector="OR"),
                        name="readiness_shiftreminder_end",
                    )
                ],
            },
        ),
    ]
