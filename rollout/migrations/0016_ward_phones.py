"""Phones that a ward shares, audited, and which log-ins were on them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from rollout.sql import audit_table


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0015_audited_message_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="WardPhone",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "secret",
                    models.CharField(editable=False, max_length=64, unique=True, verbose_name="hash of the cookie"),
                ),
                (
                    "enrolled_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="enrolled at"
                    ),
                ),
                (
                    "enrolled_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="phones", to="rollout.ward"
                    ),
                ),
            ],
            options={
                "verbose_name": "phone of a ward",
                "verbose_name_plural": "phones of wards",
                "ordering": ["ward_id", "name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="signin",
            name="phone",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sign_ins",
                to="rollout.wardphone",
            ),
        ),
        migrations.AddConstraint(
            model_name="wardphone",
            constraint=models.UniqueConstraint(
                models.F("ward"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("retired_at", None)),
                name="rollout_wardphone_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="wardphone",
            constraint=models.CheckConstraint(
                condition=models.Q(("secret__regex", "^[0-9a-f]{64}$")), name="rollout_wardphone_hashed"
            ),
        ),
        audit_table("rollout_wardphone", ["secret"]),
    ]
