"""Places of a session and days of a course's validity within what somebody can mean."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0008_images_without_numbers"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_days__range", (0, 36500)), ("valid_days__isnull", True), _connector="OR"),
                name="training_course_valid_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__range", (0, 10000)), ("capacity__isnull", True), _connector="OR"),
                name="training_session_capacity",
            ),
        ),
    ]
