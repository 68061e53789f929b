"""When the name of a member of staff was removed; and the audit of staff without what leads back to a person."""

from django.conf import settings
from django.db import migrations, models

from rollout.sql import audit_table

BEFORE = audit_table("training_staffmember", ("name", "email"))


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0018_names_kept"),
        ("training", "0005_places_and_waiting_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="staffmember",
            name="names_removed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="name removed at"),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("names_removed_at", None),
                    models.Q(("email", ""), ("name", ""), ("user", None)),
                    _connector="OR",
                ),
                name="training_staffmember_nameless",
            ),
        ),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        audit_table("training_staffmember", ("name", "email", "number", "user_id")),
    ]
