"""A frozen pack never changes: the database refuses it."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION readiness_frozen_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a frozen pack never changes' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER frozen_never_changes BEFORE UPDATE ON readiness_gatereview
    FOR EACH ROW
    WHEN (
        OLD.frozen_at IS NOT NULL
        AND (OLD.pack, OLD.frozen_at, OLD.gate_id, OLD.deployment_id)
            IS DISTINCT FROM (NEW.pack, NEW.frozen_at, NEW.gate_id, NEW.deployment_id)
    )
    EXECUTE FUNCTION readiness_frozen_never_changes();
"""
DROP = """
DROP TRIGGER frozen_never_changes ON readiness_gatereview;
DROP FUNCTION readiness_frozen_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("readiness", "0008_broken_off_chunks")]

    operations = [migrations.RunSQL(FUNCTION, DROP)]
