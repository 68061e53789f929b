import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import rollout.models.organisations
import rollout.models.users


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Discipline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
            ],
            options={
                "verbose_name": "discipline",
                "verbose_name_plural": "disciplines",
                "ordering": ["code"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("code",), name="rollout_discipline_code")],
            },
        ),
        migrations.CreateModel(
            name="SeatRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
            ],
            options={
                "verbose_name": "seat role",
                "verbose_name_plural": "seat roles",
                "ordering": ["code"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("code",), name="rollout_seatrole_code")],
            },
        ),
        migrations.CreateModel(
            name="StaffGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
            ],
            options={
                "verbose_name": "staff group",
                "verbose_name_plural": "staff groups",
                "ordering": ["code"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("code",), name="rollout_staffgroup_code")],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="email address")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="may log in")),
                ("is_staff", models.BooleanField(default=False, verbose_name="may read the technical admin")),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="joined at"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ["email", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="rollout_user_email",
                        violation_error_message="This address is already used.",
                    )
                ],
            },
            managers=[
                ("objects", rollout.models.users.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                ("table", models.CharField(max_length=63, verbose_name="table")),
                ("row_id", models.BigIntegerField(verbose_name="row")),
                ("action", models.CharField(max_length=6, verbose_name="action")),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
                ("reason", models.CharField(blank=True, db_default="", max_length=500, verbose_name="reason")),
                ("request_id", models.CharField(blank=True, db_default="", max_length=64, verbose_name="request")),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["table", "row_id", "id"], name="rollout_auditentry_row")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["insert", "update", "delete"])),
                        name="rollout_auditentry_action",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True, verbose_name="hash of the token")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="stopped at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar address",
                "verbose_name_plural": "calendar addresses",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at", None)),
                        fields=("user",),
                        name="rollout_calendartoken_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
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
                ("subject_id", models.PositiveBigIntegerField()),
                ("text", models.TextField(verbose_name="comment")),
                ("written_at", models.DateTimeField(auto_now_add=True, verbose_name="written at")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
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
                    "subject_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["written_at", "pk"],
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="rollout_comment_subject")],
            },
        ),
        migrations.CreateModel(
            name="NotificationChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="kind of message")),
                (
                    "channel",
                    models.CharField(
                        choices=[("page", "In the page list"), ("email", "Email"), ("calendar", "Calendar")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("wanted", models.BooleanField(default=True, verbose_name="wanted")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification choice",
                "verbose_name_plural": "notification choices",
                "ordering": ["user_id", "kind", "channel"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "channel"), name="rollout_notificationchoice_key"),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["page", "email", "calendar"])),
                        name="rollout_notificationchoice_channel",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                    "code",
                    models.CharField(help_text="Its ODS code, or one of your own.", max_length=40, verbose_name="code"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("kind", models.CharField(blank=True, max_length=60, verbose_name="kind")),
                ("region", models.CharField(blank=True, max_length=120, verbose_name="region")),
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
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="rollout_organisation_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_organisation_code_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
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
                ("kind", models.CharField(blank=True, max_length=60, verbose_name="kind")),
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
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="rollout_partner_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_partner_code_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=254, verbose_name="email address or name")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["label", "pk"],
                "indexes": [models.Index(django.db.models.functions.text.Lower("label"), name="rollout_person_lower")],
                "constraints": [
                    models.UniqueConstraint(fields=("label",), name="rollout_person_label"),
                    models.CheckConstraint(
                        condition=models.Q(("label", ""), _negated=True), name="rollout_person_label_filled"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortfolioFollow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("portfolio", models.CharField(max_length=60, verbose_name="portfolio")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portfolio_follows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "followed portfolio",
                "verbose_name_plural": "followed portfolios",
                "ordering": ["portfolio", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "portfolio"), name="rollout_portfoliofollow_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
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
                ("product", models.CharField(blank=True, max_length=120, verbose_name="product")),
                ("portfolio", models.CharField(blank=True, max_length=60, verbose_name="portfolio")),
                ("problem", models.TextField(blank=True, verbose_name="problem")),
                (
                    "processes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="affected processes",
                    ),
                ),
                ("mission", models.TextField(blank=True, verbose_name="mission")),
                ("goal", models.TextField(blank=True, verbose_name="goal")),
                (
                    "approach",
                    models.CharField(
                        blank=True,
                        choices=[("big_bang", "Big bang"), ("modular", "Modular")],
                        max_length=20,
                        verbose_name="approach",
                    ),
                ),
                ("resource_need", models.TextField(blank=True, verbose_name="resource need")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planning", "Planning"),
                            ("piloting", "Piloting"),
                            ("rolling_out", "Rolling out"),
                            ("embedding", "Embedding"),
                            ("closed", "Closed"),
                            ("paused", "Paused"),
                            ("stopped", "Stopped"),
                        ],
                        default="planning",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("target_date", models.DateField(blank=True, null=True, verbose_name="target date")),
                (
                    "ward_word",
                    models.CharField(blank=True, default="ward", max_length=40, verbose_name="word for a ward"),
                ),
                ("support_number", models.CharField(blank=True, max_length=40, verbose_name="support number")),
                (
                    "not_applicable",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="indicators that do not apply",
                    ),
                ),
                (
                    "refresher_days",
                    models.PositiveSmallIntegerField(
                        default=300, verbose_name="refreshers until this many days after go-live"
                    ),
                ),
                (
                    "champion_hours_limit",
                    models.DecimalField(
                        decimal_places=1,
                        default=15,
                        max_digits=4,
                        verbose_name="champion hours a week before the burn-out guard warns",
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
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="rollout_programme_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_programme_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approach__in", ["big_bang", "modular", ""])),
                        name="rollout_programme_approach",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["planning", "piloting", "rolling_out", "embedding", "closed", "paused", "stopped"],
                            )
                        ),
                        name="rollout_programme_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(editable=False, max_length=40, unique=True, verbose_name="session")),
                ("shared_device", models.BooleanField(default=False, verbose_name="shared device")),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="logged in at",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ended at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "log-in",
                "verbose_name_plural": "log-ins",
                "ordering": ["-started_at", "-pk"],
                "indexes": [
                    models.Index(condition=models.Q(("ended_at", None)), fields=["user"], name="rollout_signin_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="rollout_signin_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardPaper",
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
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("meeting_on", models.DateField(blank=True, null=True, verbose_name="meeting on")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("decision", "Decision"), ("assurance", "Assurance"), ("information", "Information")],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                ("author_role", models.CharField(blank=True, max_length=120, verbose_name="author's role")),
                ("recommendation", models.TextField(blank=True, verbose_name="recommendation")),
                ("asked", models.TextField(blank=True, verbose_name="what is asked")),
                ("narratives", models.JSONField(blank=True, default=dict, verbose_name="narratives")),
                ("figures", models.JSONField(blank=True, default=dict, verbose_name="figures")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
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
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="author",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="board_papers", to="rollout.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "board paper",
                "verbose_name_plural": "board papers",
                "ordering": ["-meeting_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "number"), name="rollout_boardpaper_number"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["decision", "assurance", "information"])),
                        name="rollout_boardpaper_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published"])), name="rollout_boardpaper_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("state", "draft")),
                            models.Q(("published_at__isnull", False), ("state", "published")),
                            _connector="OR",
                        ),
                        name="rollout_boardpaper_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Communication",
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
                ("audience", models.CharField(blank=True, max_length=200, verbose_name="audience")),
                ("channel", models.CharField(blank=True, max_length=60, verbose_name="channel")),
                ("text", models.TextField(blank=True, verbose_name="message")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="planned on")),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="sent on")),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communications",
                        to="rollout.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "communication",
                "verbose_name_plural": "communications",
                "ordering": ["planned_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_communication_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_communication_code_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FundingLine",
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
                ("text", models.TextField(verbose_name="what for")),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="amount"),
                ),
                ("secured_on", models.DateField(blank=True, null=True, verbose_name="secured on")),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_lines",
                        to="rollout.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "funding line",
                "verbose_name_plural": "funding lines",
                "ordering": ["from_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_fundingline_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_fundingline_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("from_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="rollout_fundingline_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="rollout_fundingline_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=255, verbose_name="file")),
                ("mapping", models.JSONField(blank=True, default=dict, verbose_name="mapping of columns")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("loaded", "Loaded"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                            ("undone", "Undone"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("fates", models.JSONField(blank=True, default=dict, verbose_name="rows by fate")),
                ("warnings", models.JSONField(blank=True, default=list, verbose_name="warnings")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_runs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_runs",
                        to="rollout.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-started_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "loaded", "refused", "failed", "undone"])),
                        name="rollout_importrun_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                ("unit", models.CharField(blank=True, max_length=40, verbose_name="unit")),
                ("portfolio", models.CharField(blank=True, max_length=60, verbose_name="portfolio")),
                (
                    "direction",
                    models.CharField(
                        choices=[("up", "Higher is better"), ("down", "Lower is better")],
                        default="up",
                        max_length=10,
                        verbose_name="direction",
                    ),
                ),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="baseline"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="target"),
                ),
                ("target_date", models.DateField(blank=True, null=True, verbose_name="target date")),
                ("headline", models.BooleanField(default=False, verbose_name="headline measure")),
                (
                    "dip_depth",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="expected dip"
                    ),
                ),
                (
                    "dip_weeks",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="weeks of the expected dip"),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="rollout.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "measure",
                "verbose_name_plural": "measures",
                "ordering": ["programme_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_measure_code"),
                    models.UniqueConstraint(
                        condition=models.Q(("headline", True), ("retired_at", None)),
                        fields=("programme",),
                        name="rollout_measure_one_headline",
                        violation_error_message="A programme has one headline measure.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_measure_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["up", "down"])), name="rollout_measure_direction"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dip_depth__isnull", True), ("dip_depth__gte", 0), _connector="OR"),
                        name="rollout_measure_dip",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerAssessment",
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
                ("change_skills", models.TextField(blank=True, verbose_name="change skills")),
                ("change_skills_on", models.DateField(blank=True, null=True, verbose_name="change skills answered on")),
                ("training", models.TextField(blank=True, verbose_name="training")),
                ("training_on", models.DateField(blank=True, null=True, verbose_name="training answered on")),
                ("data_exit", models.TextField(blank=True, verbose_name="getting data out")),
                ("data_exit_on", models.DateField(blank=True, null=True, verbose_name="data exit answered on")),
                ("partner_role", models.TextField(blank=True, verbose_name="role")),
                ("role_agreed_on", models.DateField(blank=True, null=True, verbose_name="role agreed on")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="rollout.partner"
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_assessments",
                        to="rollout.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner assessment",
                "verbose_name_plural": "partner assessments",
                "ordering": ["partner_id", "programme_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("partner", "programme"), name="rollout_partnerassessment_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="PriorityReview",
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
                ("due_on", models.DateField(verbose_name="due on")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="held on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("continue", "Continue"), ("pause", "Pause"), ("stop", "Stop")],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="priority_reviews",
                        to="rollout.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "priority review",
                "verbose_name_plural": "priority reviews",
                "ordering": ["-due_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["continue", "pause", "stop", ""])),
                        name="rollout_priorityreview_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseBundle",
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
                    "modules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="modules",
                    ),
                ),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="planned on")),
                ("programmes", models.ManyToManyField(related_name="release_bundles", to="rollout.programme")),
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
                "verbose_name": "release bundle",
                "verbose_name_plural": "release bundles",
                "ordering": ["planned_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="rollout_releasebundle_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_releasebundle_code_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
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
                ("list_name", models.CharField(max_length=60, verbose_name="list")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=2000, verbose_name="address query")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="columns",
                    ),
                ),
                ("shared", models.BooleanField(default=False, verbose_name="shared with the programme")),
                ("is_default", models.BooleanField(default=False, verbose_name="opens first")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
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
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["list_name", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("owner", "list_name", "name"),
                        name="rollout_savedview_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True), ("retired_at", None)),
                        fields=("owner", "list_name"),
                        name="rollout_savedview_one_default",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
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
                            ("hospital", "Hospital"),
                            ("clinic", "Clinic"),
                            ("practice", "Practice"),
                            ("care_home", "Care home"),
                            ("community", "Community"),
                            ("other", "Other"),
                        ],
                        default="hospital",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("postcode", models.CharField(blank=True, max_length=12, verbose_name="postcode")),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/London",
                        max_length=60,
                        validators=[rollout.models.organisations.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="rollout.organisation"
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
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="rollout_site_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_site_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["hospital", "clinic", "practice", "care_home", "community", "other"])
                        ),
                        name="rollout_site_kind",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.IsNull(
                            rollout.models.organisations.ZoneTime("time_zone"), False
                        ),
                        name="rollout_site_time_zone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TierLimit",
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
                    "tier",
                    models.CharField(
                        choices=[("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold")],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                ("severity", models.PositiveSmallIntegerField(verbose_name="severity")),
                ("minutes", models.PositiveIntegerField(verbose_name="minutes until it escalates")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tier_limits", to="rollout.programme"
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
                "verbose_name": "tier limit",
                "verbose_name_plural": "tier limits",
                "ordering": ["programme_id", "tier", "severity"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "tier", "severity"), name="rollout_tierlimit_key"),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["bronze", "silver", "gold"])), name="rollout_tierlimit_tier"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__range", (1, 5))), name="rollout_tierlimit_severity"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wave",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waves", to="rollout.programme"
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
                "verbose_name": "wave",
                "verbose_name_plural": "waves",
                "ordering": ["programme_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "number"), name="rollout_wave_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="rollout_wave_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deployment",
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
                    "modules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="modules",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("preparing", "Preparing"),
                            ("technical_live", "Technical live"),
                            ("live", "Live"),
                            ("hypercare", "Hypercare"),
                            ("embedded", "Embedded"),
                            ("deferred", "Deferred"),
                            ("stopped", "Stopped"),
                        ],
                        default="not_started",
                        max_length=20,
                        verbose_name="stage",
                    ),
                ),
                (
                    "stage_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_started", "Not started"),
                            ("preparing", "Preparing"),
                            ("technical_live", "Technical live"),
                            ("live", "Live"),
                            ("hypercare", "Hypercare"),
                            ("embedded", "Embedded"),
                            ("deferred", "Deferred"),
                            ("stopped", "Stopped"),
                        ],
                        max_length=20,
                        verbose_name="stage before",
                    ),
                ),
                ("interest_on", models.DateField(blank=True, null=True, verbose_name="interest registered on")),
                (
                    "technical_go_live_on",
                    models.DateField(blank=True, null=True, verbose_name="technical go-live planned on"),
                ),
                ("go_live_on", models.DateField(blank=True, null=True, verbose_name="go-live planned on")),
                (
                    "actual_technical_go_live_on",
                    models.DateField(blank=True, null=True, verbose_name="technical go-live on"),
                ),
                ("actual_go_live_on", models.DateField(blank=True, null=True, verbose_name="went live on")),
                ("dual_running_until_on", models.DateField(blank=True, null=True, verbose_name="dual running until")),
                (
                    "declared_status",
                    models.CharField(
                        blank=True,
                        choices=[("green", "Green"), ("amber", "Amber"), ("red", "Red")],
                        max_length=10,
                        verbose_name="declared status",
                    ),
                ),
                ("declared_on", models.DateField(blank=True, null=True, verbose_name="declared on")),
                ("declared_words", models.TextField(blank=True, verbose_name="in words")),
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
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="declared by",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deployments", to="rollout.programme"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deployments", to="rollout.site"
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="rollout.wave",
                    ),
                ),
            ],
            options={
                "verbose_name": "deployment",
                "verbose_name_plural": "deployments",
                "ordering": ["programme_id", "site_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "site"), name="rollout_deployment_site"),
                    models.UniqueConstraint(fields=("id", "programme"), name="rollout_deployment_id_programme"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "not_started",
                                    "preparing",
                                    "technical_live",
                                    "live",
                                    "hypercare",
                                    "embedded",
                                    "deferred",
                                    "stopped",
                                ],
                            )
                        ),
                        name="rollout_deployment_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage_before__in",
                                [
                                    "not_started",
                                    "preparing",
                                    "technical_live",
                                    "live",
                                    "hypercare",
                                    "embedded",
                                    "deferred",
                                    "stopped",
                                    "",
                                ],
                            )
                        ),
                        name="rollout_deployment_stage_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("declared_status__in", ["green", "amber", "red", ""])),
                        name="rollout_deployment_declared",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EngagementEvent",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("workshop", "Workshop"),
                            ("demo", "Demo"),
                            ("floor_walk", "Floor walk"),
                            ("visit", "Visit"),
                            ("forum", "Forum"),
                            ("briefing", "Briefing"),
                            ("sandbox", "Sandbox"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="held on")),
                ("people", models.PositiveIntegerField(blank=True, null=True, verbose_name="people reached")),
                ("words", models.TextField(blank=True, verbose_name="in words")),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="engagement_events",
                        to="rollout.programme",
                    ),
                ),
                ("sites", models.ManyToManyField(blank=True, related_name="engagement_events", to="rollout.site")),
                (
                    "groups",
                    models.ManyToManyField(blank=True, related_name="engagement_events", to="rollout.staffgroup"),
                ),
            ],
            options={
                "verbose_name": "engagement event",
                "verbose_name_plural": "engagement events",
                "ordering": ["-held_on", "-pk"],
                "indexes": [models.Index(fields=["programme", "held_on"], name="rollout_engagement_held")],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_engagement_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_engagement_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["workshop", "demo", "floor_walk", "visit", "forum", "briefing", "sandbox"])
                        ),
                        name="rollout_engagement_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63, verbose_name="table")),
                ("first_id", models.BigIntegerField(verbose_name="first id")),
                ("last_id", models.BigIntegerField(verbose_name="last id")),
                ("before", models.JSONField(blank=True, null=True, verbose_name="before")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="rollout.importrun"
                    ),
                ),
            ],
            options={
                "verbose_name": "imported change",
                "verbose_name_plural": "imported changes",
                "ordering": ["run_id", "table", "first_id", "pk"],
                "indexes": [models.Index(fields=["table", "first_id"], name="rollout_importchange_row")],
            },
        ),
        migrations.CreateModel(
            name="OtherChange",
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
                ("text", models.TextField(verbose_name="what")),
                ("from_on", models.DateField(verbose_name="from")),
                ("to_on", models.DateField(verbose_name="to")),
                ("load", models.PositiveSmallIntegerField(verbose_name="load")),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_changes",
                        to="rollout.programme",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="other_changes", to="rollout.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "other change",
                "verbose_name_plural": "other changes",
                "ordering": ["from_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_otherchange_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_otherchange_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("from_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="rollout_otherchange_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("load__range", (1, 3))), name="rollout_otherchange_load_1_3"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResourceNeed",
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
                ("week_on", models.DateField(help_text="The Monday of the week.", verbose_name="week from")),
                ("people", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="people needed")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resource_needs",
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
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resource_needs",
                        to="rollout.seatrole",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resource_needs",
                        to="rollout.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "resource need",
                "verbose_name_plural": "resource needs",
                "ordering": ["week_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("programme"),
                        django.db.models.functions.comparison.Coalesce("site", 0),
                        models.F("role"),
                        models.F("week_on"),
                        name="rollout_resourceneed_week",
                    ),
                    models.CheckConstraint(condition=models.Q(("people__gte", 0)), name="rollout_resourceneed_people"),
                    models.CheckConstraint(
                        condition=models.Q(("week_on__iso_week_day", 1)), name="rollout_resourceneed_monday"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
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
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "discipline",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="rollout.discipline",
                    ),
                ),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="rollout.programme"
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
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="rollout.seatrole"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="rollout.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "seat",
                "verbose_name_plural": "seats",
                "ordering": ["programme_id", "role_id", "from_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("programme"),
                        django.db.models.functions.comparison.Coalesce("site", 0),
                        models.F("role"),
                        django.db.models.functions.comparison.Coalesce("person", 0),
                        name="rollout_seat_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("from_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="rollout_seat_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Story",
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
                    "source",
                    models.CharField(
                        choices=[("staff", "Staff"), ("patient", "Patient")], max_length=10, verbose_name="from"
                    ),
                ),
                ("words", models.TextField(verbose_name="words")),
                ("consent_on", models.DateField(blank=True, null=True, verbose_name="consent given on")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stories", to="rollout.programme"
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
                        related_name="stories",
                        to="rollout.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "story",
                "verbose_name_plural": "stories",
                "ordering": ["programme_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_story_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_story_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["staff", "patient"])), name="rollout_story_source"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ward",
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
                ("specialty", models.CharField(blank=True, max_length=120, verbose_name="specialty")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="wards", to="rollout.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "ward",
                "verbose_name_plural": "wards",
                "ordering": ["site_id", "code", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("site", "code"), name="rollout_ward_site_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_ward_code_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
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
                ("kind", models.CharField(blank=True, max_length=60, verbose_name="kind")),
                ("text", models.TextField(blank=True, verbose_name="what it says")),
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
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="rollout.deployment"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="rollout.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "ordering": ["programme_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_agreement_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_agreement_code_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BaselineAssessment",
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
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("words", models.TextField(blank=True, verbose_name="in words")),
                ("assessed_on", models.DateField(verbose_name="assessed on")),
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
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="baselines", to="rollout.deployment"
                    ),
                ),
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
            ],
            options={
                "verbose_name": "baseline assessment",
                "verbose_name_plural": "baseline assessments",
                "ordering": ["deployment_id", "domain", "-assessed_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deployment", "domain", "assessed_on"), name="rollout_baseline_key"
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
                        name="rollout_baseline_domain",
                    ),
                    models.CheckConstraint(condition=models.Q(("level__range", (1, 5))), name="rollout_baseline_level"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommandRota",
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
                    "tier",
                    models.CharField(
                        choices=[("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold")],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
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
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="command_rota",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "command rota",
                "verbose_name_plural": "command rotas",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["bronze", "silver", "gold"])), name="rollout_commandrota_tier"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True),
                            ("starts_at__isnull", True),
                            ("ends_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="rollout_commandrota_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
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
                ("text", models.TextField(verbose_name="what")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("delivered_on", models.DateField(blank=True, null=True, verbose_name="delivered on")),
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
                    "deployment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to="rollout.partner"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to="rollout.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "commitment",
                "verbose_name_plural": "commitments",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_commitment_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_commitment_code_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale", "Scale"),
                            ("go", "Go"),
                            ("no_go", "No go"),
                            ("defer", "Defer"),
                            ("pause", "Pause"),
                            ("stop", "Stop"),
                            ("standard", "Standard"),
                            ("not_applicable", "Not applicable"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="what")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("asked_on", models.DateField(blank=True, null=True, verbose_name="asked on")),
                ("waits_for", models.TextField(blank=True, verbose_name="waits for")),
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
                    "deployment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="rollout.deployment",
                    ),
                ),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="rollout.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-from_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_decision_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_decision_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["scale", "go", "no_go", "defer", "pause", "stop", "standard", "not_applicable"],
                            )
                        ),
                        name="rollout_decision_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeploymentChange",
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
                    "what",
                    models.CharField(
                        choices=[
                            ("stage", "Stage"),
                            ("go_live", "Go-live"),
                            ("technical_go_live", "Technical go-live"),
                            ("wave", "Wave"),
                            ("declared_status", "Declared status"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=200, verbose_name="before")),
                ("after", models.CharField(blank=True, max_length=200, verbose_name="after")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="rollout.deployment"
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
            ],
            options={
                "verbose_name": "deployment change",
                "verbose_name_plural": "deployment changes",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("deployment", "at", "what"), name="rollout_deploymentchange_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("what__in", ["stage", "go_live", "technical_go_live", "wave", "declared_status"])
                        ),
                        name="rollout_deploymentchange_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeploymentWard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scope", to="rollout.deployment"
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scopes", to="rollout.ward"
                    ),
                ),
            ],
            options={
                "verbose_name": "ward in scope",
                "verbose_name_plural": "wards in scope",
                "ordering": ["deployment_id", "ward_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("deployment", "ward"), name="rollout_deploymentward_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrator"),
                            ("programme_manager", "Programme manager"),
                            ("site_lead", "Site lead"),
                            ("ward_manager", "Ward manager"),
                            ("champion", "Champion"),
                            ("trainer", "Trainer"),
                            ("signatory", "Signatory"),
                            ("board_member", "Board member"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="from")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="rollout.organisation",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="rollout.programme",
                    ),
                ),
                (
                    "seat_role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="rollout.seatrole",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="rollout.site",
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="rollout.ward",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["user_id", "role", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "administrator",
                                    "programme_manager",
                                    "site_lead",
                                    "ward_manager",
                                    "champion",
                                    "trainer",
                                    "signatory",
                                    "board_member",
                                ],
                            )
                        ),
                        name="rollout_membership_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", True),
                                ("role", "administrator"),
                                ("seat_role__isnull", True),
                                ("site__isnull", True),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", False),
                                ("role", "programme_manager"),
                                ("seat_role__isnull", True),
                                ("site__isnull", True),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", True),
                                ("role", "site_lead"),
                                ("seat_role__isnull", True),
                                ("site__isnull", False),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", True),
                                ("role", "ward_manager"),
                                ("seat_role__isnull", True),
                                ("site__isnull", True),
                                ("ward__isnull", False),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", True),
                                ("role", "champion"),
                                ("seat_role__isnull", True),
                                ("site__isnull", True),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", False),
                                ("role", "trainer"),
                                ("seat_role__isnull", True),
                                ("site__isnull", True),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", False),
                                ("role", "signatory"),
                                ("seat_role__isnull", False),
                                ("site__isnull", True),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", True),
                                ("role", "signatory"),
                                ("seat_role__isnull", False),
                                ("site__isnull", False),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", False),
                                ("role", "signatory"),
                                ("seat_role__isnull", False),
                                ("site__isnull", False),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", False),
                                ("programme__isnull", True),
                                ("role", "board_member"),
                                ("seat_role__isnull", True),
                                ("site__isnull", True),
                                ("ward__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("programme__isnull", False),
                                ("role", "board_member"),
                                ("seat_role__isnull", True),
                                ("site__isnull", True),
                                ("ward__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="rollout_membership_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("started_at__isnull", True),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="rollout_membership_order",
                    ),
                    models.UniqueConstraint(
                        models.F("user"),
                        models.F("role"),
                        django.db.models.functions.comparison.Coalesce("organisation", 0),
                        django.db.models.functions.comparison.Coalesce("programme", 0),
                        django.db.models.functions.comparison.Coalesce("site", 0),
                        django.db.models.functions.comparison.Coalesce("ward", 0),
                        django.db.models.functions.comparison.Coalesce("seat_role", 0),
                        condition=models.Q(("ended_at", None)),
                        name="rollout_membership_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Observation",
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
                ("period_starts_on", models.DateField(verbose_name="period from")),
                (
                    "period",
                    models.CharField(
                        choices=[("day", "Day"), ("week", "Week"), ("month", "Month")],
                        max_length=10,
                        verbose_name="period",
                    ),
                ),
                (
                    "numerator",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="numerator"
                    ),
                ),
                (
                    "denominator",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="denominator"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="value"),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="observations", to="rollout.measure"
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
                        related_name="observations",
                        to="rollout.ward",
                    ),
                ),
            ],
            options={
                "verbose_name": "observation",
                "verbose_name_plural": "observations",
                "ordering": ["measure_id", "deployment_id", "period_starts_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("measure"),
                        models.F("deployment"),
                        django.db.models.functions.comparison.Coalesce("ward", 0),
                        models.F("period_starts_on"),
                        models.F("period"),
                        name="rollout_observation_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__in", ["day", "week", "month"])), name="rollout_observation_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("denominator__isnull", True), ("numerator__isnull", True), ("value__isnull", False)
                            ),
                            models.Q(
                                ("denominator__gt", 0),
                                ("numerator__isnull", False),
                                ("numerator__lte", models.F("denominator")),
                                ("value__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="rollout_observation_value_or_share",
                        violation_error_message="Give a value, or a numerator that is not above its denominator.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pilot",
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
                ("question", models.TextField(blank=True, verbose_name="question")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("undecided", "Undecided"),
                            ("scale", "Scale"),
                            ("iterate", "Iterate"),
                            ("stop", "Stop"),
                        ],
                        default="undecided",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decided on")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("scale_plan", models.TextField(blank=True, verbose_name="scale plan")),
                ("resources", models.TextField(blank=True, verbose_name="resources")),
                ("secured_on", models.DateField(blank=True, null=True, verbose_name="resources secured on")),
                (
                    "staff_experience",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=4, null=True, verbose_name="staff experience"
                    ),
                ),
                (
                    "staff_answers",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="staff who answered"),
                ),
                (
                    "patient_experience",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=4, null=True, verbose_name="patient experience"
                    ),
                ),
                (
                    "patient_answers",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="patients who answered"),
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
                    "scale_owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="owner of the scale plan",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pilots", to="rollout.programme"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pilots",
                        to="rollout.site",
                    ),
                ),
                ("wards", models.ManyToManyField(blank=True, related_name="pilots", to="rollout.ward")),
            ],
            options={
                "verbose_name": "pilot",
                "verbose_name_plural": "pilots",
                "ordering": ["programme_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_pilot_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_pilot_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["undecided", "scale", "iterate", "stop"])),
                        name="rollout_pilot_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="rollout_pilot_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("staff_experience__range", (1, 5)), ("staff_experience__isnull", True), _connector="OR"
                        ),
                        name="rollout_pilot_staff_1_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("patient_experience__range", (1, 5)), ("patient_experience__isnull", True), _connector="OR"
                        ),
                        name="rollout_pilot_patients_1_5",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PulseFollowUp",
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
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("words", models.TextField(blank=True, verbose_name="what will be done")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulse_follow_ups",
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
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulse_follow_ups",
                        to="rollout.staffgroup",
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulse_follow_ups",
                        to="rollout.ward",
                    ),
                ),
            ],
            options={
                "verbose_name": "pulse follow-up",
                "verbose_name_plural": "pulse follow-ups",
                "ordering": ["-opened_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PulseResponse",
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
                ("answered_on", models.DateField(verbose_name="answered on")),
                ("confidence", models.PositiveSmallIntegerField(verbose_name="confidence")),
                ("job_worry", models.BooleanField(blank=True, null=True, verbose_name="worried about the job")),
                ("words", models.TextField(blank=True, verbose_name="in words")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulse_responses",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulse_responses",
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
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulse_responses",
                        to="rollout.staffgroup",
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulse_responses",
                        to="rollout.ward",
                    ),
                ),
            ],
            options={
                "verbose_name": "pulse response",
                "verbose_name_plural": "pulse responses",
                "ordering": ["-answered_on", "-pk"],
                "indexes": [models.Index(fields=["deployment", "answered_on"], name="rollout_pulse_answered")],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_pulse_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_pulse_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__range", (1, 5))), name="rollout_pulse_confidence_1_5"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadinessGroup",
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
                    "clinical_chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="clinical chair",
                    ),
                ),
                (
                    "deployment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readiness_group",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "operational_chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rollout.person",
                        verbose_name="operational chair",
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
                "verbose_name": "readiness group",
                "verbose_name_plural": "readiness groups",
                "ordering": ["deployment_id"],
            },
        ),
        migrations.CreateModel(
            name="SiteTarget",
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
                    "target",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="target"),
                ),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_targets",
                        to="rollout.deployment",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="site_targets", to="rollout.measure"
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
                "verbose_name": "site target",
                "verbose_name_plural": "site targets",
                "ordering": ["measure_id", "deployment_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "deployment"), name="rollout_sitetarget_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="SituationReport",
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
                ("text", models.TextField(verbose_name="text")),
                ("figures", models.JSONField(default=dict, verbose_name="figures")),
                ("frozen_at", models.DateTimeField(blank=True, null=True, verbose_name="frozen at")),
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
                        related_name="situation_reports",
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
                "verbose_name": "situation report",
                "verbose_name_plural": "situation reports",
                "ordering": ["-frozen_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SupportIssue",
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
                ("raised_at", models.DateTimeField(verbose_name="raised at")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("access", "Access"),
                            ("equipment", "Equipment"),
                            ("system", "System"),
                            ("training", "Training"),
                            ("process", "Process"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="category",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold")],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                ("severity", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="severity")),
                ("stops_work", models.BooleanField(blank=True, null=True, verbose_name="stops work")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved at")),
                ("words", models.TextField(blank=True, verbose_name="what is wrong")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support_issues",
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
                (
                    "ward",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support_issues",
                        to="rollout.ward",
                    ),
                ),
            ],
            options={
                "verbose_name": "support issue",
                "verbose_name_plural": "support issues",
                "ordering": ["-raised_at", "-pk"],
                "indexes": [models.Index(fields=["deployment", "raised_at"], name="rollout_supportissue_raised")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category__in", ["access", "equipment", "system", "training", "process", "other", ""])
                        ),
                        name="rollout_supportissue_category",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["bronze", "silver", "gold", ""])),
                        name="rollout_supportissue_tier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__range", (1, 5)), ("severity__isnull", True), _connector="OR"),
                        name="rollout_supportissue_severity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_at__isnull", True),
                            ("raised_at__isnull", True),
                            ("resolved_at__gte", models.F("raised_at")),
                            _connector="OR",
                        ),
                        name="rollout_supportissue_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupMeeting",
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
                ("words", models.TextField(blank=True, verbose_name="what was said")),
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
                ("came", models.ManyToManyField(blank=True, related_name="+", to="rollout.person")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="rollout.readinessgroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "readiness group meeting",
                "verbose_name_plural": "readiness group meetings",
                "ordering": ["-held_on", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("group", "held_on"), name="rollout_groupmeeting_day")],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
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
                ("text", models.TextField(verbose_name="lesson")),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="tags",
                    ),
                ),
                ("item_code", models.CharField(blank=True, max_length=40, verbose_name="checklist item it changed")),
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
                    "pilot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lessons",
                        to="rollout.pilot",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lessons", to="rollout.programme"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lessons",
                        to="rollout.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
                "ordering": ["programme_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_lesson_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")), name="rollout_lesson_code_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PilotMeasure",
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
                    "baseline",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="baseline"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="target"),
                ),
                (
                    "result",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="result"),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pilot_measures", to="rollout.measure"
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="rollout.pilot"
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
                "verbose_name": "pilot measure",
                "verbose_name_plural": "pilot measures",
                "ordering": ["pilot_id", "measure_id"],
                "constraints": [models.UniqueConstraint(fields=("pilot", "measure"), name="rollout_pilotmeasure_key")],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
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
                ("text", models.TextField(verbose_name="requirement")),
                ("priority", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="priority")),
                (
                    "pilot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="rollout.pilot",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requirements", to="rollout.programme"
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
                "verbose_name": "requirement",
                "verbose_name_plural": "requirements",
                "ordering": ["programme_id", "priority", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="rollout_requirement_code"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]{1,40}$")),
                        name="rollout_requirement_code_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
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
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="rollout.agreement"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="rollout.organisation",
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
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ["agreement_id", "organisation_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "organisation"), name="rollout_signature_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupAction",
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
                ("text", models.TextField(verbose_name="action")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
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
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="rollout.groupmeeting",
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
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="rollout.readinessgroup"
                    ),
                ),
            ],
            options={
                "verbose_name": "readiness group action",
                "verbose_name_plural": "readiness group actions",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="Deployment",
            name="wards",
            field=models.ManyToManyField(
                related_name="deployments", through="rollout.DeploymentWard", to="rollout.ward"
            ),
        ),
    ]
