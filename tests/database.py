"""The test database: copied from a template that the migrations made once, so that a run starts within a second.

Each run of pytest, and each of its workers, has a database named by its process number; several runs at once on one
machine do not meet. Tests work as the application's role, so a right that is missing fails a test.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Identifier

from rollout.embedded.layout import APPLICATION_ROLE, DATABASE, OWNER_ROLE
from rollout.embedded.processes import is_alive

PREFIX = "test_rollout_"
TEMPLATE_PREFIX = "template_rollout_"
LOCK = 0x726F6C6C  # an advisory lock: one run builds the template, the others wait for it
# What decides what the migrations make, beside the migrations.
ALSO = ("requirements/app.txt", "rollout/sql.py", "rollout/grants.py", "tests/database.py")


def schema_key() -> str:
    """A mark of everything that decides what the migrations make."""
    root = Path(settings.BASE_DIR)
    files = [root / name for name in ALSO]
    for app in apps.get_app_configs():
        files += sorted(Path(app.path, "migrations").glob("**/*.py"))
    mark = hashlib.sha256()
    for file in files:
        if file.is_file():
            mark.update(str(file.name).encode() + file.read_bytes())
    return mark.hexdigest()[:16]


@contextlib.contextmanager
def maintenance() -> Iterator[psycopg.Connection]:
    """A connection as the owner to the cluster's own database, outside any transaction."""
    use(DATABASE)
    connection.ensure_connection()  # starts or joins the embedded servers
    connection.close()
    with psycopg.connect(
        dbname="postgres", user=OWNER_ROLE, host=str(settings.EMBEDDED.sockets), autocommit=True
    ) as line:
        yield line


def use(name: str, *, role: str = "") -> None:
    """Point Django's connection at a database, as the owner or as another role."""
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.settings_dict["OPTIONS"].pop("assume_role", None)
    if role:
        connection.settings_dict["OPTIONS"]["assume_role"] = role


class RunDatabase:
    """The database of this run."""

    def __init__(self) -> None:
        self.name = f"{PREFIX}{os.getpid()}"
        self.template = TEMPLATE_PREFIX + schema_key()

    @property
    def url(self) -> str:
        """The database as another process reaches it, as the application's role."""
        return f"postgresql://{APPLICATION_ROLE}@/{self.name}?host={quote(str(settings.EMBEDDED.sockets))}"

    @property
    def owner_url(self) -> str:
        """The same, as the owner of the tables."""
        return self.url.replace(APPLICATION_ROLE, OWNER_ROLE)

    def make(self) -> None:
        """Make the template unless it is there, and the first copy."""
        with maintenance() as line:
            drop_leftovers(line, keep=self.template)
            line.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            made = "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate"
            if not line.execute(made, [self.template]).fetchone():
                build_template(line, self.template)
        self.renew()

    def renew(self) -> None:
        """Take a new copy of the template; whoever is connected to the old one is cut off."""
        with maintenance() as line:
            drop(line, self.name)
            copy = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            line.execute(copy.format(Identifier(self.name), Identifier(self.template)))
        use(self.name, role=APPLICATION_ROLE)

    def forget(self) -> None:
        """Drop the database, at the end of the run."""
        with maintenance() as line:
            drop(line, self.name)


def drop(line: psycopg.Connection, name: str) -> None:
    """Drop a database. A worker of the server's own that looks after it may not be cut off: it is waited for."""
    statement, until = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)), time.monotonic() + 30
    while True:
        try:
            line.execute(statement)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def build_template(line: psycopg.Connection, template: str) -> None:
    """Run the migrations in a new database and keep it as a template."""
    drop(line, template)
    line.execute(SQL("CREATE DATABASE {}").format(Identifier(template)))
    use(template)
    call_command("migrate", verbosity=0)
    use(DATABASE)
    line.execute(SQL("ALTER DATABASE {} WITH IS_TEMPLATE true").format(Identifier(template)))


def drop_leftovers(line: psycopg.Connection, *, keep: str) -> None:
    """Drop the databases of runs that were killed and, while nobody else runs, the templates of other migrations."""
    names = [row[0] for row in line.execute("SELECT datname FROM pg_database").fetchall()]
    runs = {name: int(name.removeprefix(PREFIX)) for name in names if name.startswith(PREFIX)}
    dead = [name for name, pid in runs.items() if not is_alive(pid)]
    for name in dead:
        drop(line, name)
    if len(dead) < len(runs):
        return
    for name in names:
        if name.startswith(TEMPLATE_PREFIX) and name != keep:
            line.execute(SQL("ALTER DATABASE {} WITH IS_TEMPLATE false").format(Identifier(name)))
            drop(line, name)
