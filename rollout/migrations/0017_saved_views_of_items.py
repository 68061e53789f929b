"""Views may be kept of the list of checklist items too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0016_ward_phones"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="savedview",
            name="rollout_savedview_list",
        ),
        migrations.AlterField(
            model_name="savedview",
            name="list_name",
            field=models.CharField(
                choices=[("sites", "Sites"), ("items", "Checklist items")], max_length=60, verbose_name="list"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("list_name__in", ["sites", "items"])), name="rollout_savedview_list"
            ),
        ),
    ]
