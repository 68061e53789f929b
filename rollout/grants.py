"""What the application's database role may do: read and write rows, never change tables nor rewrite the audit.

Given after each `migrate` by the owner of the tables (see apps.py), so that every installation has it: the embedded
one, the tests and the real one. Where both roles are the same there is nothing to give.
"""

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

# Written once: the role may add rows and read them, and that is all.
APPEND_ONLY = ("rollout_auditentry", "rollout_importchange", "readiness_evidencechunk", "training_logentry")
# Written by migrations alone.
READ_ONLY = (MigrationRecorder.Migration._meta.db_table,)

ALL_TABLES = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
"""


def grant_application_role(*, using: str = "default", **_kwargs: Any) -> None:
    """Give the application's role its rights on every table there is. May be repeated; TRUNCATE is never given."""
    connection = connections[using]
    role = settings.APPLICATION_DATABASE_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role, role])
        same, exists = cursor.fetchone()
        if same or not exists:
            return
        tables = set(connection.introspection.table_names(cursor))
        name = sql.Identifier(role)
        cursor.execute(sql.SQL(ALL_TABLES).format(role=name))
        for rights, chosen in (("UPDATE, DELETE", APPEND_ONLY), ("INSERT, UPDATE, DELETE", READ_ONLY)):
            for table in tables.intersection(chosen):
                revoke = sql.SQL("REVOKE {rights} ON {table} FROM {role}")
                cursor.execute(revoke.format(rights=sql.SQL(rights), table=sql.Identifier(table), role=name))
