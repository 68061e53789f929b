"""Forms that were sent, so that sending one twice makes one thing."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0007_lists_without_semicolons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, verbose_name="key of the form")),
                ("body", models.CharField(editable=False, max_length=64, verbose_name="hash of what was sent")),
                (
                    "answer",
                    models.CharField(blank=True, editable=False, max_length=2000, verbose_name="address that answered"),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="at"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["at"], name="rollout_submission_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="rollout_submission_key"),
                    models.CheckConstraint(
                        condition=models.Q(("body__regex", "^[0-9a-f]{64}$")), name="rollout_submission_hashed"
                    ),
                ],
            },
        ),
    ]
