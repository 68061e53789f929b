"""An event can leave an item without an owner or evidence again, where naming one is undone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0011_condition_reminders"),
    ]

    operations = [
        migrations.AddField(
            model_name="checklistevent",
            name="evidence_removed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="without evidence again"),
        ),
        migrations.AddField(
            model_name="checklistevent",
            name="owner_removed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="without an owner again"),
        ),
        migrations.AddConstraint(
            model_name="checklistevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner_removed", False), ("owner", None), _connector="OR"),
                name="readiness_checklistevent_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklistevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence_removed", False), ("evidence", ""), _connector="OR"),
                name="readiness_checklistevent_evidence",
            ),
        ),
    ]
