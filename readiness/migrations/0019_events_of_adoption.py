"""The history of an item tells which version of the template it was taken over from, and what became other by it."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0018_drafts_thrown_away"),
    ]

    operations = [
        migrations.AddField(
            model_name="checklistevent",
            name="adopted_version",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="version of the template taken over"),
        ),
        migrations.AddField(
            model_name="checklistevent",
            name="adopted_changes",
            field=ArrayField(
                base_field=models.CharField(max_length=20),
                db_default=[],
                default=list,
                size=None,
                verbose_name="what became other by it",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklistevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("adopted_changes", []), ("adopted_version", None)),
                    models.Q(("adopted_version", None), ("adopted_changes", []), _connector="OR", _negated=True),
                    _connector="OR",
                ),
                name="readiness_checklistevent_adopted",
            ),
        ),
    ]
