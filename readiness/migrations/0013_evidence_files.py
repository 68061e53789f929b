"""Files given as evidence for checklist items, audited by all but their names; their bytes are kept as they came."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from rollout.sql import audit_table

# Pictures and office files are compressed already: to try again would cost time and gain nothing.
_AS_IT_COMES = migrations.RunSQL(
    "ALTER TABLE readiness_evidencechunk ALTER COLUMN content SET STORAGE EXTERNAL;",
    "ALTER TABLE readiness_evidencechunk ALTER COLUMN content SET STORAGE EXTENDED;",
)


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0012_undone_changes"),
        ("rollout", "0011_comments_at_a_deployment"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceFile",
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
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("png", "PNG picture"),
                            ("jpg", "JPEG picture"),
                            ("docx", "Word document"),
                            ("xlsx", "Excel workbook"),
                            ("pptx", "PowerPoint presentation"),
                            ("csv", "CSV table"),
                            ("txt", "Text"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded at")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="readiness.checklistitem"
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
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence file",
                "verbose_name_plural": "evidence files",
                "ordering": ["item_id", "pk"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("content", models.BinaryField(verbose_name="content")),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="readiness.evidencefile",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of an evidence file",
                "verbose_name_plural": "parts of evidence files",
                "ordering": ["file_id", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="evidencefile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at", None)), fields=("item", "sha256"), name="readiness_evidencefile_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["pdf", "png", "jpg", "docx", "xlsx", "pptx", "csv", "txt"])),
                name="readiness_evidencefile_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)), name="readiness_evidencefile_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="readiness_evidencefile_sha256"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")), name="readiness_evidencefile_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencechunk",
            constraint=models.UniqueConstraint(fields=("file", "number"), name="readiness_evidencechunk_key"),
        ),
        audit_table("readiness_evidencefile", ["name"]),
        _AS_IT_COMES,
    ]
