"""Takes what leads back to a person out of the before-images of staff; those written from now on do not hold it."""

from django.db import migrations

CLEAN = """
UPDATE rollout_importchange SET before = before - '{number,user_id}'::text[]
WHERE "table" = 'training_staffmember' AND before ?| '{number,user_id}'::text[];
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0007_refused_entries"), ("rollout", "0018_names_kept")]

    operations = [migrations.RunSQL(CLEAN, migrations.RunSQL.noop)]
