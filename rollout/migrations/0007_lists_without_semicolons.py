"""A list's entries hold no semicolon, which parts them in a programme pack."""

import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0006_password_changed_at"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="deployment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Contains(
                        models.Func(
                            models.F("modules"),
                            models.Value(""),
                            function="array_to_string",
                            output_field=models.CharField(),
                        ),
                        models.Value(";"),
                    ),
                    _negated=True,
                ),
                name="rollout_deployment_modules",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Contains(
                        models.Func(
                            models.F("tags"),
                            models.Value(""),
                            function="array_to_string",
                            output_field=models.CharField(),
                        ),
                        models.Value(";"),
                    ),
                    _negated=True,
                ),
                name="rollout_lesson_tags",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Contains(
                        models.Func(
                            models.F("processes"),
                            models.Value(""),
                            function="array_to_string",
                            output_field=models.CharField(),
                        ),
                        models.Value(";"),
                    ),
                    _negated=True,
                ),
                name="rollout_programme_processes",
            ),
        ),
        migrations.AddConstraint(
            model_name="releasebundle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Contains(
                        models.Func(
                            models.F("modules"),
                            models.Value(""),
                            function="array_to_string",
                            output_field=models.CharField(),
                        ),
                        models.Value(";"),
                    ),
                    _negated=True,
                ),
                name="rollout_releasebundle_modules",
            ),
        ),
    ]
