"""Indexes that another one begins with cost every write and serve no read."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0006_table_statistics"),
        ("rollout", "0004_log_in_attempts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="checklistevent",
            name="item",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="readiness.checklistitem",
            ),
        ),
        migrations.AlterField(
            model_name="checklistitem",
            name="deployment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checklist_items",
                to="rollout.deployment",
            ),
        ),
    ]
