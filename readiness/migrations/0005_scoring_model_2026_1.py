"""The scoring model the product ships with, published."""

from django.db import migrations
from django.utils import timezone

from readiness.scoring import MODEL_2026_1


def publish(apps, schema_editor):
    apps.get_model("readiness", "ScoringModel").objects.get_or_create(
        version="2026.1", defaults={"document": MODEL_2026_1, "published_at": timezone.now()}
    )


class Migration(migrations.Migration):
    dependencies = [("readiness", "0004_rescore_marks")]

    # A published model never changes and never goes: backwards, the row stays until its table is dropped.
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
