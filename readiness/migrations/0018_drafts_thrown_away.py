"""A draft of the checklist template that was thrown away is no longer the one draft that a programme may have."""

from django.db import migrations, models

NAME = "readiness_template_one_draft"


class Migration(migrations.Migration):
    dependencies = [
        ("readiness", "0017_item_reminders"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="checklisttemplate", name=NAME),
        migrations.AddConstraint(
            model_name="checklisttemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at", None), ("retired_at", None)), fields=("programme",), name=NAME
            ),
        ),
    ]
