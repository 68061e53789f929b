"""A comment on a record of a programme says at which deployment it was made; every comment says something."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("rollout", "0010_audit_by_request"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="deployment",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="rollout.deployment",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(condition=models.Q(("text__regex", "\\S")), name="rollout_comment_said"),
        ),
    ]
