"""What is published or closed never changes: templates, scoring models, scores. The database refuses it."""

from django.db import migrations

from rollout.sql import same_programme

FUNCTIONS = """
CREATE FUNCTION readiness_published_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is published and never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION readiness_item_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM readiness_checklisttemplate t
        WHERE t.published_at IS NOT NULL
          AND t.id IN (
              CASE WHEN TG_OP <> 'INSERT' THEN OLD.template_id END,
              CASE WHEN TG_OP <> 'DELETE' THEN NEW.template_id END
          )
    ) THEN
        RAISE EXCEPTION 'a published template never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

-- A closed score may only become superseded, once.
CREATE FUNCTION readiness_closed_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR OLD.superseded_at IS NOT NULL
       OR to_jsonb(NEW) - 'superseded_at' IS DISTINCT FROM to_jsonb(OLD) - 'superseded_at' THEN
        RAISE EXCEPTION 'a closed score never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER published_never_changes BEFORE UPDATE OR DELETE ON readiness_checklisttemplate
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION readiness_published_never_changes();
CREATE TRIGGER published_never_changes BEFORE UPDATE OR DELETE ON readiness_scoringmodel
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION readiness_published_never_changes();
CREATE TRIGGER published_never_changes BEFORE INSERT OR UPDATE OR DELETE ON readiness_templateitem
    FOR EACH ROW EXECUTE FUNCTION readiness_item_of_draft();
CREATE TRIGGER closed_never_changes BEFORE UPDATE OR DELETE ON readiness_readinessscore
    FOR EACH ROW WHEN (NOT OLD.provisional) EXECUTE FUNCTION readiness_closed_never_changes();
"""

DROP = """
DROP TRIGGER published_never_changes ON readiness_checklisttemplate;
DROP TRIGGER published_never_changes ON readiness_scoringmodel;
DROP TRIGGER published_never_changes ON readiness_templateitem;
DROP TRIGGER closed_never_changes ON readiness_readinessscore;
DROP FUNCTION readiness_published_never_changes();
DROP FUNCTION readiness_item_of_draft();
DROP FUNCTION readiness_closed_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("readiness", "0002_audit")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        *(same_programme(table) for table in ("readiness_waiver", "readiness_hazard")),
    ]
