"""Caps in the index of current scores: since when a cap is in force is read there, day by day, without the wide rows."""

from django.db import migrations, models

NAME = "readiness_score_one_current"


class Migration(migrations.Migration):
    dependencies = [("readiness", "0009_frozen_packs")]

    operations = [
        migrations.RemoveConstraint(model_name="readinessscore", name=NAME),
        migrations.AddConstraint(
            model_name="readinessscore",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None)),
                fields=("deployment", "day", "model"),
                include=("digest", "provisional", "revision", "caps"),
                name=NAME,
            ),
        ),
    ]
