"""How long the names of staff are kept after a programme has closed, and since when it is closed."""

from django.db import migrations, models

CLOSED_ON = """
CREATE FUNCTION rollout_closed_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'closed' THEN
        NEW.closed_on := NULL;
    ELSIF TG_OP = 'INSERT' THEN
        NEW.closed_on := COALESCE(NEW.closed_on, CURRENT_DATE);
    ELSE
        NEW.closed_on := COALESCE(NEW.closed_on, OLD.closed_on, CURRENT_DATE);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER closed_on BEFORE INSERT OR UPDATE OF state ON rollout_programme
FOR EACH ROW EXECUTE FUNCTION rollout_closed_on();
"""
DROP = "DROP TRIGGER closed_on ON rollout_programme; DROP FUNCTION rollout_closed_on();"
# Of programmes closed before, the day is not known: the time runs from now.
FILL = "UPDATE rollout_programme SET closed_on = CURRENT_DATE WHERE state = 'closed' AND closed_on IS NULL;"


class Migration(migrations.Migration):
    dependencies = [("rollout", "0017_saved_views_of_items")]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="closed_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="closed on"),
        ),
        migrations.AddField(
            model_name="programme",
            name="names_kept_days",
            field=models.PositiveSmallIntegerField(default=365, verbose_name="names of staff are kept this many days"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("names_kept_days__range", (0, 3650))), name="rollout_programme_names_kept"
            ),
        ),
        migrations.RunSQL(CLOSED_ON, DROP),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
