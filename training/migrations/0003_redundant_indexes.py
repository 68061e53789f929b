"""Indexes that another one begins with cost every write and serve no read."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0002_audit"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accesscheck",
            name="staff",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="access_checks",
                to="training.staffmember",
            ),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="course",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendances",
                to="training.course",
            ),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="session",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendances",
                to="training.trainingsession",
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="staff",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="training.staffmember",
            ),
        ),
    ]
