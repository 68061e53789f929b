import datetime

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import training.models.ranges


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("rollout", "0001_records"),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
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
                    "mode",
                    models.CharField(
                        choices=[("classroom", "Classroom"), ("e-learning", "E-learning"), ("sandbox", "Sandbox")],
                        default="classroom",
                        max_length=20,
                        verbose_name="mode",
                    ),
                ),
                ("mandatory", models.BooleanField(default=False, verbose_name="mandatory")),
                ("valid_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="valid for days")),
                ("for_champions", models.BooleanField(default=False, verbose_name="for champions")),
                ("assessed", models.BooleanField(default=False, verbose_name="assessed")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                ("groups", models.ManyToManyField(blank=True, related_name="courses", to="rollout.staffgroup")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="rollout.programme"
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
                "verbose_name": "course",
                "verbose_name_plural": "courses",
                "ordering": ["programme_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="training_course_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="training_course_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["classroom", "e-learning", "sandbox"])),
                        name="training_course_mode",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftPattern",
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
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("starts", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(verbose_name="to")),
                ("minimum", models.PositiveSmallIntegerField(default=1, verbose_name="champions needed")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shift_patterns",
                        to="rollout.programme",
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
                "verbose_name": "shift pattern",
                "verbose_name_plural": "shift patterns",
                "ordering": ["programme_id", "starts", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "name"), name="training_shiftpattern_name"),
                    models.CheckConstraint(
                        condition=models.Q(("minimum__gte", 1)), name="training_shiftpattern_minimum"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
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
                ("number", models.CharField(max_length=40, verbose_name="employee number")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="email address")),
                ("line_manager", models.BooleanField(default=False, verbose_name="line manager")),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="rollout.staffgroup",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="rollout.organisation"
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
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_member",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "member of staff",
                "verbose_name_plural": "staff",
                "ordering": ["organisation_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "number"), name="training_staffmember_number"),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="training_staffmember_number_filled"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingPlan",
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
                ("words", models.TextField(blank=True, verbose_name="in words")),
                (
                    "deployment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_plan",
                        to="rollout.deployment",
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
                "verbose_name": "training plan",
                "verbose_name_plural": "training plans",
                "ordering": ["deployment_id"],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                ("from_on", models.DateField(verbose_name="from")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "kind",
                    models.CharField(
                        choices=[("leave", "Leave"), ("secondment", "Secondment"), ("other", "Other")],
                        default="leave",
                        max_length=20,
                        verbose_name="kind",
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="training.staffmember"
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ["staff_id", "from_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("staff", "from_on"), name="training_absence_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("from_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="training_absence_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["leave", "secondment", "other"])), name="training_absence_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessCheck",
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
                ("checked_at", models.DateTimeField(verbose_name="checked at")),
                ("device", models.CharField(blank=True, max_length=120, verbose_name="device")),
                ("passed", models.BooleanField(verbose_name="passed")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_account", "No account"),
                            ("wrong_role", "Wrong role"),
                            ("card", "Card"),
                            ("device", "Device"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="why not",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_checks",
                        to="rollout.programme",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_checks",
                        to="rollout.ward",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_checks",
                        to="training.staffmember",
                    ),
                ),
            ],
            options={
                "verbose_name": "log-in test",
                "verbose_name_plural": "log-in tests",
                "ordering": ["-checked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("staff", "programme", "checked_at"),
                        include=("passed",),
                        name="training_accesscheck_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["no_account", "wrong_role", "card", "device", "other", ""])),
                        name="training_accesscheck_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("passed", False), ("reason", ""), _connector="OR"),
                        name="training_accesscheck_passed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Champion",
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
                    "level",
                    models.CharField(
                        choices=[("champion", "Champion"), ("super_user", "Super user"), ("ambassador", "Ambassador")],
                        default="champion",
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                ("volunteered", models.BooleanField(blank=True, null=True, verbose_name="volunteered")),
                (
                    "protected_hours",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="protected hours a week"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "nominated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="nominated by",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="champions", to="rollout.programme"
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="champions", to="training.staffmember"
                    ),
                ),
            ],
            options={
                "verbose_name": "champion",
                "verbose_name_plural": "champions",
                "ordering": ["programme_id", "staff_id", "from_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "staff", "from_on"), name="training_champion_key"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["champion", "super_user", "ambassador"])),
                        name="training_champion_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("from_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="training_champion_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("protected_hours__isnull", True), ("protected_hours__gte", 0), _connector="OR"
                        ),
                        name="training_champion_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChampionShift",
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
                ("client_id", models.UUIDField(unique=True, verbose_name="device's own number")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("confirmed", "Confirmed"),
                            ("worked", "Worked"),
                            ("missed", "Missed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="planned on")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="missed or cancelled on")),
                ("staff_helped", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="staff helped")),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="champion_shifts",
                        to="rollout.programme",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="champion_shifts", to="rollout.ward"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="champion_shifts",
                        to="training.staffmember",
                    ),
                ),
            ],
            options={
                "verbose_name": "champion shift",
                "verbose_name_plural": "champion shifts",
                "ordering": ["starts_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("retired_at", None)),
                        fields=["ward", "programme", "starts_at"],
                        include=("ends_at", "staff", "planned_on", "state", "ended_on"),
                        name="training_shift_of_ward",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "confirmed", "worked", "missed", "cancelled"])),
                        name="training_championshift_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("starts_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"), "+", models.Value(datetime.timedelta(days=1))
                                ),
                            ),
                        ),
                        name="training_championshift_length",
                        violation_error_message="A shift ends after it starts, and within 24 hours.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("retired_at", None), ("state__in", ("planned", "confirmed", "worked"))),
                        expressions=[
                            (
                                training.models.ranges.Int8Range(
                                    models.F("staff_id"), models.F("staff_id"), models.Value("[]")
                                ),
                                "&&",
                            ),
                            (training.models.ranges.TsTzRange(models.F("starts_at"), models.F("ends_at")), "&&"),
                        ],
                        name="training_championshift_overlap",
                        violation_error_message="This person already has a shift at that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
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
                ("from_on", models.DateField(verbose_name="from")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="rollout.ward"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="training.staffmember"
                    ),
                ),
            ],
            options={
                "verbose_name": "posting",
                "verbose_name_plural": "postings",
                "ordering": ["staff_id", "from_on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("retired_at", None)),
                        fields=["ward", "from_on"],
                        include=("staff", "to_on"),
                        name="training_posting_of_ward",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("staff", "ward", "from_on"), name="training_posting_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("from_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="training_posting_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingPlanPoint",
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
                ("on", models.DateField(verbose_name="day")),
                ("share", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share trained")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="points", to="training.trainingplan"
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
                "verbose_name": "point of a training plan",
                "verbose_name_plural": "points of training plans",
                "ordering": ["plan_id", "on"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "on"), name="training_planpoint_key"),
                    models.CheckConstraint(condition=models.Q(("share__range", (0, 1))), name="training_planpoint_0_1"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingSession",
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
                ("room", models.CharField(blank=True, max_length=300, verbose_name="room or link")),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("capacity", models.PositiveIntegerField(blank=True, null=True, verbose_name="places")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="training.course"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_sessions",
                        to="rollout.programme",
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
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_sessions",
                        to="rollout.site",
                    ),
                ),
                (
                    "trainer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="trainer",
                    ),
                ),
            ],
            options={
                "verbose_name": "training session",
                "verbose_name_plural": "training sessions",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="training_session_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="training_session_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="training_session_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
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
                ("on", models.DateField(verbose_name="date")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("waiting", "Waiting"),
                            ("attended", "Attended"),
                            ("did_not_attend", "Did not attend"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("passed", models.BooleanField(blank=True, null=True, verbose_name="passed")),
                ("client_id", models.UUIDField(blank=True, null=True, verbose_name="device's own number")),
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="training.course"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="training.staffmember",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="training.trainingsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendances",
                "ordering": ["-on", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("retired_at", None), ("state", "attended")),
                        fields=["staff", "course"],
                        include=("on", "passed"),
                        name="training_attendance_completed",
                    ),
                    models.Index(
                        condition=models.Q(("session__isnull", False)),
                        fields=["session"],
                        name="training_attendance_session",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("course"),
                        models.F("staff"),
                        models.F("on"),
                        django.db.models.functions.comparison.Coalesce("session", 0),
                        name="training_attendance_key",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("client_id__isnull", False)),
                        fields=("client_id",),
                        name="training_attendance_client",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["booked", "waiting", "attended", "did_not_attend", "cancelled"])
                        ),
                        name="training_attendance_state",
                    ),
                ],
            },
        ),
    ]
