"""Time-outs and lost connections of a chunk, which are not counted as its attempts, and how long it rests after one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readiness", "0007_redundant_indexes")]

    operations = [
        migrations.AddField(
            model_name="recomputechunk",
            name="interruptions",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="interruptions by the database"),
        ),
        migrations.AddField(
            model_name="recomputechunk",
            name="rests_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="rests until"),
        ),
    ]
