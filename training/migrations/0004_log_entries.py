"""What was sent to the log, and the answer each sending got once and for all."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0003_redundant_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(editable=False, unique=True, verbose_name="device's own number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("shift", "Another shift"),
                            ("confirmed", "Shift confirmed"),
                            ("worked", "Shift worked"),
                            ("missed", "Shift missed"),
                            ("undo", "Shift put back"),
                            ("attendance", "Attendance"),
                            ("access", "Log-in test"),
                            ("issue", "Issue"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("body_hash", models.CharField(editable=False, max_length=64, verbose_name="hash of what was sent")),
                ("device_at", models.DateTimeField(blank=True, null=True, verbose_name="time on the device")),
                (
                    "device_offset_minutes",
                    models.SmallIntegerField(blank=True, null=True, verbose_name="the device's minutes from UTC"),
                ),
                (
                    "clock_skew_minutes",
                    models.IntegerField(blank=True, null=True, verbose_name="minutes the device's clock is ahead"),
                ),
                (
                    "arrived_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="arrived at"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("accepted", "Accepted"), ("refused", "Refused")], max_length=10, verbose_name="answer"
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="why it was refused")),
                ("record", models.CharField(blank=True, max_length=40, verbose_name="table of the record")),
                ("record_id", models.BigIntegerField(blank=True, null=True, verbose_name="id of the record")),
                ("before", models.CharField(blank=True, max_length=20, verbose_name="state before")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "log entry",
                "verbose_name_plural": "log entries",
                "ordering": ["-arrived_at", "-pk"],
                "indexes": [
                    models.Index(fields=["record", "record_id"], name="training_logentry_record"),
                    models.Index(fields=["user", "arrived_at"], name="training_logentry_user"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["shift", "confirmed", "worked", "missed", "undo", "attendance", "access", "issue"],
                            )
                        ),
                        name="training_logentry_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["accepted", "refused"])), name="training_logentry_answer"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body_hash__regex", "^[0-9a-f]{64}$")), name="training_logentry_hashed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "accepted"), ("words", "")),
                            models.Q(("answer", "refused"), models.Q(("words", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="training_logentry_words",
                    ),
                ],
            },
        ),
    ]
