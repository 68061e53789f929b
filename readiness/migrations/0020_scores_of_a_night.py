"""Scores by day, in the order of deployments: what one night gave to all of them is read in one go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readiness", "0019_events_of_adoption")]

    operations = [
        migrations.AddIndex(
            model_name="readinessscore",
            index=models.Index(
                condition=models.Q(("superseded_at", None)),
                fields=["day", "model", "deployment"],
                name="readiness_score_of_night",
            ),
        ),
    ]
