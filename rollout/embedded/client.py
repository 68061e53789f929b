"""Joining the embedded servers: start a keeper when there is none, and hold on to it as long as this process lives."""

import atexit
import fcntl
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from .layout import Layout
from .processes import EmbeddedServerError

JOIN_SECONDS = 120.0
START_SECONDS = 60.0  # until a new keeper listens, which waits for an old one to stop its servers

_held: dict[Path, socket.socket] = {}
_guard = threading.Lock()


def join(layout: Layout) -> None:
    """Have the servers of this folder running until this process ends. Cheap when it has joined already.

    Raises EmbeddedServerError with words for the person at the terminal.
    """
    with _guard:
        if layout.data not in _held:
            _held[layout.data] = connect(layout)


def leave(layout: Layout) -> None:
    """Let go of the servers; they stop once nobody holds them. A process that ends does this by itself."""
    with _guard:
        line = _held.pop(layout.data, None)
    if line:
        line.close()


def leave_all() -> None:
    """Let go of every folder joined."""
    for data in list(_held):
        leave(Layout(data))


atexit.register(leave_all)


def connect(layout: Layout) -> socket.socket:
    """A connection to the keeper of this folder, started if need be, once its servers are ready."""
    layout.data.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + JOIN_SECONDS
    while time.monotonic() < deadline:
        line = _call(layout) or _start_and_call(layout)
        if _is_ready(line):
            return line
        line.close()  # the keeper was about to end: the next one serves us
    raise EmbeddedServerError(f"The embedded servers did not start: see the logs in {layout.data}")


def _call(layout: Layout) -> socket.socket | None:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(JOIN_SECONDS)
    try:
        line.connect(str(layout.keeper_socket))
    except OSError:
        line.close()
        return None
    return line


def _start_and_call(layout: Layout) -> socket.socket:
    """Start a keeper, unless somebody else does at this moment, and connect to it."""
    with layout.starter_lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if line := _call(layout):
            return line
        log = layout.log("keeper")
        keeper = _spawn(layout, log)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            ended = keeper.poll() is not None
            if line := _call(layout):
                return line
            if ended:
                break
            time.sleep(0.02)
    raise EmbeddedServerError(f"The embedded servers did not start: see {log}")


def _spawn(layout: Layout, log: Path) -> subprocess.Popen[bytes]:
    """A keeper in a session of its own, so that Ctrl-C in our terminal does not reach it or its servers."""
    root = Path(__file__).resolve().parent.parent.parent
    arguments = [str(layout.data), "fsync" if layout.fsync else "no-fsync", str(layout.linger_seconds)]
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "rollout.embedded.keeper", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=root,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
            start_new_session=True,
        )


def _is_ready(line: socket.socket) -> bool:
    """Wait for the keeper's word. False when it ends instead; raises EmbeddedServerError when it says why not."""
    said = b""
    try:
        while not said.endswith(b"\n"):
            part = line.recv(4096)
            if not part:
                return False
            said += part
    except TimeoutError:
        raise EmbeddedServerError("The embedded servers take too long to start.") from None
    except OSError:
        return False
    message = json.loads(said)
    if "error" in message:
        raise EmbeddedServerError(message["error"])
    return True
