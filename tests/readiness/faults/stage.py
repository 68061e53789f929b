"""Servers and workers of one test's own, to be killed at will: PostgreSQL, Valkey, Celery workers, beat.

Everything is a real process, and none outlives the run of the tests.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings

from rollout.embedded.layout import APPLICATION_ROLE, OWNER_ROLE, SUPERUSER, Layout
from rollout.embedded.postgres import Postgres, binaries
from rollout.embedded.processes import before_exec
from rollout.embedded.valkey import start_valkey

ROOT = Path(__file__).parents[3]
TEMPLATE, DATABASE = "stage_template", "stage"
PATIENCE = 120.0  # seconds that anything may take on a busy machine; what works is done within a few


def wait_for(what: str, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until the condition holds. Raises AssertionError that names it when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)


class Process:
    """A worker or a beat, with its log."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=before_exec(signal.SIGKILL),
            )

    def says(self, words: str) -> bool:
        """Whether the log holds these words. Raises AssertionError once the process has ended by itself."""
        assert self.child.poll() is None, f"it ended: {self.log.read_text()[-3000:]}"
        return words in self.log.read_text()

    def children(self) -> list[int]:
        """The processes that this one started: of a worker, its pool."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
        rows = [line.split() for line in listed.stdout.splitlines()]
        return [int(pid) for pid, parent, state in rows if int(parent) == self.child.pid and not state.startswith("Z")]

    def signal(self, number: signal.Signals) -> None:
        """Signal the process and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, number)

    def kill(self) -> None:
        """SIGKILL, as by a power cut."""
        self.signal(signal.SIGKILL)
        self.child.wait()


class Stage:
    """The servers of a test, and the processes it started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.layout = Layout(folder / "data", fsync=False)
        self.layout.data.mkdir()
        self.layout.sockets.mkdir(exist_ok=True)
        self.postgres = Postgres(self.layout)
        self.valkey: subprocess.Popen[bytes] | None = None
        self.processes: list[Process] = []

    # The database ----------------------------------------------------------------------------------------------------

    def address(self, role: str = APPLICATION_ROLE, database: str = DATABASE) -> str:
        """A database of the stage as other processes reach it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.layout.sockets))}"

    def line(self, role: str = OWNER_ROLE, database: str = DATABASE) -> psycopg.Connection:
        """A connection outside of transactions."""
        return psycopg.connect(self.address(role, database), autocommit=True)

    def make_template(self, source: str) -> None:
        """Start PostgreSQL and copy a database of the test servers into it."""
        self.postgres.start()
        with self.line(SUPERUSER, "postgres") as line:
            line.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER_ROLE}")
        dumped = subprocess.run(
            [binaries() / "pg_dump", "-h", settings.EMBEDDED.sockets, "-U", OWNER_ROLE, source],
            capture_output=True,
            check=True,
        )
        subprocess.run(
            [
                *(binaries() / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull),
                *("-h", self.layout.sockets, "-U", OWNER_ROLE, TEMPLATE),
            ],
            input=dumped.stdout,
            check=True,
        )

    def renew(self) -> None:
        """A fresh database, whoever is connected to the old one."""
        with self.line(SUPERUSER, "postgres") as line:
            line.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            line.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE} OWNER {OWNER_ROLE}")

    def crash_postgres(self) -> None:
        """An immediate shutdown, which throws every session out and replays the log, and a new start."""
        assert self.postgres.child is not None
        self.postgres.child.send_signal(signal.SIGQUIT)
        self.postgres.child.wait()
        self.postgres.start()

    def waiting(self) -> list[int]:
        """The sessions of workers that wait for a lock."""
        with self.line(SUPERUSER) as line:
            rows = line.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name = 'rollout-worker'"
                " AND wait_event_type = 'Lock'",
                [DATABASE],
            ).fetchall()
        return [pid for (pid,) in rows]

    # The broker ------------------------------------------------------------------------------------------------------

    @property
    def broker(self) -> str:
        """The address of the broker, which is the same after a restart."""
        return self.layout.valkey_url

    def start_broker(self) -> None:
        self.valkey = start_valkey(self.layout.valkey_socket, self.layout.log("valkey"))

    def kill_broker(self) -> None:
        """SIGKILL: whatever it held is gone."""
        assert self.valkey is not None
        self.valkey.kill()
        self.valkey.wait()

    # The processes ---------------------------------------------------------------------------------------------------

    def _start(self, name: str, *arguments: str) -> Process:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "rollout.settings",
            "DATABASE_URL": self.address(),
            "REDIS_URL": self.broker,
            "ROLLOUT_DATA": str(self.folder / "own"),  # elsewhere, so that nobody keeps our servers for us
            "ROLLOUT_LOCAL": "1",
            "PYTHONUNBUFFERED": "1",
        }
        log = self.layout.log(f"{name}-{len(self.processes)}")
        process = Process([sys.executable, "-m", "celery", "-A", "rollout", *arguments], environment, log)
        self.processes.append(process)
        return process

    def worker(self, children: int = 1) -> Process:
        """A Celery worker that is ready for work."""
        number = len(self.processes)
        worker = self._start(
            "worker",
            *("worker", "--concurrency", str(children), "--hostname", f"worker{number}@stage", "--loglevel", "INFO"),
        )
        wait_for("the worker is ready", lambda: worker.says(" ready."))
        return worker

    def beat(self) -> Process:
        """A beat with a schedule of its own."""
        state = self.layout.data / f"beat-{len(self.processes)}"
        return self._start("beat", "beat", "--schedule", str(state), "--loglevel", "INFO")

    def clear(self) -> None:
        """End every process of the test, and the broker."""
        for process in self.processes:
            process.kill()
        self.processes.clear()
        if self.valkey is not None and self.valkey.poll() is None:
            self.kill_broker()


@contextlib.contextmanager
def holding_up(stage: Stage, deployment: int, day: object, model: int) -> Iterator[None]:
    """Hold up whoever writes the score of this deployment and day, in the middle of its chunk, until the end."""
    with psycopg.connect(stage.address(OWNER_ROLE)) as line:
        line.execute(
            "INSERT INTO readiness_readinessscore (deployment_id, day, model_id, revision, provisional, computed_at,"
            " reason, score, raw, coverage, band, caps, domains, indicators, digest)"
            " VALUES (%s, %s, %s, 1, false, now(), '', 0, 0, 0, 'ready', '[]', '{}', '{}', '')",
            [deployment, day, model],
        )
        yield
        with contextlib.suppress(psycopg.OperationalError):  # where the server has crashed
            line.rollback()
