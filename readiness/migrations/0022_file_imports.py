"""Imports of spreadsheets in the browser: files, lines, problems, progress, saved matchings of columns."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from rollout.sql import audit_table


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0021_shift_reminders"),
        ("rollout", "0017_saved_views_of_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("sheet", models.CharField(blank=True, max_length=255, verbose_name="sheet")),
                ("header_row", models.PositiveIntegerField(default=0, verbose_name="row of the header")),
                ("columns", models.JSONField(blank=True, default=dict, verbose_name="matched columns")),
                (
                    "day_first",
                    models.JSONField(blank=True, default=dict, verbose_name="fields whose dates have the day first"),
                ),
                ("options", models.JSONField(blank=True, default=dict, verbose_name="options")),
                ("good_rows_only", models.BooleanField(default=False, verbose_name="good rows only")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chosen", "File chosen"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, not loaded"),
                            ("loading", "Being loaded"),
                            ("loaded", "Loaded"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("failed", "Failed"),
                            ("given_up", "Given up"),
                        ],
                        default="chosen",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("counts", models.JSONField(blank=True, default=dict, verbose_name="rows by fate")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="digest of what would be done")),
                ("notes", models.JSONField(blank=True, default=list, verbose_name="notes")),
                ("told", models.TextField(blank=True, verbose_name="what happened")),
                ("undone", models.JSONField(blank=True, default=dict, verbose_name="rows by what the undoing did")),
                (
                    "begun_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="begun at"),
                ),
                (
                    "touched_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="last touched at"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("forgotten_at", models.DateTimeField(blank=True, null=True, verbose_name="contents removed at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file_imports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="file_imports", to="rollout.programme"
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file_import",
                        to="rollout.importrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of a file",
                "verbose_name_plural": "imports of files",
                "ordering": ["-begun_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FileImportLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(verbose_name="row")),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("same", "Same"),
                            ("rejected", "Rejected"),
                            ("missing", "Missing"),
                        ],
                        max_length=10,
                        verbose_name="fate",
                    ),
                ),
                ("label", models.TextField(blank=True, verbose_name="row in words")),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None, verbose_name="what happens"
                    ),
                ),
                (
                    "cells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None, verbose_name="cells"
                    ),
                ),
                (
                    "file_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="readiness.fileimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of an imported file",
                "verbose_name_plural": "lines of imported files",
                "ordering": ["file_import_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="FileImportPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("content", models.BinaryField(verbose_name="content")),
                (
                    "file_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="readiness.fileimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of an imported file",
                "verbose_name_plural": "parts of imported files",
                "ordering": ["file_import_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="FileImportProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(verbose_name="row")),
                ("column", models.TextField(blank=True, verbose_name="column")),
                ("value", models.TextField(blank=True, verbose_name="value")),
                ("words", models.TextField(verbose_name="what is wrong")),
                (
                    "file_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="readiness.fileimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem of an imported file",
                "verbose_name_plural": "problems of imported files",
                "ordering": ["file_import_id", "number", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FileImportProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(blank=True, max_length=60, verbose_name="step")),
                ("done", models.PositiveBigIntegerField(default=0, verbose_name="done")),
                ("total", models.PositiveBigIntegerField(default=0, verbose_name="of")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                (
                    "file_import",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="readiness.fileimport"
                    ),
                ),
            ],
            options={
                "verbose_name": "progress of an import",
                "verbose_name_plural": "progress of imports",
                "ordering": ["file_import_id"],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("headers", models.JSONField(default=dict, verbose_name="headers by field")),
                (
                    "saved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="saved at"),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="column_mappings",
                        to="rollout.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved matching of columns",
                "verbose_name_plural": "saved matchings of columns",
                "ordering": ["programme_id", "kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "kind"), name="readiness_columnmapping_key")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="fileimport",
            index=models.Index(fields=["programme", "-begun_at"], name="readiness_fileimport_list"),
        ),
        migrations.AddIndex(
            model_name="fileimport",
            index=models.Index(
                condition=models.Q(("state__in", ["checking", "loading", "undoing"])),
                fields=["id"],
                name="readiness_fileimport_work",
            ),
        ),
        migrations.AddIndex(
            model_name="fileimport",
            index=models.Index(
                condition=models.Q(("forgotten_at", None)), fields=["touched_at"], name="readiness_fileimport_forget"
            ),
        ),
        migrations.AddConstraint(
            model_name="fileimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "chosen",
                            "checking",
                            "checked",
                            "loading",
                            "loaded",
                            "undoing",
                            "undone",
                            "failed",
                            "given_up",
                        ],
                    )
                ),
                name="readiness_fileimport_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)), name="readiness_fileimport_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="fileimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="readiness_fileimport_sha256"
            ),
        ),
        migrations.AddIndex(
            model_name="fileimportline",
            index=models.Index(fields=["file_import", "fate", "number"], name="readiness_fileimportline_list"),
        ),
        migrations.AddConstraint(
            model_name="fileimportline",
            constraint=models.UniqueConstraint(fields=("file_import", "number"), name="readiness_fileimportline_key"),
        ),
        migrations.AddConstraint(
            model_name="fileimportline",
            constraint=models.CheckConstraint(
                condition=models.Q(("fate__in", ["new", "changed", "same", "rejected", "missing"])),
                name="readiness_fileimportline_fate",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileimportpart",
            constraint=models.UniqueConstraint(fields=("file_import", "number"), name="readiness_fileimportpart_key"),
        ),
        migrations.AddIndex(
            model_name="fileimportproblem",
            index=models.Index(fields=["file_import", "number"], name="readiness_fileimportproblem_of"),
        ),
        audit_table("readiness_fileimport", ["name", "sheet", "columns", "told", "notes", "options"], stamped=False),
    ]
