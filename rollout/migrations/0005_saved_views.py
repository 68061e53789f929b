"""Saved views belong to a programme; names and first views are each person's own, or the programme's."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0004_log_in_attempts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="savedview",
            options={
                "ordering": ["programme_id", "list_name", "name", "pk"],
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
            },
        ),
        migrations.RemoveConstraint(
            model_name="savedview",
            name="rollout_savedview_name",
        ),
        migrations.RemoveConstraint(
            model_name="savedview",
            name="rollout_savedview_one_default",
        ),
        migrations.AlterField(
            model_name="savedview",
            name="list_name",
            field=models.CharField(choices=[("sites", "Sites")], max_length=60, verbose_name="list"),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="name",
            field=models.CharField(max_length=60, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="saved_views", to="rollout.programme"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("programme"),
                models.F("list_name"),
                models.F("owner"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("retired_at", None), ("shared", False)),
                name="rollout_savedview_own_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("programme"),
                models.F("list_name"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("retired_at", None), ("shared", True)),
                name="rollout_savedview_shared_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True), ("retired_at", None), ("shared", False)),
                fields=("programme", "list_name", "owner"),
                name="rollout_savedview_own_default",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True), ("retired_at", None), ("shared", True)),
                fields=("programme", "list_name"),
                name="rollout_savedview_shared_default",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("list_name__in", ["sites"])), name="rollout_savedview_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")), name="rollout_savedview_named"
            ),
        ),
    ]
