"""SQL that migrations share: audit triggers, foreign keys over two columns.

Migrations import this module: what it gives for a table never changes.

A new form of a trigger is a new function here and a new migration.

Statement triggers with transition tables write the audit of a whole statement at once, so that a bulk change costs
one more statement and not one more per row. Three settings of the transaction say who and why:
`rollout.user_id`, `rollout.reason`, `rollout.request_id`; `rollout.importing = 'on'` leaves the rows of an import to
the import's own before-images.
"""

from collections.abc import Sequence

from django.db.migrations import RunSQL

NOT_IMPORTING = "current_setting('rollout.importing', true) IS DISTINCT FROM 'on'"

_WHO = """
    NULLIF(current_setting('rollout.user_id', true), '')::bigint,
    COALESCE(current_setting('rollout.reason', true), ''),
    COALESCE(current_setting('rollout.request_id', true), '')
"""

# tg_argv[0] lists the columns left out, as a PostgreSQL text array.
FUNCTIONS = f"""
CREATE FUNCTION rollout_audit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rollout_auditentry ("table", row_id, action, after, user_id, reason, request_id)
    SELECT TG_TABLE_NAME, n.id, 'insert', to_jsonb(n) - TG_ARGV[0]::text[], {_WHO} FROM new_rows n;
    RETURN NULL;
END $$;

CREATE FUNCTION rollout_audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rollout_auditentry ("table", row_id, action, before, user_id, reason, request_id)
    SELECT TG_TABLE_NAME, o.id, 'delete', to_jsonb(o) - TG_ARGV[0]::text[], {_WHO} FROM old_rows o;
    RETURN NULL;
END $$;

CREATE FUNCTION rollout_audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rollout_auditentry ("table", row_id, action, before, after, user_id, reason, request_id)
    SELECT TG_TABLE_NAME, d.id, 'update', d.before, d.after, {_WHO}
    FROM (
        SELECT o.id,
            jsonb_object_agg(b.key, b.value) AS before,
            jsonb_object_agg(b.key, a.value) AS after
        FROM old_rows o
        JOIN new_rows n ON n.id = o.id
        CROSS JOIN LATERAL jsonb_each(to_jsonb(o) - TG_ARGV[0]::text[]) b
        JOIN LATERAL jsonb_each(to_jsonb(n) - TG_ARGV[0]::text[]) a
            ON a.key = b.key AND a.value IS DISTINCT FROM b.value
        GROUP BY o.id
    ) d;
    RETURN NULL;
END $$;

CREATE FUNCTION rollout_stamp_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.edited_at := now();
    RETURN NEW;
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION rollout_audit_insert();
DROP FUNCTION rollout_audit_delete();
DROP FUNCTION rollout_audit_update();
DROP FUNCTION rollout_stamp_edit();
"""


# The same entries in a time that grows with the rows and not with their square. Its plan is made once a session, often
# for one row: a nested loop over the two tables, then kept for thousands. Hash joins suit both.
UPDATE_IN_ONE_PASS = f"""
CREATE OR REPLACE FUNCTION rollout_audit_update() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    INSERT INTO rollout_auditentry ("table", row_id, action, before, after, user_id, reason, request_id)
    SELECT TG_TABLE_NAME, d.id, 'update', d.before, d.after, {_WHO}
    FROM (
        SELECT o.id, changed.before, changed.after
        FROM (SELECT id, to_jsonb(old_rows) - TG_ARGV[0]::text[] AS row FROM old_rows) o
        JOIN (SELECT id, to_jsonb(new_rows) - TG_ARGV[0]::text[] AS row FROM new_rows) n ON n.id = o.id
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(b.key, b.value) AS before, jsonb_object_agg(b.key, n.row -> b.key) AS after
            FROM jsonb_each(o.row) b WHERE n.row -> b.key IS DISTINCT FROM b.value
        ) changed
        WHERE changed.before IS NOT NULL
    ) d;
    RETURN NULL;
END $$;
"""


def audit_functions() -> RunSQL:
    """The functions that the triggers of every table call."""
    return RunSQL(FUNCTIONS, DROP_FUNCTIONS)


def audit_updates_in_one_pass() -> RunSQL:
    """The function of updates anew; taken back, it is the one of FUNCTIONS again."""
    before = FUNCTIONS[
        FUNCTIONS.index("CREATE FUNCTION rollout_audit_update") : FUNCTIONS.index("CREATE FUNCTION rollout_stamp")
    ]
    return RunSQL(UPDATE_IN_ONE_PASS, before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


def _trigger(name: str, event: str, argument: str) -> str:
    return (
        f"CREATE TRIGGER {name} {event} FOR EACH STATEMENT WHEN ({NOT_IMPORTING}) "
        f"EXECUTE FUNCTION rollout_{name}({argument});"
    )


def audit_table(table: str, excluded: Sequence[str] = (), *, stamped: bool = True) -> RunSQL:
    """Audit triggers for `table`, leaving the `excluded` columns out; `stamped` tables also keep `edited_at`."""
    columns = ",".join(["edited_at", *excluded]) if stamped else ",".join(excluded)
    argument = f"'{{{columns}}}'"
    create = [
        _trigger("audit_insert", f"AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows", argument),
        _trigger(
            "audit_update",
            f"AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
            argument,
        ),
        _trigger("audit_delete", f"AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows", argument),
    ]
    names = ["audit_insert", "audit_update", "audit_delete"]
    if stamped:
        create.append(
            f"CREATE TRIGGER stamp_edit BEFORE UPDATE ON {table} "
            f"FOR EACH ROW WHEN ({NOT_IMPORTING}) EXECUTE FUNCTION rollout_stamp_edit();"
        )
        names.append("stamp_edit")
    return RunSQL("\n".join(create), "\n".join(f"DROP TRIGGER {name} ON {table};" for name in names))


def same_programme(table: str) -> RunSQL:
    """The table's deployment belongs to the table's programme: a foreign key over both columns."""
    name = f"{table}_same_programme"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (deployment_id, programme_id) "
        f"REFERENCES rollout_deployment (id, programme_id) DEFERRABLE INITIALLY DEFERRED;",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )
