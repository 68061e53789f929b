"""Since when somebody waits for a place on a session, and the messages about places."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0004_log_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="attendance",
            name="waiting_since",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="waiting since"),
        ),
        migrations.CreateModel(
            name="PlaceMessage",
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
                    "what",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("waiting", "On the waiting list"),
                            ("moved_up", "A place has become free"),
                            ("changed", "The session has changed"),
                            ("moved", "Moved to another session"),
                            ("cancelled", "Cancelled"),
                            ("reminder", "The day before"),
                        ],
                        max_length=20,
                        verbose_name="what it tells",
                    ),
                ),
                ("for_on", models.DateField(blank=True, null=True, verbose_name="reminds of the day")),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="training.attendance"
                    ),
                ),
            ],
            options={
                "verbose_name": "message about a place",
                "verbose_name_plural": "messages about places",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at", None), ("sent_at", None)),
                        fields=["next_at"],
                        name="training_places_to_tell_of",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("what__in", ["booked", "waiting", "moved_up", "changed", "moved", "cancelled", "reminder"])
                        ),
                        name="training_placemessage_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("given_up_at", None), _connector="OR"),
                        name="training_placemessage_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("for_on__isnull", False), ("what", "reminder")),
                            models.Q(models.Q(("what", "reminder"), _negated=True), ("for_on", None)),
                            _connector="OR",
                        ),
                        name="training_placemessage_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("for_on__isnull", False)),
                        fields=("attendance", "for_on"),
                        name="training_placemessage_once",
                    ),
                ],
            },
        ),
    ]
