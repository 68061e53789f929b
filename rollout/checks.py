"""What `manage.py check --deploy` asks of a real installation, beyond Django's own questions."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Caution
from django.db import DEFAULT_DB_ALIAS, connections

KEY_LENGTH = 50


def check_real_installation(**_kwargs: Any) -> list[CheckMessage]:
    """A site for others is no local one: no error pages with their cause, named hosts, a key nobody can guess."""
    found: list[CheckMessage] = []
    if settings.LOCAL:
        found.append(Caution("This is a local set-up: give DATABASE_URL and unset ROLLOUT_LOCAL.", id="rollout.W001"))
    if settings.DEBUG:
        found.append(Caution("DEBUG shows settings and data to every visitor: unset it.", id="rollout.W002"))
    if any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        found.append(Caution("ALLOWED_HOSTS must name each host in full.", id="rollout.W003"))
    if len(settings.SECRET_KEY) < KEY_LENGTH:
        found.append(Caution(f"SECRET_KEY is shorter than {KEY_LENGTH} characters.", id="rollout.W004"))
    return found


def check_application_role(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """The role of the site may not change tables: a hole in the site is then no hole in the schema or the audit.

    Asks the database, so it runs with `migrate` and with `check --database default`.
    """
    if settings.LOCAL or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT has_schema_privilege(oid, 'public', 'CREATE') OR rolsuper FROM pg_roles WHERE rolname = %s",
            [settings.APPLICATION_DATABASE_ROLE],
        )
        row = cursor.fetchone()
    if row and row[0]:
        return [
            Caution(
                "The database role of DATABASE_URL may change tables.",
                hint="Make a second role for MIGRATE_DATABASE_URL that owns the tables: see README.md.",
                id="rollout.W005",
            )
        ]
    return []
