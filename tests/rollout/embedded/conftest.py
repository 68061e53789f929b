"""Data folders of their own, and processes that join the servers in them."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from rollout.embedded.layout import OWNER_ROLE, Layout
from rollout.embedded.processes import is_alive

PATIENCE_SECONDS = 60
JOINER = """
import sys, time
from pathlib import Path
from rollout.embedded.client import join
from rollout.embedded.layout import Layout
join(Layout(Path(sys.argv[1]), fsync=False, linger_seconds=0.5))
print("joined", flush=True)
time.sleep(600)
"""


def wait_until(fact: Callable[[], object], what: str) -> None:
    """Wait for something to become true; what has not happened after a minute will not happen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


class Joiners:
    """Processes that hold the servers of one data folder."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.processes: list[subprocess.Popen[str]] = []

    def launch(self) -> subprocess.Popen[str]:
        """Start one, without waiting for it."""
        process = subprocess.Popen(
            [sys.executable, "-c", JOINER, str(self.layout.data)],
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def join(self) -> subprocess.Popen[str]:
        """Start one, and wait until its servers are ready."""
        process = self.launch()
        assert self.is_ready(process)
        return process

    @staticmethod
    def is_ready(process: subprocess.Popen[str]) -> bool:
        assert process.stdout
        return process.stdout.readline() == "joined\n"

    def keeper(self) -> int:
        """The process number of the keeper: the child of nobody that names our folder."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if b"rollout.embedded.keeper" in words and os.fsencode(self.layout.data) in words:
                    return int(folder.name)
        return 0

    def postgres(self) -> int:
        return int((self.layout.cluster / "postmaster.pid").read_text().split("\n")[0])

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        if keeper := self.keeper():
            os.kill(keeper, signal.SIGTERM)
            wait_until(lambda: not is_alive(keeper), "the keeper ends")


def query(layout: Layout, statement: str) -> list[tuple]:
    """Run a statement as the owner of the database; nothing when it returns no rows."""
    with psycopg.connect(dbname="rollout", user=OWNER_ROLE, host=str(layout.sockets), autocommit=True) as line:
        cursor = line.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def layout() -> Iterator[Layout]:
    """An empty data folder, with a path short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="rollout-") as folder:
        yield Layout(Path(folder, "data"), fsync=False)


@pytest.fixture
def joiners(layout: Layout) -> Iterator[Joiners]:
    made = Joiners(layout)
    yield made
    made.end()
