"""The demo's life: it starts, it is stopped, it is killed, and nothing is left behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from rollout.embedded.processes import is_alive
from tools import demo

pytestmark = pytest.mark.faults
PATIENCE_SECONDS = 60  # a busy machine takes its time; nothing waits longer than it must


class Site:
    """A demo in a data folder of its own, whose sample counts as loaded."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as line:
            line.bind(("127.0.0.1", 0))
            self.port = line.getsockname()[1]
        self.process: subprocess.Popen[str] | None = None
        data.mkdir(exist_ok=True)
        (data / "welcome.txt").write_text("Welcome.")

    def start(self) -> None:
        """Start it, and wait until it says that everything stands."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE",)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.demo"],
            cwd=settings.BASE_DIR,
            env={**kept, "ROLLOUT_DATA": str(self.data), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                return
        pytest.fail("".join(said))

    def status(self) -> int:
        with urllib.request.urlopen(f"http://localhost:{self.port}/log-in/", timeout=60) as answer:
            return answer.status

    def processes(self) -> dict[int, str]:
        """Every process that works for this data folder, by the folder in its environment or command."""
        mark = os.fsencode(self.data)
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            if int(folder.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes()
                if words and (mark in words or mark in (folder / "environ").read_bytes()):
                    found[int(folder.name)] = words.replace(b"\0", b" ").decode()
        return found

    def signal(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_SECONDS)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGTERM)


def at_work(site: Site) -> list[int]:
    """The web server's master and two workers, the task worker and the two of its pool, and beat."""
    return [pid for pid, command in site.processes().items() if "-m gunicorn" in command or "-m celery" in command]


def wait_until(fact: Callable[[], object], what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        assert time.monotonic() < deadline, f"waited in vain: {what()}"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """The folder that each demo here finds as the one before left it: only the first makes its database."""
    with tempfile.TemporaryDirectory(prefix="rollout-") as folder:
        yield Path(folder, "data")


@pytest.fixture
def site(data: Path) -> Iterator[Site]:
    made = Site(data)
    yield made
    made.end()
    wait_until(lambda: not made.processes(), made.processes)


def test_ctrl_c_stops_everything(site: Site) -> None:
    site.start()
    status = site.status()
    commands = " ".join(site.processes().values())

    code = site.signal(signal.SIGINT)

    assert status == 200
    assert all(word in commands for word in ("gunicorn", "worker", "beat", "postgres", "valkey-server"))
    assert code == 0
    wait_until(lambda: not site.processes(), site.processes)
    assert not (site.data / "postgres-18" / "postmaster.pid").exists()


@pytest.mark.night
def test_killed_demo_leaves_nothing_and_starts_again(site: Site) -> None:
    """The second time its processes stand still, so that none gets as far as reading a kinder signal."""
    site.start()

    code = site.signal(signal.SIGKILL)
    site.start()

    assert code == -signal.SIGKILL
    assert site.status() == 200
    wait_until(lambda: len(at_work(site)) == 7, site.processes)
    deaf = at_work(site)
    for pid in deaf:
        os.kill(pid, signal.SIGSTOP)

    site.signal(signal.SIGKILL)

    wait_until(lambda: not site.processes(), site.processes)
    assert not any(is_alive(pid) for pid in deaf)


def test_welcome_names_the_port_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = "Open http://localhost:8000/ and log in:\n  http://localhost:8000/p/EPR/\n  https://example.org:8000/"
    monkeypatch.setattr(demo, "ADDRESS", "http://localhost:8123/")

    said = demo.welcome(kept)

    assert (
        said == "Open http://localhost:8123/ and log in:\n  http://localhost:8123/p/EPR/\n  https://example.org:8000/"
    )


@pytest.mark.night
def test_port_in_use_is_said(site: Site) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", site.port))
        line.listen()

        with pytest.raises(pytest.fail.Exception, match=f"Port {site.port} is in use"):
            site.start()
