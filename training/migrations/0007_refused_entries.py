"""What the log refused at its arrival, kept for a while for those who may take it; with its audit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from rollout.sql import audit_table


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0018_names_kept"),
        ("training", "0006_names_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RefusedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said_at", models.DateTimeField(verbose_name="written at")),
                ("body", models.JSONField(blank=True, null=True, verbose_name="what was sent")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "Accepted"), ("dismissed", "Dismissed"), ("lapsed", "Lapsed")],
                        max_length=10,
                        verbose_name="what became of it",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="why it was dismissed")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refused", to="training.logentry"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refused_entries",
                        to="rollout.programme",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rollout.site"),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.ward",
                    ),
                ),
            ],
            options={
                "verbose_name": "refused entry",
                "verbose_name_plural": "refused entries",
                "ordering": ["said_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["accepted", "dismissed", "lapsed", ""])),
                        name="training_refusedentry_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", False), ("decided_at", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("body__isnull", True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="training_refusedentry_decided",
                    ),
                ],
            },
        ),
        audit_table("training_refusedentry", ("body",), stamped=False),
    ]
