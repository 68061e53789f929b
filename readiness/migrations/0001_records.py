import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("rollout", "0001_records"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=60, verbose_name="rule")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="acknowledged at")),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="acknowledged by",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="rollout.deployment"
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("deployment", "rule"),
                        name="readiness_alert_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistTemplate",
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
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checklist_templates",
                        to="rollout.programme",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="published by",
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
            ],
            options={
                "verbose_name": "checklist template",
                "verbose_name_plural": "checklist templates",
                "ordering": ["programme_id", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "version"), name="readiness_template_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("programme",),
                        name="readiness_template_one_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "target",
                    models.CharField(
                        choices=[("training", "Training"), ("readiness", "Readiness")],
                        max_length=10,
                        verbose_name="of what",
                    ),
                ),
                ("p10", models.JSONField(default=list, verbose_name="10th percentile")),
                ("p50", models.JSONField(default=list, verbose_name="median")),
                ("p90", models.JSONField(default=list, verbose_name="90th percentile")),
                (
                    "chance",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name="chance"),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forecasts", to="rollout.deployment"
                    ),
                ),
            ],
            options={
                "verbose_name": "forecast",
                "verbose_name_plural": "forecasts",
                "ordering": ["-day", "deployment_id", "target"],
                "constraints": [
                    models.UniqueConstraint(fields=("deployment", "day", "target"), name="readiness_forecast_key"),
                    models.CheckConstraint(
                        condition=models.Q(("target__in", ["training", "readiness"])), name="readiness_forecast_target"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("chance__isnull", True), ("chance__range", (0, 1)), _connector="OR"),
                        name="readiness_forecast_chance_0_1",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Gate",
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
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("checkpoint", "Checkpoint"),
                            ("technical", "Technical go/no-go"),
                            ("go_live", "Go/no-go"),
                            ("review", "Review"),
                        ],
                        default="checkpoint",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("due_days", models.IntegerField(blank=True, null=True, verbose_name="days before go-live")),
                (
                    "minimum_score",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minimum score"),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gates", to="rollout.programme"
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
                ("seats", models.ManyToManyField(blank=True, related_name="gates", to="rollout.seatrole")),
            ],
            options={
                "verbose_name": "gate",
                "verbose_name_plural": "gates",
                "ordering": ["programme_id", "-due_days", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="readiness_gate_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="readiness_gate_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["checkpoint", "technical", "go_live", "review"])),
                        name="readiness_gate_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_score__range", (0, 100)), ("minimum_score__isnull", True), _connector="OR"
                        ),
                        name="readiness_gate_minimum_0_100",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hazard",
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
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("text", models.TextField(verbose_name="what could happen")),
                ("likelihood", models.PositiveSmallIntegerField(verbose_name="likelihood")),
                ("severity", models.PositiveSmallIntegerField(verbose_name="severity")),
                (
                    "rating",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("likelihood"), "*", models.F("severity")
                        ),
                        output_field=models.PositiveSmallIntegerField(),
                    ),
                ),
                ("mitigation", models.TextField(blank=True, verbose_name="mitigation")),
                ("raised_on", models.DateField(verbose_name="raised on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("accepted_on", models.DateField(blank=True, null=True, verbose_name="accepted on")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hazards", to="rollout.programme"
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
            ],
            options={
                "verbose_name": "hazard",
                "verbose_name_plural": "hazards",
                "ordering": ["programme_id", "code"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("retired_at", None)), fields=["deployment"], name="readiness_hazard_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="readiness_hazard_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="readiness_hazard_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("likelihood__range", (1, 5))), name="readiness_hazard_likelihood_1_5"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__range", (1, 5))), name="readiness_hazard_severity_1_5"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="part")),
                ("seen_at", models.DateTimeField(verbose_name="last seen at")),
            ],
            options={
                "verbose_name": "sign of life",
                "verbose_name_plural": "signs of life",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RecomputeRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("nightly", "Nightly"), ("asked", "Asked for"), ("history", "History")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("incomplete", "Done, some sites failed"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="to do")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="failed")),
                ("written", models.PositiveIntegerField(default=0, verbose_name="rows written")),
                (
                    "backdated",
                    models.PositiveIntegerField(default=0, verbose_name="past days done again for late records"),
                ),
                (
                    "queued_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="queued at"
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recompute_runs",
                        to="rollout.programme",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recompute_runs",
                        to="rollout.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "scoring run",
                "verbose_name_plural": "scoring runs",
                "ordering": ["-queued_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "nightly")),
                        fields=("programme", "first_day"),
                        name="readiness_run_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "nightly"), _negated=True),
                            models.Q(("first_day", models.F("last_day")), ("programme__isnull", False)),
                            _connector="OR",
                        ),
                        name="readiness_run_nightly_one_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["nightly", "asked", "history"])), name="readiness_run_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "incomplete"])),
                        name="readiness_run_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__isnull", True),
                            ("first_day__isnull", True),
                            ("last_day__gte", models.F("first_day")),
                            _connector="OR",
                        ),
                        name="readiness_run_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RescoreMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_day", models.DateField(blank=True, null=True, verbose_name="from day")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("late", "Late records"),
                            ("corrected", "Corrected records"),
                            ("plan", "Plan changed"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                (
                    "marked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="marked at"
                    ),
                ),
                (
                    "today_pending",
                    models.BooleanField(db_default=True, default=True, verbose_name="today is still to be re-scored"),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="rollout.deployment",
                    ),
                ),
            ],
            options={
                "verbose_name": "mark for re-scoring",
                "verbose_name_plural": "marks for re-scoring",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("today_pending", True)), fields=["id"], name="readiness_mark_pending"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoringModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, unique=True, verbose_name="version")),
                ("document", models.JSONField(verbose_name="document")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
            ],
            options={
                "verbose_name": "scoring model",
                "verbose_name_plural": "scoring models",
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
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
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("subject", models.CharField(max_length=60, verbose_name="what is waived")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("asked_on", models.DateField(blank=True, null=True, verbose_name="asked on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("approved", "Approved"),
                            ("denied", "Denied"),
                            ("revoked", "Revoked"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decided on")),
                ("revoked_on", models.DateField(blank=True, null=True, verbose_name="revoked on")),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until_on", models.DateField(verbose_name="until")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="asked by",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="decided by",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="rollout.deployment"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="rollout.programme"
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
            ],
            options={
                "verbose_name": "waiver",
                "verbose_name_plural": "waivers",
                "ordering": ["-until_on", "-pk"],
                "indexes": [models.Index(fields=["deployment", "subject"], name="readiness_waiver_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="readiness_waiver_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="readiness_waiver_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "approved", "denied", "revoked"])),
                        name="readiness_waiver_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("from_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="readiness_waiver_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checklist",
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
                    "deployment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checklist", to="rollout.deployment"
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
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checklists",
                        to="readiness.checklisttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "checklist",
                "verbose_name_plural": "checklists",
                "ordering": ["deployment_id"],
            },
        ),
        migrations.CreateModel(
            name="GateReview",
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
                ("held_on", models.DateField(verbose_name="held on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("go", "Go"),
                            ("go_with_conditions", "Go with conditions"),
                            ("no_go", "No go"),
                            ("defer", "Defer"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="in words")),
                ("pack", models.JSONField(blank=True, null=True, verbose_name="frozen figures")),
                ("frozen_at", models.DateTimeField(blank=True, null=True, verbose_name="frozen at")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gate_reviews",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "gate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="readiness.gate"
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
            ],
            options={
                "verbose_name": "gate review",
                "verbose_name_plural": "gate reviews",
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("gate", "deployment", "held_on"), name="readiness_gatereview_key"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["go", "go_with_conditions", "no_go", "defer", ""])),
                        name="readiness_gatereview_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeScoring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "programme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scoring", to="rollout.programme"
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="readiness.scoringmodel",
                    ),
                ),
            ],
            options={
                "verbose_name": "scoring model of a programme",
                "verbose_name_plural": "scoring models of programmes",
                "ordering": ["programme_id"],
            },
        ),
        migrations.CreateModel(
            name="ReadinessScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="revision")),
                ("provisional", models.BooleanField(default=False, verbose_name="the day is not over")),
                ("superseded_at", models.DateTimeField(blank=True, null=True, verbose_name="superseded at")),
                ("computed_at", models.DateTimeField(verbose_name="worked out at")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("late", "Late records"),
                            ("corrected", "Corrected records"),
                            ("plan", "Plan changed"),
                        ],
                        max_length=20,
                        verbose_name="reason of the revision",
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="score")),
                ("raw", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="raw score")),
                (
                    "expected",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="expected"),
                ),
                (
                    "coverage",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share that rests on evidence"),
                ),
                ("days_to_go", models.IntegerField(blank=True, null=True, verbose_name="days to go")),
                (
                    "band",
                    models.CharField(
                        choices=[
                            ("ready", "Ready"),
                            ("on_track", "On track"),
                            ("at_risk", "At risk"),
                            ("off_track", "Off track"),
                            ("paused", "Paused"),
                            ("unscheduled", "No date"),
                        ],
                        max_length=20,
                        verbose_name="band",
                    ),
                ),
                ("caps", models.JSONField(default=list, verbose_name="caps")),
                ("domains", models.JSONField(default=dict, verbose_name="domains")),
                ("indicators", models.JSONField(default=dict, verbose_name="indicators")),
                ("digest", models.BinaryField(max_length=16, verbose_name="digest of the result")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readiness_scores",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="readiness.scoringmodel"
                    ),
                ),
            ],
            options={
                "verbose_name": "readiness score",
                "verbose_name_plural": "readiness scores",
                "ordering": ["-day", "deployment_id", "-revision"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("deployment", "day", "model"),
                        include=("digest", "provisional", "revision"),
                        name="readiness_score_one_current",
                    ),
                    models.UniqueConstraint(
                        fields=("deployment", "day", "model", "revision"), name="readiness_score_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raw__range", (0, 100)), ("score__range", (0, 100))),
                        name="readiness_score_0_100",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("coverage__range", (0, 1))), name="readiness_score_coverage_0_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("band__in", ["ready", "on_track", "at_risk", "off_track", "paused", "unscheduled"])
                        ),
                        name="readiness_score_band",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["late", "corrected", "plan", ""])),
                        name="readiness_score_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecomputeChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("first_id", models.BigIntegerField(verbose_name="first deployment id")),
                ("last_id", models.BigIntegerField(verbose_name="last deployment id")),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="deployments"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("late", "Late records"),
                            ("corrected", "Corrected records"),
                            ("plan", "Plan changed"),
                        ],
                        max_length=20,
                        verbose_name="reason of revisions",
                    ),
                ),
                ("backdated", models.BooleanField(default=False, verbose_name="done again for late records")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("parked", "Parked after three tries"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="to do")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="failed")),
                ("written", models.PositiveIntegerField(default=0, verbose_name="rows written")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="readiness.recomputerun"
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a scoring run",
                "verbose_name_plural": "parts of scoring runs",
                "ordering": ["run_id", "day", "first_id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["state", "run"],
                        name="readiness_chunk_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["late", "corrected", "plan"])), name="readiness_chunk_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "parked"])),
                        name="readiness_chunk_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_id__isnull", True),
                            ("first_id__isnull", True),
                            ("last_id__gte", models.F("first_id")),
                            _connector="OR",
                        ),
                        name="readiness_chunk_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecomputeFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("error", models.CharField(max_length=120, verbose_name="kind of error")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rollout.deployment"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="failures",
                        to="readiness.recomputerun",
                    ),
                ),
            ],
            options={
                "verbose_name": "failure of a scoring run",
                "verbose_name_plural": "failures of scoring runs",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "deployment", "day"), name="readiness_failure_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("leadership", "Leadership"),
                            ("goals", "Goals"),
                            ("engagement", "Engagement"),
                            ("training", "Training"),
                            ("champions", "Champions"),
                            ("governance", "Governance"),
                            ("technical", "Technical"),
                            ("continuity", "Continuity"),
                            ("partnerships", "Partnerships"),
                            ("resourcing", "Resourcing"),
                            ("pilots", "Pilots"),
                        ],
                        max_length=20,
                        verbose_name="domain",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="what")),
                ("help", models.TextField(blank=True, verbose_name="help")),
                ("weight", models.PositiveSmallIntegerField(default=3, verbose_name="weight")),
                ("blocking", models.BooleanField(default=False, verbose_name="blocking")),
                ("due_days", models.IntegerField(blank=True, null=True, verbose_name="due days before go-live")),
                ("valid_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="shelf life in days")),
                ("evidence_needed", models.BooleanField(default=False, verbose_name="asks for evidence")),
                (
                    "golive",
                    models.CharField(
                        choices=[("technical", "Technical go-live"), ("user", "Go-live")],
                        default="user",
                        max_length=10,
                        verbose_name="for which go-live",
                    ),
                ),
                ("check_code", models.CharField(blank=True, max_length=60, verbose_name="system check that proves it")),
                (
                    "seat_role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="template_items",
                        to="rollout.seatrole",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="readiness.checklisttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "template item",
                "verbose_name_plural": "template items",
                "ordering": ["template_id", "domain", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "code"), name="readiness_templateitem_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="readiness_templateitem_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "domain__in",
                                [
                                    "leadership",
                                    "goals",
                                    "engagement",
                                    "training",
                                    "champions",
                                    "governance",
                                    "technical",
                                    "continuity",
                                    "partnerships",
                                    "resourcing",
                                    "pilots",
                                ],
                            )
                        ),
                        name="readiness_templateitem_domain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("golive__in", ["technical", "user"])), name="readiness_templateitem_golive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__range", (1, 5))), name="readiness_templateitem_weight_1_5"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
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
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("blocked", "Blocked"),
                            ("not_applicable", "Not applicable"),
                        ],
                        default="not_started",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "assurance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("declared", "Declared by its owner"),
                            ("seen", "Seen by someone else"),
                            ("proved", "Proved by a system"),
                        ],
                        max_length=10,
                        verbose_name="assurance",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True, help_text="Empty: counted from the go-live date.", null=True, verbose_name="due on"
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                ("evidence", models.TextField(blank=True, verbose_name="evidence")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="readiness.checklist"
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checklist_items",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="owner",
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
                    "template_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checklist_items",
                        to="readiness.templateitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "checklist item",
                "verbose_name_plural": "checklist items",
                "ordering": ["checklist_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("deployment", "code"), name="readiness_checklistitem_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["not_started", "in_progress", "done", "blocked", "not_applicable"])
                        ),
                        name="readiness_checklistitem_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("assurance__in", ["declared", "seen", "proved", ""])),
                        name="readiness_checklistitem_assurance",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
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
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("text", models.TextField(verbose_name="condition")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="owner",
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="readiness.gatereview",
                    ),
                ),
            ],
            options={
                "verbose_name": "condition",
                "verbose_name_plural": "conditions",
                "ordering": ["review_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "code"), name="readiness_condition_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="readiness_condition_code_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
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
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("with_conditions", "Yes, with conditions")],
                        max_length=20,
                        verbose_name="answer",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="in words")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="person",
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_offs", to="readiness.gatereview"
                    ),
                ),
                (
                    "seat_role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_offs", to="rollout.seatrole"
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-off",
                "verbose_name_plural": "sign-offs",
                "ordering": ["review_id", "seat_role_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "seat_role"), name="readiness_signoff_seat"),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["yes", "no", "with_conditions", ""])),
                        name="readiness_signoff_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistEvent",
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
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("blocked", "Blocked"),
                            ("not_applicable", "Not applicable"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "assurance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("declared", "Declared by its owner"),
                            ("seen", "Seen by someone else"),
                            ("proved", "Proved by a system"),
                        ],
                        max_length=10,
                        verbose_name="assurance",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("due_default", models.BooleanField(default=False, verbose_name="due date from the go-live again")),
                ("evidence", models.TextField(blank=True, verbose_name="evidence")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checklist_events",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="owner",
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="readiness.checklistitem"
                    ),
                ),
            ],
            options={
                "verbose_name": "checklist event",
                "verbose_name_plural": "checklist events",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("retired_at", None)),
                        fields=["deployment", "item", "at"],
                        include=("state", "assurance", "due_on", "due_default"),
                        name="readiness_event_of_item",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "at"), name="readiness_checklistevent_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["not_started", "in_progress", "done", "blocked", "not_applicable", ""])
                        ),
                        name="readiness_checklistevent_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("assurance__in", ["declared", "seen", "proved", ""])),
                        name="readiness_checklistevent_assurance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_default", False), ("due_on", None), _connector="OR"),
                        name="readiness_checklistevent_due",
                    ),
                ],
            },
        ),
    ]
