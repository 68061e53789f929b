"""Lets the application's role bring the planner's statistics up to date, which otherwise only a table's owner may."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION readiness_gather_statistics(tables regclass[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one regclass;
BEGIN
    FOREACH one IN ARRAY tables LOOP
        EXECUTE format('ANALYZE %s', one);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("readiness", "0005_scoring_model_2026_1")]

    operations = [migrations.RunSQL(FORWARDS, "DROP FUNCTION readiness_gather_statistics(regclass[]);")]
