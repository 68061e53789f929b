"""When a person last changed their own password: what the audit shows of it, since the password itself is left out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rollout", "0005_saved_views")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_changed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="changed their own password at"
            ),
        ),
    ]
